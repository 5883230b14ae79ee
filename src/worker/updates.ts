// The micro-batches of every update of a run.
import type { StepPlan } from '../engine/pruning/schedule.ts';
import { deriveSeed } from '../engine/random.ts';
import {
  batchesPerEpoch,
  type Draw,
  endlessOrder,
  epochOrder,
  padBatch,
  padTogether,
  rowsAt,
} from '../engine/text/batches.ts';
import { maskBatch } from '../engine/text/masking.ts';
import type { Batch, Feature } from '../engine/text/types.ts';
import type { TrainingBatch } from '../engine/train/feeds.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { RunInputs } from './inputs.ts';
import type { PairSource } from './pairs.ts';

type Updates = Generator<readonly TrainingBatch[]>;

/** Those that come after the first `made`. */
export function updatesOf(spec: RunSpec, inputs: RunInputs, plan: StepPlan, made = 0): Updates {
  const { pairs } = inputs;
  return spec.uda && pairs
    ? pairedUpdates(spec, { inputs, pairs, plan, made, ratio: spec.uda.unsup_ratio })
    : epochUpdates(spec, inputs, { plan, made });
}

/** Epoch by epoch, each in an order of its own; an epoch's last batch may be smaller. Words are hidden anew in each. */
function* epochUpdates(
  { training }: RunSpec,
  inputs: RunInputs,
  { plan, made }: { readonly plan: StepPlan; readonly made: number },
): Updates {
  const { per_device_train_batch_size: batchSize, gradient_accumulation_steps: accumulation, seed } = training;
  const { train } = inputs.features;
  const lengths = training.group_by_length ? { lengths: train.map(tokensOf) } : {};
  const { masking } = inputs;
  const padding = paddingOf(training, inputs);
  const batches = batchesPerEpoch(train.length, batchSize);
  for (let update = 0, epoch = 0; update < plan.totalSteps; epoch++) {
    const order = epochOrder(train.length, { seed, epoch, batchSize, ...lengths });
    const epochSeed = deriveSeed(seed, HIDDEN_WORDS, epoch);
    for (let first = 0; first < batches && update < plan.totalSteps; first += accumulation, update++) {
      if (update < made) continue;
      const count = Math.min(accumulation, batches - first);
      yield Array.from({ length: count }, (_, index) => {
        const texts = rowsAt(train, order, { step: first + index, batchSize });
        return masking ? maskBatch(texts, { ...masking, seed: epochSeed }, padding) : padBatch(texts, padding);
      });
    }
  }
}

/** Keep the order of the unlabelled texts and the draw of hidden words apart from the order of the labelled ones. */
const UNLABELLED = 1;
const HIDDEN_WORDS = 2;

/** Labelled texts and `ratio` times as many pairs, each in an order of its own and without end, as the authors do. */
function* pairedUpdates(
  { training }: RunSpec,
  o: {
    readonly inputs: RunInputs;
    readonly pairs: PairSource;
    readonly plan: StepPlan;
    readonly made: number;
    readonly ratio: number;
  },
): Updates {
  const { per_device_train_batch_size: batchSize, gradient_accumulation_steps: accumulation, seed } = training;
  const { train } = o.inputs.features;
  const labelled = endlessOrder(train.length, { seed, batchSize });
  const unlabelled = endlessOrder(o.pairs.count, { seed: deriveSeed(seed, UNLABELLED), batchSize });
  const padding = paddingOf(training, o.inputs);
  take(labelled, batchSize * accumulation * o.made);
  take(unlabelled, batchSize * o.ratio * accumulation * o.made);
  const draw = (): TrainingBatch => {
    const texts = take(labelled, batchSize).map(({ index }) => train[index]!);
    const pairs = take(unlabelled, batchSize * o.ratio).map(({ index, epoch }) => o.pairs.pair(index, epoch));
    const groups = [texts, pairs.map(({ original }) => original), pairs.map(({ augmented }) => augmented)];
    const [batch, original, augmented] = padTogether(groups, padding) as [Batch, Batch, Batch];
    return { ...batch, pairs: { original, augmented } };
  };
  for (let update = o.made; update < o.plan.totalSteps; update++) yield Array.from({ length: accumulation }, draw);
}

const take = (order: Generator<Draw, never>, count: number): Draw[] =>
  Array.from({ length: count }, () => order.next().value);

const paddingOf = ({ max_seq_length: maxSeqLength }: RunSpec['training'], { model }: RunInputs) => ({
  padId: model.checkpoint.config.padTokenId,
  maxSeqLength,
});

const tokensOf = (feature: Feature): number => feature.inputIds.length;
