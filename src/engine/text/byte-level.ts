// Byte-level BPE (GPT-2's and RoBERTa's tokenizer; Radford et al. 2019): words with the space before them, as the bytes
// of their UTF-8, each of which is written as a printable character, and these merged. Nothing is unknown to it. Equal to
// Hugging Face's Rust tokenizers, token for token and offset for offset. Words are cached: most recur.
import { type AddedToken, createMatcher } from './added-tokens.ts';
import { createMerger, type Merge, type Symbols } from './bpe.ts';
import { type CommonTokenizer, idOfSpecial, type Offsets, type Template, type TokenizedText } from './tokenizer.ts';

export interface ByteLevelSettings {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly merges: readonly Merge[];
  /** A space before a text that starts with none, so that its first word is as any other. */
  readonly addPrefixSpace?: boolean;
  /** How offsets leave out spaces; null: they do not. */
  readonly trimming?: Trimming | null;
  /** For bytes that the vocabulary lacks; null, as usual: they are left out. */
  readonly unknownToken?: string | null;
  /** By default RoBERTa's special tokens, as far as the vocabulary has them. */
  readonly addedTokens?: readonly AddedToken[];
}

export interface Trimming {
  /** A single space at the start of a text stays, as if it had been added. */
  readonly addPrefixSpace: boolean;
}

export interface ByteLevelTokenizer extends CommonTokenizer {
  readonly kind: 'byte-level';
  /** Without what was added to it. */
  readonly pieces: ReadonlyMap<string, number>;
  readonly merges: readonly Merge[];
  readonly addPrefixSpace: boolean;
  readonly trimming: Trimming | null;
  readonly unknownToken: string | null;
  readonly addedTokens: readonly AddedToken[];
  // It folds nothing.
  readonly lowercase: false;
  readonly stripAccents: false;
  readonly chineseChars: false;
}

export const BYTE_LEVEL_SPECIALS = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'] as const;

/** RoBERTa: `<s> a </s></s> b </s>`, all of one type. */
const TEMPLATE: Template = { separators: 2, secondType: 0 };

/** Byte to character: itself where it prints, else the next one from U+0100 on. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  const prints = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(prints(byte) ? byte : next++));
})();

/**
 * Letters and numbers of Unicode 17, which the crate's tables (16) do not have yet, whereas \p{…} follows the browser.
 * Read off the crate (0.23), code point by code point; the tests compare it again.
 */
const LATER = String.raw`\u{88f}\u{c5c}\u{cdc}\u{a7ce}\u{a7cf}\u{a7d2}\u{a7d4}\u{a7f1}\u{10940}-\u{10959}\u{10ec5}-\u{10ec7}\u{11db0}-\u{11ddb}\u{11de0}-\u{11de9}\u{16ea0}-\u{16eb8}\u{16ebb}-\u{16ed3}\u{16ff2}-\u{16ff6}\u{187f8}-\u{187ff}\u{18d09}-\u{18d1e}\u{18d80}-\u{18df2}\u{1e6c0}-\u{1e6de}\u{1e6e0}-\u{1e6e2}\u{1e6e4}\u{1e6e5}\u{1e6e7}-\u{1e6ed}\u{1e6f0}-\u{1e6f4}\u{1e6fe}\u{1e6ff}\u{2b73a}-\u{2b73f}\u{2cea2}-\u{2cead}\u{323b0}-\u{33479}`;

/** GPT-2's pattern; what \s is to the crate is White_Space, unlike in JavaScript. */
const WORDS = (() => {
  const [space, letter, digit] = [String.raw`\p{White_Space}`, `[\\p{L}--[${LATER}]]`, `[\\p{N}--[${LATER}]]`];
  const runs = [letter, digit, `[^${space}${letter}${digit}]`].map((one) => ` ?${one}+`);
  return new RegExp(["'(?:[stmd]|re|ve|ll)", ...runs, `${space}+(?!${`[^${space}]`})`, `${space}+`].join('|'), 'gv');
})();

/** The stretches of a text within which pairs may merge: all of it, space and all. */
export const stretchesOf = (text: string) => text.matchAll(WORDS);

const CACHED_LENGTH = 40;
const CACHED_ENTRIES = 200_000;

/** @throws WinnowError `bad-model` where the vocabulary lacks a special token or what a merge makes. */
export function createByteLevelTokenizer(settings: ByteLevelSettings): ByteLevelTokenizer {
  const { vocabulary: pieces, merges, addPrefixSpace = false, trimming = null, unknownToken = null } = settings;
  const { addedTokens = usualTokens(pieces) } = settings;
  const vocabulary = new Map([...pieces, ...addedTokens.map(({ content, id }) => [content, id] as const)]);
  const tokenOf = new Map([...vocabulary].map(([token, id]) => [id, token]));
  const symbolsOf = createWordTokenizer(pieces, merges, unknownToken);
  const sectionsOf = createSectioner(addedTokens);
  const trim = trimming && createTrimmer(pieces, trimming);

  function encode(text: string): TokenizedText {
    const ids: number[] = [];
    const offsets: Offsets[] = [];
    const add = (id: number, start: number, end: number, isAdded: boolean) => {
      const isFirst = ids.length === 0 || start === 0;
      offsets.push(trim ? trim(text, { id, start, end, isFirst, isAdded }) : [start, end]);
      ids.push(id);
    };
    for (const { id, start, end } of sectionsOf(text)) {
      if (id !== null) {
        add(id, start, end, true);
        continue;
      }
      const section = text.slice(start, end);
      const prefix = addPrefixSpace && section !== '' && !section.startsWith(' ') ? ' ' : '';
      const firstEnd = start + (prefix === '' ? 0 : widthAt(section, 0)); // a space put before it belongs to the first character
      for (const match of stretchesOf(prefix + section)) {
        const { ids: found, starts, ends } = symbolsOf(match[0]);
        const shift = start + match.index - prefix.length;
        for (let i = 0; i < found.length; i++) {
          add(found[i]!, Math.max(shift + starts[i]!, start), Math.max(shift + ends[i]!, firstEnd), false);
        }
      }
    }
    return { ids, tokens: ids.map((id) => tokenOf.get(id)!), offsets };
  }

  return {
    kind: 'byte-level',
    vocabulary,
    pieces,
    merges,
    addPrefixSpace,
    trimming,
    unknownToken,
    addedTokens,
    specialIds: {
      pad: idOfSpecial(vocabulary, '<pad>'),
      unknown: unknownToken === null ? null : idOfSpecial(vocabulary, unknownToken),
      cls: idOfSpecial(vocabulary, '<s>'),
      sep: idOfSpecial(vocabulary, '</s>'),
      mask: vocabulary.get('<mask>') ?? null,
    },
    template: TEMPLATE,
    lowercase: false,
    stripAccents: false,
    chineseChars: false,
    encode,
  };
}

