// One split's metrics, and a classifier's or span model's predictions, with the model as it stands.
import type { SplitName } from '../engine/text/types.ts';
import { type Metrics, type PredictionJob, predict, scoreWords } from '../engine/train/evaluate.ts';
import type { RunEvent } from '../runs/events.ts';
import { createPhases } from './phases.ts';
import { scoreFeatures } from './score.ts';
import type { RunSetup } from './training-job.ts';

export interface Evaluation {
  /** None where the split is empty. */
  readonly metrics: Metrics;
  /** Of every feature of the split, in order; none where words are filled in. */
  readonly logits: readonly Float32Array[];
}

/** In every evaluation of every run the same words are hidden from the same texts. */
const HIDDEN_WORDS_SEED = 0;

export async function* evaluateSplit(
  { spec, inputs, executor, program }: RunSetup,
  o: { readonly split: SplitName; readonly threshold: number; breathe(): Promise<void> },
): AsyncGenerator<RunEvent, Evaluation> {
  const { split, threshold } = o;
  const features = inputs.features[split];
  if (features.length === 0) return { metrics: {}, logits: [] };
  const evaluate = async (job: PredictionJob): Promise<Evaluation> => {
    if (inputs.masking) {
      return {
        metrics: await scoreWords({ ...job, masking: { ...inputs.masking, seed: HIDDEN_WORDS_SEED } }),
        logits: [],
      };
    }
    const logits = await predict(job);
    return { metrics: scoreFeatures(inputs.data.dataset, split, features, logits, spec.training), logits };
  };
  return yield* createPhases(o).during((watch) =>
    evaluate({
      executor,
      program,
      features,
      batchSize: spec.training.per_device_eval_batch_size,
      maxSeqLength: spec.training.max_seq_length,
      padTokenId: inputs.model.checkpoint.config.padTokenId,
      threshold,
      onBatch: async (done, total) => {
        await watch(`Evaluating on ${split}`, done, total);
        await o.breathe();
      },
    }),
  );
}
