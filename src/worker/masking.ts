// Filling in words as a run's objective: what it hides them with, and what it cannot be combined with.
import { WinnowError } from '../engine/error.ts';
import { hasWords, type MaskingOptions } from '../engine/text/masking.ts';
import type { Feature } from '../engine/text/types.ts';
import type { RunWarning } from '../runs/events.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { LoadedModel, RunInputs, UsableFeatures } from './inputs.ts';

/** A seed is drawn for each batch. */
export type Masking = Omit<MaskingOptions, 'seed'>;

/** Null where the data's own task is trained. @throws WinnowError `bad-model` for a vocabulary without a mask. */
export function maskingOf({ mlm }: RunSpec, { tokenizer, checkpoint }: LoadedModel): Masking | null {
  if (!mlm) return null;
  const maskId = tokenizer.specialIds.mask;
  if (maskId === null) {
    throw new WinnowError(
      'bad-model',
      `vocabulary: expected a token such as [MASK] to hide words with, got ${tokenizer.vocabulary.size} tokens without one. Choose another model, or train without filling in words.`,
    );
  }
  return { probability: mlm.mlm_probability, maskId, vocabularySize: checkpoint.config.vocabularySize };
}

/** @throws WinnowError `bad-settings` where words are to be filled in beside what needs the data's own task. */
export function checkObjective({ mlm, uda, distillation }: RunSpec): void {
  const other = uda ? 'UDA' : distillation ? 'distillation' : null;
  if (!mlm || !other) return;
  throw new WinnowError(
    'bad-settings',
    `Objective: expected filling in words (mlm) by itself, got ${other} beside it. Fill in words in a run of its own, and start the other from its weights.`,
  );
}

/** Leaves out texts without a word. @throws WinnowError `bad-data` where no training text has one. */
export function withWords(name: string, { train, dev, test }: RunInputs['features']): UsableFeatures {
  const [wordyTrain, wordyDev] = [train.filter(hasWords), dev.filter(hasWords)];
  if (wordyTrain.length === 0) {
    throw new WinnowError(
      'bad-data',
      `${name}: expected training texts with words to hide, got ${train.length} empty ones. Choose another text column.`,
    );
  }
  const warnings = [...emptyWarning('train', train, wordyTrain), ...emptyWarning('dev', dev, wordyDev)];
  return { features: { train: wordyTrain, dev: wordyDev, test }, warnings };
}

function emptyWarning(split: string, all: readonly Feature[], wordy: readonly Feature[]): RunWarning[] {
  if (all.length === wordy.length) return [];
  const message = `${split}: expected words in each of ${all.length} texts, got ${all.length - wordy.length} empty ones. They are left out.`;
  return [{ code: 'empty-texts', message }];
}
