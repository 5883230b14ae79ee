import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTokenizer } from '../../../src/engine/text/vocabulary.ts';
import { createTokenizer } from '../../../src/engine/text/wordpiece.ts';
import { SPECIALS, tokenizerOf } from './fixtures.ts';
import { expectSameTokens, loadOracle, type OracleJson, tokenizerJson } from './oracle.ts';

const bert = readTokenizer({ 'tokenizer.json': tokenizerJson });
const tokensOf = (text: string) => bert.encode(text).tokens;
const slicesOf = (text: string) => bert.encode(text).offsets.map(([start, end]) => text.slice(start, end));

describe('WordPiece', () => {
  it('takes the longest known piece first, then continues with ##', () => {
    const tokenizer = tokenizerOf(['un', 'unaff', '##aff', '##able']);
    expect(tokenizer.encode('unaffable')).toEqual({
      ids: [6, 8],
      tokens: ['unaff', '##able'],
      offsets: [
        [0, 5],
        [5, 9],
      ],
    });
  });

  it('turns a word with one unknown piece into one unknown token', () => {
    expect(tokenizerOf(['un']).encode('un unx')).toMatchObject({
      tokens: ['un', '[UNK]'],
      offsets: [
        [0, 2],
        [3, 6],
      ],
    });
  });

  it('takes words of up to 100 characters, counted in code points', () => {
    const tokenizer = tokenizerOf(['a', '##a', '😀', '##😀']);
    expect(tokenizer.encode('a'.repeat(100)).ids).toHaveLength(100);
    expect(tokenizer.encode('😀'.repeat(100)).ids).toHaveLength(100);
    expect(tokenizer.encode('a'.repeat(101)).tokens).toEqual(['[UNK]']);
  });

  it('maps offsets back over accents, removed characters and surrogate pairs', () => {
    expect(tokensOf('😀 Café\u0301s\u200b-x')).toEqual(['[UNK]', 'cafes', '-', 'x']);
    expect(slicesOf('😀 Café\u0301s\u200b-x')).toEqual(['😀', 'Café\u0301s', '-', 'x']);
  });

  it('isolates ideographs, those beyond U+20000 too', () => {
    expect(slicesOf('a中文b𠀀c')).toEqual(['a', '中', '文', 'b', '𠀀', 'c']);
  });

  it('keeps special tokens whole wherever they stand', () => {
    expect(tokensOf('a[SEP]B [mask]')).toEqual(['a', '[SEP]', 'b', '[', 'mask', ']']);
  });

  it('keeps case and accents where told to', () => {
    const cased = createTokenizer({ vocabulary: [...SPECIALS, 'É', 'É!', 'e'], lowercase: false });
    expect(cased.encode('É! e').tokens).toEqual(['É', '[UNK]', 'e']);
    const stripped = createTokenizer({ vocabulary: [...SPECIALS, 'E'], lowercase: false, stripAccents: true });
    expect(stripped.encode('É').tokens).toEqual(['E']);
  });

  it('treats half a surrogate pair as absent', () => {
    expect(bert.encode('wo\ud800rd')).toEqual({ ...bert.encode('word'), offsets: [[0, 5]] });
  });

  it('names a missing special token', () => {
    expect(() => createTokenizer({ vocabulary: ['[PAD]', '[UNK]', '[CLS]'] })).toThrow(
      'vocabulary: expected the token [SEP], got 3 tokens without it.',
    );
  });

  it('offsets rise, never overlap and cut out what the token says', () => {
    const letters = fc.constantFrom(...'aáÁ ñéö-!.:\t9Zz中\u200b');
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 40 }), (text) => {
        let previousEnd = 0;
        const { tokens, offsets } = bert.encode(text);
        offsets.forEach(([start, end], i) => {
          expect(start).toBeGreaterThanOrEqual(previousEnd);
          previousEnd = end;
          const folded = text
            .slice(start, end)
            .normalize('NFD')
            .replace(/[\p{Mn}\u200b]/gu, '')
            .toLowerCase();
          if (tokens[i] !== '[UNK]') expect(folded).toBe(tokens[i]!.replace(/^##/, ''));
        });
      }),
    );
  });
});

