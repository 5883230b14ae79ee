// Back-translation of a data set's training texts: what the page orders of the worker that translates, and what it hears.
// To pause is to end that worker: every text is kept as soon as it is there, and an order goes on where the last stopped.
import { z } from 'zod';
import { parsePolicy } from '../engine/uda/policy.ts';
import type { RunError } from './events.ts';
import { dataChoiceSchema, pivotLanguages, type UdaSettings } from './spec.ts';

/** What a paraphrase depends on beside its text. */
export const backTranslationSchema = z.object({
  language: z.enum(pivotLanguages),
  /** In (0, 1]. */
  temperature: z.number().positive().max(1),
});

export const translationOrderSchema = z.object({ data: dataChoiceSchema, how: backTranslationSchema });

export type BackTranslation = z.infer<typeof backTranslationSchema>;
export type TranslationOrder = z.infer<typeof translationOrderSchema>;

export type TranslationReport =
  | { readonly type: 'reading' }
  /** `total` is 0 while unknown. */
  | {
      readonly type: 'downloading';
      readonly done: number;
      readonly total: number;
      /** Null before the first byte. */
      readonly bytesPerSecond: number | null;
    }
  | {
      readonly type: 'translating';
      /** Of these texts so many are done, in this turn or before. */
      readonly done: number;
      readonly total: number;
      /** Null before the first text of this turn. */
      readonly etaMs: number | null;
      readonly latest: { readonly original: string; readonly paraphrase: string } | null;
    }
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly error: RunError };

/** How the policy would have texts back-translated; null where it does not. */
export function backTranslationOf({ aug_ops, bt_language }: UdaSettings): BackTranslation | null {
  const part = parsePolicy(aug_ops).find(({ kind }) => kind === 'bt');
  return part?.kind === 'bt' ? { language: bt_language, temperature: part.temperature } : null;
}

/** The Hub's names of the two models, from English and back to it. */
export const modelsFor = ({ language }: BackTranslation) =>
  [`Xenova/opus-mt-en-${language}`, `Xenova/opus-mt-${language}-en`] as const;
