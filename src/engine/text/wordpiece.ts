// BERT's tokenizer: clean, isolate ideographs, strip accents, lower-case, split on spaces and punctuation, then
// greedy longest-match WordPiece. Equal to Hugging Face's Rust tokenizers, token for token and offset for offset.
// All of it is local to the text between two spaces, which is cached: most words recur.
import { type AddedToken, createMatcher } from './added-tokens.ts';
import { type Normalized, type NormalizerSettings, normalize, type Span, splitWords } from './normalize.ts';
import { type CommonTokenizer, idOfSpecial, type Offsets, type Template, type TokenizedText } from './tokenizer.ts';

export interface TokenizerSettings {
  /** Token to id; a list's ids are its positions. */
  readonly vocabulary: ReadonlyMap<string, number> | readonly string[];
  readonly lowercase?: boolean;
  /** null: as `lowercase`. */
  readonly stripAccents?: boolean | null;
  readonly chineseChars?: boolean;
  readonly cleanText?: boolean;
  readonly unknownToken?: string;
  readonly maxCharsPerWord?: number;
  /** Recognised whole, anywhere in a text; by default the five special tokens, as far as the vocabulary has them. */
  readonly addedTokens?: readonly AddedToken[];
}

export interface WordPieceTokenizer extends CommonTokenizer {
  readonly kind: 'wordpiece';
  readonly lowercase: boolean;
  readonly stripAccents: boolean | null;
  readonly chineseChars: boolean;
}

export const SPECIAL_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

const TEMPLATE: Template = { separators: 1, secondType: 1 };

/** Tokens of a stretch of text, offsets counted from its start. */
interface Pieces {
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
}

interface Settings extends NormalizerSettings {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownToken: string;
  readonly maxCharsPerWord: number;
  readonly addedTokens: readonly AddedToken[];
}

/** Between white space. What cleaning removes parts no words, though Unicode calls some of it white space. */
const CLEAN_CHUNK = /[^\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const RAW_CHUNK = /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

const CACHED_LENGTH = 40;
const CACHED_ENTRIES = 200_000;

/** @throws WinnowError `bad-model` where the vocabulary lacks a special token. */
export function createTokenizer(options: TokenizerSettings): WordPieceTokenizer {
  const settings = completeSettings(options);
  const { lowercase, chineseChars, addedTokens } = settings;
  const vocabulary = new Map([...settings.vocabulary, ...addedTokens.map(({ content, id }) => [content, id] as const)]);
  const tokenOf = new Map([...vocabulary].map(([token, id]) => [id, token]));
  const originalAdded = createMatcher(addedTokens.filter((token) => !token.normalized));
  const piecesOf = createChunkTokenizer(settings);
  const chunk = settings.cleanText ? CLEAN_CHUNK : RAW_CHUNK;

  function encode(text: string): TokenizedText {
    const ids: number[] = [];
    const offsets: Offsets[] = [];
    for (const section of originalAdded(text)) {
      if (section.id !== null) {
        ids.push(section.id);
        offsets.push([section.start, section.end]);
        continue;
      }
      for (const match of text.slice(section.start, section.end).matchAll(chunk)) {
        const pieces = piecesOf(match[0]);
        const shift = section.start + match.index;
        for (let i = 0; i < pieces.ids.length; i++) {
          ids.push(pieces.ids[i]!);
          offsets.push([shift + pieces.starts[i]!, shift + pieces.ends[i]!]);
        }
      }
    }
    return { ids, tokens: ids.map((id) => tokenOf.get(id)!), offsets };
  }

  return {
    kind: 'wordpiece',
    vocabulary,
    specialIds: {
      pad: idOfSpecial(vocabulary, '[PAD]'),
      unknown: idOfSpecial(vocabulary, settings.unknownToken),
      cls: idOfSpecial(vocabulary, '[CLS]'),
      sep: idOfSpecial(vocabulary, '[SEP]'),
      mask: vocabulary.get('[MASK]') ?? null,
    },
    template: TEMPLATE,
    lowercase,
    stripAccents: options.stripAccents ?? null,
    chineseChars,
    encode,
  };
}

function completeSettings({ vocabulary: given, ...options }: TokenizerSettings): Settings {
  const vocabulary = new Map(isList(given) ? given.map((token, id) => [token, id]) : given);
  const special = SPECIAL_TOKENS.filter((token) => vocabulary.has(token));
  const lowercase = options.lowercase ?? true;
  return {
    vocabulary,
    lowercase,
    stripAccents: options.stripAccents ?? lowercase,
    chineseChars: options.chineseChars ?? true,
    cleanText: options.cleanText ?? true,
    unknownToken: options.unknownToken ?? '[UNK]',
    maxCharsPerWord: options.maxCharsPerWord ?? 100,
    addedTokens:
      options.addedTokens ?? special.map((content) => ({ content, id: vocabulary.get(content)!, normalized: false })),
  };
}

const isList = (vocabulary: TokenizerSettings['vocabulary']): vocabulary is readonly string[] =>
  Array.isArray(vocabulary);

function createChunkTokenizer(settings: Settings): (chunk: string) => Pieces {
  const cache = new Map<string, Pieces>();
  const normalizedAdded = createMatcher(
    settings.addedTokens
      .filter((token) => token.normalized)
      .map((token) => ({ ...token, content: normalize(token.content, settings).text })),
  );

  function tokenize(chunk: string): Pieces {
    const normalized = normalize(chunk, settings);
    const pieces: Pieces = { ids: [], starts: [], ends: [] };
    for (const { start, end, id } of normalizedAdded(normalized.text)) {
      if (id !== null) addPiece(pieces, normalized, { id, start, end });
      else for (const word of splitWords(normalized.text, start, end)) addWord(pieces, normalized, word, settings);
    }
    return pieces;
  }

  return (chunk) => {
    const known = cache.get(chunk);
    if (known) return known;
    const pieces = tokenize(chunk);
    if (cache.size >= CACHED_ENTRIES) cache.clear();
    if (chunk.length <= CACHED_LENGTH) cache.set(chunk, pieces);
    return pieces;
  };
}

/** Greedy longest match; a word with any unknown piece is one unknown token. */
function addWord(pieces: Pieces, normalized: Normalized, [wordStart, wordEnd]: Span, settings: Settings): void {
  const { vocabulary, unknownToken, maxCharsPerWord } = settings;
  const word = normalized.text.slice(wordStart, wordEnd);
  const known =
    word.length > maxCharsPerWord && [...word].length > maxCharsPerWord ? null : matchPieces(word, vocabulary);
  const found = known ?? [{ id: vocabulary.get(unknownToken)!, start: 0, end: word.length }];
  for (const { id, start, end } of found) {
    addPiece(pieces, normalized, { id, start: wordStart + start, end: wordStart + end });
  }
}

interface Piece {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

function matchPieces(word: string, vocabulary: ReadonlyMap<string, number>): Piece[] | null {
  const found: Piece[] = [];
  for (let start = 0; start < word.length; ) {
    let end = word.length;
    let id: number | undefined;
    for (; end > start; end--) {
      const piece = word.slice(start, end);
      id = vocabulary.get(start === 0 ? piece : `##${piece}`);
      if (id !== undefined) break;
    }
    if (id === undefined) return null;
    found.push({ id, start, end });
    start = end;
  }
  return found;
}

function addPiece(pieces: Pieces, { starts, ends }: Normalized, { id, start, end }: Piece): void {
  pieces.ids.push(id);
  pieces.starts.push(starts[start]!);
  pieces.ends.push(ends[end - 1]!);
}
