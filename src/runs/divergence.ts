// Why a loss stops being a number. Some settings are known to do that before a run starts, and are said on the form; others
// are told by how it came about. Judged by what is usual for fine-tuning (Devlin et al. 2019, appendix A.3: 2e-5 to 5e-5;
// small models and short runs more) and for scores (Sanh et al. 2020, appendix A: 1e-2; 1e-1 for L0).
import type { MetricRow } from './events.ts';
import { type RunSpec, rateTypeOf, type TrainingArguments } from './spec.ts';
import { twoDigits } from './two-digits.ts';

export interface Cause {
  /** A clause: "the learning rate, 0.1, is …". */
  readonly evidence: string;
  /** A sentence. */
  readonly remedy: string;
  /** The remedy, where it is one of these settings. */
  readonly training?: Partial<TrainingArguments>;
}

/** More than any fine-tuning with Adam takes. */
const MOST_RATE = 1e-3;
const USUAL_RATE = 5e-5;
/** A score's rate does no harm by itself for long: masks only ask which scores are larger. */
const MOST_SCORE_RATE = 10;
/** Logits are divided by it: below, differences of a few hundred overflow when they are raised to powers. */
const LEAST_TEMPERATURE = 0.05;
/** Clipping at more is next to none. */
const MOST_NORM = 100;
/** The published runs go up to 1,400. */
const MOST_LAMBDA = 1e5;

/** What the settings alone tell, before any step; the surest first. */
export function causesIn(spec: RunSpec): readonly Cause[] {
  return [...brokenAdam(spec.training), ...rates(spec), ...losses(spec)];
}

function brokenAdam({ adam_epsilon, adam_beta1, adam_beta2, optim }: TrainingArguments): readonly Cause[] {
  const causes: Cause[] = [];
  if (adam_epsilon === 0) {
    causes.push({
      evidence: 'ε is 0, so Adam divides by zero wherever a gradient is zero',
      remedy: 'Set ε to 1e-8.',
      training: { adam_epsilon: 1e-8 },
    });
  }
  if (optim === 'adamw_torch' && (adam_beta1 === 1 || adam_beta2 === 1)) {
    causes.push({
      evidence: `β${adam_beta1 === 1 ? '₁' : '₂'} is 1, so Adam’s bias correction divides by zero`,
      remedy: 'Set β₁ to 0.9 and β₂ to 0.999.',
      training: { adam_beta1: 0.9, adam_beta2: 0.999 },
    });
  }
  return causes;
}

function rates({ training, pruning }: RunSpec): readonly Cause[] {
  const { learning_rate: rate } = training;
  const { mask_scores_learning_rate: scoreRate, pruning_method: method } = pruning;
  const causes: Cause[] = [];
  if (rate * training.weight_decay > 2) {
    causes.push({
      evidence:
        `learning rate × weight decay is ${twoDigits(rate * training.weight_decay)}; above 2, every update makes weights ` +
        'larger where it should let them decay',
      remedy: 'Set the learning rate to between 2e-5 and 5e-4, and the decay to at most 0.1.',
      training: { learning_rate: USUAL_RATE, weight_decay: 0 },
    });
  }
  if (rate > MOST_RATE) {
    const isScoreRate = method !== 'none' && method !== 'magnitude' && rate >= scoreRate;
    causes.push({
      evidence:
        `the learning rate, ${twoDigits(rate)}, is ${twoDigits(rate / USUAL_RATE)} times the usual ${twoDigits(USUAL_RATE)}` +
        (isScoreRate ? `, and no less than that of the scores, ${twoDigits(scoreRate)}` : ''),
      remedy: 'Set it to between 2e-5 and 5e-4.',
      training: { learning_rate: USUAL_RATE },
    });
  }
  if (method !== 'none' && method !== 'magnitude' && scoreRate > MOST_SCORE_RATE) {
    causes.push({
      evidence: `the score learning rate, ${twoDigits(scoreRate)}, is ${twoDigits(scoreRate / 1e-2)} times the usual 0.01`,
      remedy: 'Set it to between 0.01 and 0.1.',
    });
  }
  return causes;
}

function losses({ pruning, distillation, uda }: RunSpec): readonly Cause[] {
  const causes: Cause[] = [];
  const temperatures = [distillation?.temperature, uda?.uda_softmax_temp === -1 ? undefined : uda?.uda_softmax_temp];
  const tooCold = temperatures.find((temperature) => temperature !== undefined && temperature < LEAST_TEMPERATURE);
  if (tooCold !== undefined) {
    causes.push({
      evidence: `logits are divided by a temperature of ${twoDigits(tooCold)}, which blows up their differences`,
      remedy: 'Set it to between 0.5 and 2.',
    });
  }
  if (pruning.regularization !== null && pruning.final_lambda > MOST_LAMBDA) {
    causes.push({
      evidence: `the penalty weighs λ = ${twoDigits(pruning.final_lambda)}; the published runs go up to 1,400`,
      remedy: 'Set λ to between 10 and 1,400.',
    });
  }
  return causes;
}