/** The mask takes the space before it along, as a word would. */
function usualTokens(vocabulary: ReadonlyMap<string, number>): AddedToken[] {
  return BYTE_LEVEL_SPECIALS.flatMap((content) => {
    const id = vocabulary.get(content);
    return id === undefined ? [] : [{ content, id, normalized: false, lstrip: content === '<mask>' }];
  });
}

/** Those that are sought in the original first, then, in what is left, those of the normalised text, which is the same. */
function createSectioner(tokens: readonly AddedToken[]) {
  const original = createMatcher(tokens.filter(({ normalized }) => !normalized));
  const normalized = createMatcher(tokens.filter((token) => token.normalized));
  return (text: string) =>
    original(text).flatMap((section) => {
      if (section.id !== null) return [section];
      const { start } = section;
      const inner = normalized(text.slice(start, section.end));
      return inner.map(({ id, ...at }) => ({ id, start: start + at.start, end: start + at.end }));
    });
}

/** The symbols of a word, their places in UTF-16 code units of it. */
function createWordTokenizer(
  vocabulary: ReadonlyMap<string, number>,
  merges: readonly Merge[],
  unknownToken: string | null,
): (word: string) => Symbols {
  const merge = createMerger(vocabulary, merges);
  const unknown = unknownToken === null ? undefined : vocabulary.get(unknownToken);
  const idOfByte = BYTE_CHARACTERS.map((character) => vocabulary.get(character) ?? unknown);
  const cache = new Map<string, Symbols>();

  /** A part of a character's bytes stands for all of it. */
  function bytesOf(word: string): Symbols {
    const [ids, starts, ends]: [number[], number[], number[]] = [[], [], []];
    for (let start = 0; start < word.length; start += widthAt(word, start)) {
      for (const byte of utf8(word.codePointAt(start)!)) {
        const id = idOfByte[byte];
        if (id === undefined) continue;
        ids.push(id);
        starts.push(start);
        ends.push(start + widthAt(word, start));
      }
    }
    return { ids, starts, ends };
  }

  return (word) => {
    const known = cache.get(word);
    if (known) return known;
    const symbols = merge(bytesOf(word));
    if (cache.size >= CACHED_ENTRIES) cache.clear();
    if (word.length <= CACHED_LENGTH) cache.set(word, symbols);
    return symbols;
  };
}

/** Code units of the character there. */
const widthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/** Half a surrogate pair, which UTF-8 cannot carry, is U+FFFD. */
function utf8(codePoint: number): readonly number[] {
  const point = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
  const tail = (shift: number) => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}

interface Placed {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Of all tokens, or at the start of the text. */
  readonly isFirst: boolean;
  /** Found whole, with whatever spaces it took along. */
  readonly isAdded: boolean;
}

/** Offsets without the spaces at either end of the token, counted in characters. */
function createTrimmer(pieces: ReadonlyMap<string, number>, { addPrefixSpace }: Trimming) {
  const spacesOf = new Map<number, Spaces>();
  for (const [token, id] of pieces) {
    const spaces = spacesAround(token);
    if (spaces.before > 0 || spaces.after > 0) spacesOf.set(id, spaces);
  }
  return (text: string, { id, start, end, isFirst, isAdded }: Placed): Offsets => {
    const spaces = isAdded ? spacesAround(text.slice(start, end)) : spacesOf.get(id);
    if (!spaces) return [start, end];
    let [from, to] = [start, end];
    const before = isFirst && addPrefixSpace && spaces.before === 1 ? 0 : spaces.before;
    for (let n = 0; n < before && from < end; n++) from += widthAt(text, from);
    for (let n = 0; n < spaces.after && to > from; n++) to -= isPairAt(text, to - 2) ? 2 : 1;
    return [from, to];
  };
}

interface Spaces {
  readonly before: number;
  readonly after: number;
}

/** As bytes are written, a space is Ġ. */
function spacesAround(token: string): Spaces {
  const before = /^[Ġ\p{White_Space}]*/u.exec(token)?.[0].length ?? 0;
  const after = /[Ġ\p{White_Space}]*$/u.exec(token)?.[0].length ?? 0;
  return { before, after };
}

const isPairAt = (text: string, at: number): boolean => at >= 0 && widthAt(text, at) === 2;
