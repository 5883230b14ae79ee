import { describe, expect, it } from 'vitest';
import { WinnowError } from '../../../src/engine/error.ts';
import { encodeTexts } from '../../../src/engine/text/classification.ts';
import { readTokenizer, tokenizerConfig, vocabularyLines } from '../../../src/engine/text/vocabulary.ts';
import { SPECIALS } from './fixtures.ts';
import { tokenizerJson } from './oracle.ts';

const lines = [...SPECIALS, 'hello', 'Hello', '##s'];
const vocabTxt = `${lines.join('\n')}\n`;

function jsonWith(change: (json: Record<string, unknown>) => void): string {
  const json = {
    added_tokens: SPECIALS.map((content, id) => ({ id, content, special: true, normalized: false })),
    truncation: { max_length: 4 },
    normalizer: { type: 'BertNormalizer', lowercase: false, strip_accents: null, handle_chinese_chars: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: { type: 'WordPiece', unk_token: '[UNK]', vocab: Object.fromEntries(lines.map((line, id) => [line, id])) },
  };
  change(json);
  return JSON.stringify(json);
}

/** Fails where it is of another kind. */
function readWordPiece(...given: Parameters<typeof readTokenizer>) {
  const tokenizer = readTokenizer(...given);
  if (tokenizer.kind !== 'wordpiece') throw new Error(`expected WordPiece, got ${tokenizer.kind}`);
  return tokenizer;
}

describe('reading a tokenizer', () => {
  it('vocab.txt counts ids by line and lower-cases unless the config says otherwise', () => {
    expect(readTokenizer({ 'vocab.txt': vocabTxt }).encode('Hellos').ids).toEqual([5, 7]);
    const cased = {
      'vocab.txt': vocabTxt.replaceAll('\n', '\r\n'),
      'tokenizer_config.json': '{"do_lower_case": false}',
    };
    expect(readTokenizer(cased).encode('Hellos').ids).toEqual([6, 7]);
  });

  it('tokenizer.json carries its own normaliser; its baked-in length is ignored', () => {
    const tokenizer = readTokenizer({ 'tokenizer.json': jsonWith(() => undefined), 'vocab.txt': 'unused' });
    expect(tokenizer.encode('Hello hello Hello hello Hello').ids).toEqual([6, 5, 6, 5, 6]);
    expect(tokenizer.specialIds).toEqual({ pad: 0, unknown: 1, cls: 2, sep: 3, mask: 4 });
  });

  it('takes a model without a type and without merges for WordPiece, as in files of old', () => {
    const untyped = jsonWith((json) => Object.assign(json.model as object, { type: undefined }));
    expect(readTokenizer({ 'tokenizer.json': untyped }).kind).toBe('wordpiece');
  });

  it('finds added tokens beyond the vocabulary, lower-cased where they are normalised', () => {
    const added = [...SPECIALS.map((content, id) => ({ id, content })), { id: 8, content: 'COVID', normalized: true }];
    const tokenizer = readTokenizer({
      'tokenizer.json': jsonWith((json) => Object.assign(json, { added_tokens: added })),
      'tokenizer_config.json': '{"do_lower_case": true}',
    });
    expect(tokenizer.encode('hello-covid')).toMatchObject({ tokens: ['hello', '[UNK]', 'COVID'], ids: [5, 1, 8] });
  });

  it('what is written reads back alike', () => {
    const original = readWordPiece(
      { 'tokenizer.json': tokenizerJson },
      { vocabularySize: 30522, typeVocabularySize: 2 },
    );
    const copy = readTokenizer({
      'vocab.txt': vocabularyLines(original).join('\n'),
      'tokenizer_config.json': JSON.stringify(tokenizerConfig(original)),
    });
    const text = 'Ünbelievable [SEP] 中文, naïve.';
    expect(vocabularyLines(original)).toHaveLength(30522);
    expect(copy.encode(text)).toEqual(original.encode(text));
  });

  it('reads as many tokens as the largest vocabularies have', () => {
    const words = Array.from({ length: 250_000 }, (_, i) => `w${i}`);
    const tokenizer = readTokenizer(
      { 'vocab.txt': [...SPECIALS, ...words].join('\n') },
      { vocabularySize: 250_005, typeVocabularySize: 2 },
    );
    expect(tokenizer.encode('w249999').ids).toEqual([250_004]);
  });

  it('fills gaps between ids, so that line numbers stay ids', () => {
    const json = jsonWith((changed) => {
      (changed.model as { vocab: Record<string, number> }).vocab = {
        ...Object.fromEntries(SPECIALS.map((s, i) => [s, i])),
        far: 7,
      };
    });
    const written = vocabularyLines(readWordPiece({ 'tokenizer.json': json }));
    expect(written).toEqual([...SPECIALS, '[unused-5]', '[unused-6]', 'far']);
  });

  const model = (change: object) => ({
    'tokenizer.json': jsonWith((json) => Object.assign(json.model as object, change)),
  });
  const whole = (change: object) => ({ 'tokenizer.json': jsonWith((json) => Object.assign(json, change)) });
  it.each([
    ['no files', {}, 'tokenizer: expected tokenizer.json, vocab.txt, or vocab.json with merges.txt, got none of them.'],
    ['half of two files', { 'vocab.json': '{}' }, 'merges.txt, got vocab.json alone.'],
    ['broken JSON', { 'tokenizer.json': '{' }, 'tokenizer.json: expected JSON, got'],
    ['another model', model({ type: 'Unigram' }), 'expected a WordPiece or byte-level BPE model, got Unigram.'],
    ['no vocabulary', model({ vocab: null }), 'tokenizer.json at model.vocab: '],
    ['another normaliser', whole({ normalizer: { type: 'NFC' } }), 'tokenizer.json at normalizer.type: '],
    ['an id that would fill the memory', model({ vocab: { a: 2 ** 40 } }), 'tokenizer.json at model.vocab.a: '],
    ['an added token as long as a book', whole({ added_tokens: [{ id: 9, content: 'x'.repeat(1e5) }] }), 'content: '],
    ['tokens we cannot seek', whole({ added_tokens: [{ id: 9, content: 'x y', normalized: true }] }), 'got "x y"'],
    [
      'a text file',
      { 'vocab.txt': 'Dear reader,\nhello' },
      'vocab.txt: expected one WordPiece token a line, got 2 lines',
    ],
  ])('refuses %s', (_, files, message) => {
    expect(() => readTokenizer(files)).toThrow(message);
    expect(() => readTokenizer(files)).toThrow(WinnowError);
  });

  it('has one type alone for a model that knows no other', () => {
    const read = (typeVocabularySize: number) =>
      readTokenizer({ 'vocab.txt': vocabTxt }, { vocabularySize: 8, typeVocabularySize });
    expect(
      [2, 1].map((types) => encodeTexts(read(types), { text: 'hello', textPair: 'hello' }, { maxSeqLength: 9 })),
    ).toEqual([
      { inputIds: [2, 5, 3, 5, 3], tokenTypeIds: [0, 0, 0, 1, 1] },
      { inputIds: [2, 5, 3, 5, 3], tokenTypeIds: [0, 0, 0, 0, 0] },
    ]);
  });

  it("refuses another model's vocabulary, but not padded rows", () => {
    expect(() => readTokenizer({ 'vocab.txt': vocabTxt }, { vocabularySize: 7, typeVocabularySize: 2 })).toThrow(
      'vocab.txt: expected 7 tokens (vocab_size in config.json), got 8. Use the tokenizer files of this very model.',
    );
    expect(() => readTokenizer({ 'vocab.txt': vocabTxt }, { vocabularySize: 136, typeVocabularySize: 2 })).toThrow(
      'expected 136 tokens',
    );
    expect(
      readTokenizer({ 'vocab.txt': vocabTxt }, { vocabularySize: 128, typeVocabularySize: 2 }).vocabulary.size,
    ).toBe(8);
  });
});
