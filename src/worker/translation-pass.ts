// The pass over all texts, an async generator of reports: whoever stops pulling, or ends the worker, loses nothing that
// was reported.
import { deriveSeed } from '../engine/random.ts';
import { backTranslate, type Translate } from '../engine/uda/translation.ts';
import type { ParaphraseStore } from '../hub/paraphrases.ts';
import type { BackTranslation, TranslationReport } from '../runs/translation.ts';

export interface Translator {
  /** Sets the source of chance from which both directions sample. */
  seed(seed: number): void;
  readonly there: Translate;
  readonly back: Translate;
}

export interface PassOptions {
  readonly texts: readonly string[];
  readonly how: BackTranslation;
  readonly store: ParaphraseStore;
  /** Called where there is something to translate. */
  readonly openTranslator: () => Promise<Translator>;
  readonly now?: () => number;
}

type Report = Extract<TranslationReport, { type: 'translating' }>;

/** Translates what has no paraphrase yet, each text once, in order. */
export async function* translateTexts(options: PassOptions): AsyncGenerator<Report> {
  const { how, store, openTranslator, now = () => performance.now() } = options;
  const texts = [...new Set(options.texts)];
  const kept = await store.read(how, texts);
  const missing = texts.filter((_, i) => kept[i] === null);
  const counts = { done: texts.length - missing.length, total: texts.length };
  yield { type: 'translating', ...counts, etaMs: null, latest: null };
  if (missing.length === 0) return;
  const translator = await openTranslator();
  const startedAt = now();
  // Time goes by the length of texts, which differ.
  const characters = missing.reduce((sum, text) => sum + text.length, 0);
  let read = 0;
  for (const original of missing) {
    translator.seed(seedOf(original));
    const paraphrase = await backTranslate(original, translator.there, translator.back);
    await store.save(how, original, paraphrase);
    counts.done++;
    read += original.length;
    const etaMs = ((now() - startedAt) * (characters - read)) / Math.max(1, read);
    yield { type: 'translating', ...counts, etaMs, latest: { original, paraphrase } };
  }
}

/** A text becomes the same paraphrase whenever its turn comes, and however often the pass was broken off before. */
const seedOf = (text: string): number =>
  [...text].reduce((seed, character) => deriveSeed(seed, character.codePointAt(0)!), text.length);
