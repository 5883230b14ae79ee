// How often a classifier predicts each class, and whether it has collapsed to one of them.
import type { ClassificationFeature } from '../engine/text/types.ts';
import { predictedClass } from '../engine/train/evaluate.ts';
import type { RunWarning } from '../runs/events.ts';
import type { RunSetup } from './training-job.ts';

export interface BalanceState {
  readonly wasCollapsed: boolean;
  readonly isSaid: boolean;
}

export interface ClassBalance {
  /** Each class's share of the predictions, 0 to 1, by the tag that it is logged under. */
  shares(logits: readonly Float32Array[]): Record<string, number>;
  /** A warning, once, at the second collapsed evaluation in a row: a head that has hardly trained is no collapse. */
  look(step: number, logits: readonly Float32Array[]): RunWarning | null;
  /** What it remembers, to go on from. */
  state(): BalanceState;
}

/** A class with so many of the predictions, and not nearly as many of the texts, has swallowed the others. */
const COLLAPSED = 0.98;
const ONE_SIDED = 0.9;

/** Of the predictions on dev; null where labels are not few enough for it to be worth watching. */
export function classBalanceOf({ spec, inputs, plan }: RunSetup, before: BalanceState | null): ClassBalance | null {
  const { dataset } = inputs.data;
  const { dev } = inputs.features;
  const isClassifier = dataset.kind === 'text-classification' && !inputs.masking;
  if (!isClassifier || !(spec.few_shot || spec.uda) || dev.length === 0) return null;
  const features = dev as readonly ClassificationFeature[];
  return createClassBalance({ labels: dataset.labels, features, warmupSteps: plan.warmupSteps, before });
}

export function createClassBalance(o: {
  readonly labels: readonly string[];
  readonly features: readonly Pick<ClassificationFeature, 'label'>[];
  readonly warmupSteps: number;
  readonly before?: BalanceState | null;
}): ClassBalance {
  const truths = sharesOf(
    o.features.map(({ label }) => label ?? -1),
    o.labels.length,
  );
  const predicted = (logits: readonly Float32Array[]) => sharesOf(logits.map(predictedClass), o.labels.length);
  let { wasCollapsed, isSaid } = o.before ?? { wasCollapsed: false, isSaid: false };
  return {
    shares(logits) {
      const shares = predicted(logits);
      return Object.fromEntries(o.labels.map((label, index) => [`predicted/${label}`, shares[index]!]));
    },
    look(step, logits) {
      const shares = predicted(logits);
      const label = shares.findIndex((share, index) => share >= COLLAPSED && truths[index]! < ONE_SIDED);
      const isCollapsed = label >= 0 && step > o.warmupSteps;
      const isNews = isCollapsed && wasCollapsed && !isSaid;
      wasCollapsed = isCollapsed;
      isSaid ||= isNews;
      return isNews ? warningOf(step, o.labels[label]!, shares[label]!) : null;
    },
    state: () => ({ wasCollapsed, isSaid }),
  };
}

function sharesOf(classes: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, label) => classes.filter((one) => one === label).length / classes.length);
}

function warningOf(step: number, label: string, share: number): RunWarning {
  return {
    code: 'class-collapse',
    message:
      `step ${step}: expected predictions of every class, got ${(100 * share).toFixed(0)} % “${label}” on dev, twice in a row. ` +
      'If it stays so: lower the weight of the consistency loss or the learning rate, anneal by “exp”, or augment less.',
  };
}