export interface Divergence {
  readonly spec: RunSpec;
  /** The update at which loss or gradient was found to be no number. */
  readonly step: number;
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** What was logged before. */
  readonly history: readonly MetricRow[];
}

/** What most likely did it and why, what else may have, and what to do about it: a few sentences. */
export function explainDivergence(divergence: Divergence): string {
  const [first, second] = divergence.step === 1 ? causesAtOnce(divergence) : causesUnderWay(divergence);
  const course = courseOf(divergence);
  const other = second ? ` Perhaps also: ${second.evidence}.` : '';
  return first
    ? `${course}Most likely: ${first.evidence}. ${first.remedy}${other}`
    : `${course}No setting is far from what is usual. Halve the learning rate first, to ${twoDigits(divergence.spec.training.learning_rate / 2)}; then warm up longer.`;
}

/** No update was made yet: no rate, and nothing of Adam, had any part in it. */
function causesAtOnce({ spec }: Divergence): readonly Cause[] {
  const before = 'It was so before any update, so no learning rate did it.';
  const weights = {
    evidence: 'the weights that it starts with hold numbers that are not finite, or very large ones',
    remedy: `${before} Choose another model or an earlier run to start from.`,
  };
  return [...losses(spec), ...halfPrecision(spec), weights];
}

function causesUnderWay(divergence: Divergence): readonly Cause[] {
  const { spec } = divergence;
  return [...causesIn(spec), ...halfPrecision(spec), ...noClipping(divergence), ...noWarmup(divergence)];
}

const halfPrecision = ({ training }: RunSpec): readonly Cause[] =>
  training.fp16
    ? [
        {
          evidence: 'half precision holds no activation above 65,504',
          remedy: 'Turn half-precision storage off.',
          training: { fp16: false },
        },
      ]
    : [];

function noClipping({ spec: { training }, history }: Divergence): readonly Cause[] {
  const { max_grad_norm: most } = training;
  if (most > 0 && most <= MOST_NORM) return [];
  const norm = history.findLast(({ values }) => values['train/grad_norm'] !== undefined)?.values['train/grad_norm'];
  const last = norm === undefined ? '' : `, the last of which had a norm of ${twoDigits(norm)}`;
  return [
    {
      evidence: `${most === 0 ? 'nothing clips' : `a clip of ${twoDigits(most)} hardly ever touches`} the gradients${last}`,
      remedy: 'Set the gradient clip to 1.',
    },
  ];
}

/** Within the first tenth, where a warm-up would have been. */
function noWarmup({ spec, step, totalSteps, warmupSteps }: Divergence): readonly Cause[] {
  if (warmupSteps > 0 || step > Math.max(10, totalSteps / 10)) return [];
  const full = rateTypeOf(spec.training) === 'linear_from_start' ? 'nearly its full height' : 'its full height';
  return [
    {
      evidence: `no warm-up: the learning rate had ${full} from the first update`,
      remedy: 'Set the warm-up ratio to 0.1.',
    },
  ];
}

/** Empty where nothing was logged before. */
function courseOf({ history }: Divergence): string {
  const { last, lowest } = extremes(history);
  if (!last || !lowest) return '';
  return isFarAbove(last, lowest)
    ? `The loss had risen from ${twoDigits(lowest.loss)} at step ${lowest.step} to ${twoDigits(last.loss)} at step ${last.step}. `
    : `The loss was still ${twoDigits(last.loss)} at step ${last.step}. `;
}

/** Whether the last loss is finite but far above what it was: then the weights are of no more use than after a NaN. */
export function hasRunAway(history: readonly MetricRow[]): boolean {
  const { last, lowest } = extremes(history);
  return last !== undefined && lowest !== undefined && isFarAbove(last, lowest);
}

interface Logged {
  readonly step: number;
  readonly loss: number;
}

const isFarAbove = (last: Logged, lowest: Logged): boolean => last.loss > 10 * Math.max(1, lowest.loss);

/** Of the task's loss: with the penalty's weight, the whole loss rises as it should. */
function extremes(history: readonly MetricRow[]): { readonly last?: Logged; readonly lowest?: Logged } {
  const logged = history.flatMap(({ step, values }): Logged[] => {
    const loss = values['train/task_loss'] ?? values['train/supervised_loss'];
    return loss === undefined ? [] : [{ step, loss }];
  });
  const [first] = logged;
  if (!first) return {};
  return {
    last: logged.at(-1) ?? first,
    lowest: logged.reduce((least, row) => (row.loss < least.loss ? row : least), first),
  };
}
