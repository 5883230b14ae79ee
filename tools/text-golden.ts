// Page of `npm run text-golden`: compares tokens, windows and metrics with Hugging Face's and SQuAD's own.
import { checkText } from '../tests/golden/text.ts';

export interface TextGoldenInput {
  /** Addresses that end in a slash: of the three files, and of the model folder with its tokenizer.json. */
  readonly golden: string;
  readonly model: string;
}

export type TextGoldenReport = ReturnType<typeof checkText>;

async function run({ golden, model }: TextGoldenInput): Promise<TextGoldenReport> {
  const [wordpiece, squadFeatures, squadMetric, tokenizer] = await Promise.all([
    readJson(`${golden}wordpiece.json`),
    readJson(`${golden}squad-features.json`),
    readJson(`${golden}squad-metric.json`),
    readJson(`${model}tokenizer.json`),
  ]);
  return checkText({ wordpiece, squadFeatures, squadMetric, vocabulary: tokenizer.model.vocab });
}

async function readJson(url: string) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: expected a JSON file, got HTTP ${response.status}. Check the folder.`);
  return response.json();
}

Object.assign(globalThis, { run });
