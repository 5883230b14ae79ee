import { describe, expect, it } from 'vitest';
import { WinnowError } from '../../../src/engine/error.ts';
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
    expect(tokenizer.specialIds).toEqual({ pad: 0, unknown: 1, cls: 2, sep: 3 });
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
    const original = readTokenizer({ 'tokenizer.json': tokenizerJson }, 30522);
    const copy = readTokenizer({
      'vocab.txt': vocabularyLines(original).join('\n'),
      'tokenizer_config.json': JSON.stringify(tokenizerConfig(original)),
    });
    const text = 'Ünbelievable [SEP] 中文, naïve.';
    expect(vocabularyLines(original)).toHaveLength(30522);
    expect(copy.encode(text)).toEqual(original.encode(text));
  });

  it('fills gaps between ids, so that line numbers stay ids', () => {
    const json = jsonWith((changed) => {
      (changed.model as { vocab: Record<string, number> }).vocab = {
        ...Object.fromEntries(SPECIALS.map((s, i) => [s, i])),
        far: 7,
      };
    });
    const written = vocabularyLines(readTokenizer({ 'tokenizer.json': json }));
    expect(written).toEqual([...SPECIALS, '[unused-5]', '[unused-6]', 'far']);
  });

  const model = (change: object) => ({
    'tokenizer.json': jsonWith((json) => Object.assign(json.model as object, change)),
  });
  const whole = (change: object) => ({ 'tokenizer.json': jsonWith((json) => Object.assign(json, change)) });
  it.each([
    ['no files', {}, 'tokenizer: expected tokenizer.json or vocab.txt, got neither.'],
    ['broken JSON', { 'tokenizer.json': '{' }, 'tokenizer.json: expected JSON, got'],
    ['another model', model({ type: 'BPE' }), 'tokenizer.json: expected a WordPiece model, got BPE.'],
    ['no vocabulary', model({ vocab: null }), 'tokenizer.json at model.vocab: '],
    ['another normaliser', whole({ normalizer: { type: 'NFC' } }), 'tokenizer.json at normalizer.type: '],
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

  it("refuses another model's vocabulary, but not padded rows", () => {
    expect(() => readTokenizer({ 'vocab.txt': vocabTxt }, 7)).toThrow(
      'vocab.txt: expected 7 tokens (vocab_size in config.json), got 8. Use the tokenizer files of this very model.',
    );
    expect(() => readTokenizer({ 'vocab.txt': vocabTxt }, 136)).toThrow('expected 136 tokens');
    expect(readTokenizer({ 'vocab.txt': vocabTxt }, 128).vocabulary.size).toBe(8);
  });
});