const oracle = await loadOracle();
const needsOracle = oracle ? '' : ' (skipped: the binding of `tokenizers` does not load here)';

/** The same change applied to both sides. */
async function bothSides(change: (json: OracleJson) => void) {
  const theirs = (await loadOracle(change))!;
  return { theirs, ours: readTokenizer({ 'tokenizer.json': theirs.json }) };
}

const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom(' ', 'Hello', 'naïve', '[SEP]', '[MASK]', 'COVID', "don't", '한국어', '中', 'İ', '\u0301', '\n'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe(`WordPiece against Hugging Face's Rust tokenizers${needsOracle}`, () => {
  it.skipIf(!oracle)('every code point that is no bulk of ideographs, syllables or private use', async () => {
    const bulk = [
      [0x3500, 0x4d00],
      [0x4f00, 0x9f00],
      [0xad00, 0xd700],
      [0xd800, 0xdfff],
      [0xe100, 0xf800],
    ] as const;
    const points = Array.from({ length: 0x20000 }, (_, i) => i).filter((p) => !bulk.some(([a, b]) => p >= a && p <= b));
    for (const edge of [0x2a6df, 0x2b73f, 0x2b81f, 0x2b920, 0x2ceaf, 0x2f800, 0x2fa1f, 0xe01ef, 0xf0000, 0x10fffd]) {
      points.push(edge - 1, edge, edge + 1);
    }
    const characters = points.map((point) => String.fromCodePoint(point));
    // Letters that fold to something else must be known, or [UNK] would hide what they fold to.
    const foldings = (c: string) => [c.toLowerCase(), c.normalize('NFD'), c.normalize('NFD').toLowerCase()];
    const changed = new Set(
      characters.flatMap((c) => foldings(c).filter((folded) => folded !== c)).flatMap((folded) => [...folded]),
    );
    const sides = await bothSides(({ model: { vocab } }) => {
      let id = Object.keys(vocab).length;
      for (const piece of [...changed].flatMap((c) => [c, `##${c}`])) vocab[piece] ??= id++;
    });
    await expectSameTokens(sides.ours, sides.theirs, characters.map((c) => `a${c}b`).join(' '));
  });

  const settings = [
    {},
    { lowercase: false },
    { lowercase: false, strip_accents: true },
    { strip_accents: false, handle_chinese_chars: false },
    { clean_text: false },
  ];
  it.skipIf(!oracle).each(settings)('any text, with %o', async (setting) => {
    const { ours, theirs } = await bothSides(({ normalizer, added_tokens }) => {
      Object.assign(normalizer, setting);
      const flags = { single_word: false, lstrip: false, rstrip: false, special: false };
      added_tokens.push({ id: 30522, content: 'COVID', normalized: true, ...flags });
    });
    await fc.assert(
      fc.asyncProperty(anyText, (text) => expectSameTokens(ours, theirs, text.replace(/\p{Cs}/gu, ''))),
      { numRuns: 150 },
    );
  });

  const data = new URL('../../../../shared/data/', import.meta.url);
  const isHere = existsSync(data);
  it.skipIf(!oracle || !isHere)(`SST-2 and SQuAD${isHere ? '' : ' (skipped: needs ../shared/data)'}`, async () => {
    const { ours, theirs } = await bothSides(() => undefined);
    for (const name of ['sst2/dev.tsv', 'squad/dev-articles.json']) {
      const lines = readFileSync(new URL(name, data), 'utf8').split(/\n|"context"/);
      expect(lines.length).toBeGreaterThan(100);
      for (const line of lines) await expectSameTokens(ours, theirs, line);
    }
  });
});
