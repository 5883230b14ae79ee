// Why fine-pruning runs fail to recover, said before they start and with their own numbers (SPEC §1, 1–6).
import { learningRateFactor, type PruningSchedule, rampOf } from '../engine/pruning/schedule.ts';
import { causesIn } from './divergence.ts';
import { type PruningSettings, type RunSpec, rateTypeOf, type TrainingArguments } from './spec.ts';
import { twoDigits } from './two-digits.ts';

export interface RunFacts {
  readonly totalSteps: number;
  readonly warmupSteps: number;
}

export interface Finding {
  /** `error`: the run cannot do what it says; `warning`: it will probably disappoint; `note`: know this. */
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
  /** Settings that would be better, each to be taken by itself. */
  readonly remedies?: readonly Remedy[];
}

export interface Remedy {
  readonly label: string;
  readonly training: Partial<TrainingArguments>;
}

interface Subject extends RunFacts {
  readonly training: TrainingArguments;
  readonly pruning: PruningSettings;
  readonly schedule: PruningSchedule;
}

type Check = (subject: Subject) => readonly Finding[];

export function checkRun(spec: RunSpec, facts: RunFacts): readonly Finding[] {
  const subject = { ...facts, training: spec.training, pruning: spec.pruning, schedule: scheduleOf(spec, facts) };
  const checks = spec.pruning.pruning_method === 'none' ? [checkWarmup] : pruningChecks;
  const findings = [...checkDivergence(spec), ...checkFillingIn(spec), ...checks.flatMap((check) => check(subject))];
  return findings.sort((a, b) => severity[a.level] - severity[b.level]);
}

const checkDivergence = (spec: RunSpec): readonly Finding[] =>
  causesIn(spec).map(({ evidence, remedy, training }) => ({
    level: 'warning',
    text: `The loss may run away: ${evidence}. ${remedy}`,
    remedies: training ? [{ label: labelOf(training), training }] : [],
  }));

function labelOf(training: Partial<TrainingArguments>): string {
  const [value, ...others] = Object.values(training);
  return others.length > 0 ? 'Set both' : `Set ${twoDigits(Number(value))}`;
}

/** Frozen is the default, for fine-pruning's sake; BERT's pre-training moves words, and the decoder is tied to them. */
function checkFillingIn({ mlm, training }: RunSpec): readonly Finding[] {
  if (!mlm || !training.freeze_embeddings) return [];
  const text =
    'Embeddings are frozen, and the words to be filled in are read off them: little is learnt of words new to the model.';
  return [{ level: 'warning', text, remedies: [{ label: 'Train them', training: { freeze_embeddings: false } }] }];
}

export function scheduleOf(spec: Pick<RunSpec, 'pruning'>, { totalSteps, warmupSteps }: RunFacts): PruningSchedule {
  const { initial_threshold, final_threshold, initial_warmup, final_warmup } = spec.pruning;
  return {
    initial: initial_threshold,
    final: final_threshold,
    initialWarmup: initial_warmup,
    finalWarmup: final_warmup,
    warmupSteps,
    totalSteps,
  };
}

/** First and last step of the ramp, within the run; null where nothing ramps. */
export function rampWithin(
  { pruning }: Pick<RunSpec, 'pruning'>,
  facts: RunFacts,
): { readonly start: number; readonly end: number } | null {
  if (pruning.pruning_method === 'none' || pruning.pruning_method === 'l0') return null;
  const { start, end } = rampOf(scheduleOf({ pruning }, facts));
  const inside = (step: number) => Math.max(0, Math.min(facts.totalSteps, step));
  return { start: inside(start), end: Math.max(inside(start), inside(end)) };
}

/** Whether the scheduled value is a kept fraction (magnitude, topK) rather than a score cut-off. */
export const schedulesKeptFraction = ({ pruning_method }: PruningSettings): boolean =>
  pruning_method === 'magnitude' || pruning_method === 'topK';

const severity = { error: 0, warning: 1, note: 2 } as const;
/** A ramp this short cuts over a tenth of the way in its first step: 3 / 30. */
const shortRampSteps = 30;
const spentLearningRate = 0.05;

const checkWarmup: Check = ({ totalSteps, warmupSteps }) =>
  warmupSteps < totalSteps
    ? []
    : [error(`Warm-up takes ${warmupSteps} of ${totalSteps} steps: the learning rate never reaches its value.`)];

const checkRange: Check = ({ pruning }) => {
  const { initial_threshold: initial, final_threshold: final, pruning_method: method } = pruning;
  if (method === 'l0' || method === 'threshold') return [];
  const name = schedulesKeptFraction(pruning) ? 'a kept fraction' : 'a cut-off on σ(S)';
  const bad = [initial, final].find((value) => value < 0 || value > 1);
  return bad === undefined ? [] : [error(`${twoDigits(bad)} is not ${name}: choose a value from 0 to 1.`)];
};

// 1
const checkRamp: Check = ({ schedule, pruning, totalSteps, warmupSteps }) => {
  const { initial, final, initialWarmup, finalWarmup } = schedule;
  const { start, end } = rampOf(schedule);
  const length = end - start;
  const value = schedulesKeptFraction(pruning) ? 'kept fraction' : 'cut-off';
  if (pruning.pruning_method === 'l0') return [];
  if (initial === final) return [warning(`The ${value} stays at ${twoDigits(final)}: nothing is pruned step by step.`)];
  const sum = `${totalSteps} − (${initialWarmup} + ${finalWarmup}) × ${warmupSteps} = ${whole(length)}`;
  if (length <= 0) {
    const jump = `the ${value} jumps from ${twoDigits(initial)} to ${twoDigits(final)} at once`;
    return [error(`The ramp has no steps (${sum}), so ${jump}. Train longer or warm up less.`)];
  }
  if (length < shortRampSteps) {
    const cut = percent(Math.min(1, 3 / length));
    return [warning(`The ramp is short (${sum} steps): its first step alone goes ${cut} of the way.`)];
  }
  const halfway = Math.round(start + length * (1 - Math.cbrt(0.5)));
  return [
    note(`The ramp runs from step ${start} to ${end} (${sum} steps); half of the cut is done by step ${halfway}.`),
  ];
};

// 2
const checkCoolDown: Check = ({ schedule, training, totalSteps, warmupSteps }) => {
  const end = Math.max(1, rampOf(schedule).end);
  const coolDown = totalSteps - end;
  if (coolDown <= 0)
    return [warning('There is no cool-down: the weights that stay get no steps to recover. Set it to 2.')];
  const factor = learningRateFactor({ type: rateTypeOf(training), warmupSteps, totalSteps }, end);
  const left = `${percent(factor)} of the learning rate (${twoDigits(training.learning_rate * factor)})`;
  if (factor < spentLearningRate) {
    return [warning(`When the ramp ends only ${left} is left: too little to recover with. Lengthen the cool-down.`)];
  }
  return [note(`After the ramp, ${coolDown} steps remain to recover in, beginning with ${left}.`)];
};

// 3
const checkScoreTravel: Check = ({ pruning, training, totalSteps, warmupSteps }) => {
  const goal = scoreGoal(pruning);
  if (!goal) return [];
  const distance = Math.abs(goal.to - goal.from);
  const reach = pruning.mask_scores_learning_rate * sumOfFactors(training, totalSteps, warmupSteps);
  const way = `from ${twoDigits(goal.from)} to ${twoDigits(goal.to)}`;
  const budget = `score learning rate × steps lets them move about ${twoDigits(reach)}`;
  if (reach >= distance) return [note(`Scores must travel ${way} to be cut; ${budget}.`)];
  const needed = twoDigits(pruning.mask_scores_learning_rate * (distance / reach));
  return [error(`Scores must travel ${way} to be cut, but ${budget}. Raise the score learning rate above ${needed}.`)];
};

function scoreGoal(pruning: PruningSettings): { readonly from: number; readonly to: number } | null {
  const from = pruning.mask_init === 'constant' ? pruning.mask_scale : 0;
  const { pruning_method: method, final_threshold: cutOff } = pruning;
  if (method === 'sigmoied_threshold' && cutOff > 0 && cutOff < 1) return { from, to: logit(cutOff) };
  if (method === 'threshold') return { from, to: cutOff };
  // A hard-concrete gate is shut in evaluation when 1.2 σ(S) − 0.1 ≤ 0.
  if (method === 'l0') return { from, to: logit(1 / 12) };
  return null;
}

/** Adam moves a score by about one learning rate per step, whatever the gradient's size. */
function sumOfFactors(training: TrainingArguments, totalSteps: number, warmupSteps: number): number {
  const schedule = { type: rateTypeOf(training), warmupSteps, totalSteps };
  let sum = 0;
  for (let step = 1; step <= totalSteps; step++) sum += learningRateFactor(schedule, step);
  return sum;
}

// 4
const checkScoreGroup: Check = ({ pruning, training }) => {
  if (pruning.pruning_method === 'magnitude') return [];
  const { mask_scores_learning_rate: scoreRate } = pruning;
  const rates = `Scores learn at ${twoDigits(scoreRate)}, weights at ${twoDigits(training.learning_rate)}`;
  if (scoreRate <= training.learning_rate) {
    return [warning(`${rates}: scores usually need a rate 100 to 1,000 times that of the weights.`)];
  }
  const decay = `weight decay (${twoDigits(training.weight_decay)}) never touches scores`;
  return [note(`${rates}; ${decay}, and dropout is off in evaluation.`)];
};

// 5
const checkEvaluation: Check = ({ schedule, training, pruning }) => {
  if (training.eval_strategy === 'no' || pruning.pruning_method === 'l0') return [];
  const { end } = rampOf(schedule);
  if (end <= 0) return [];
  const at = `the final ${schedulesKeptFraction(pruning) ? 'kept fraction' : 'cut-off'} (${twoDigits(schedule.final)})`;
  return [note(`Until step ${end}, evaluation at ${at} looks collapsed. It is drawn dashed, beside the current one.`)];
};

// 6
const checkTies: Check = ({ schedule, pruning }) => {
  const { start } = rampOf(schedule);
  if (pruning.pruning_method !== 'topK' || pruning.mask_init !== 'constant') return [];
  const equal = `All scores start equal (${twoDigits(pruning.mask_scale)})`;
  if (start > 0 && schedule.initial === 1) {
    return [note(`${equal}; nothing is cut during the first ${start} steps, so that they can differ.`)];
  }
  return [
    warning(`${equal} and are cut from step 1, so position decides, not movement. Set the initial warm-up to 1.`),
  ];
};

const checkDrive: Check = ({ pruning }) => {
  const { pruning_method: method, final_lambda: lambda, regularization } = pruning;
  if (method !== 'sigmoied_threshold' && method !== 'l0') return [];
  if (lambda > 0 && regularization !== null) return [];
  return [
    error(
      `Nothing pushes scores down: penalty ${regularization ?? 'none'}, λ ${twoDigits(lambda)}. Nothing is pruned.`,
    ),
  ];
};

const checkRegime: Check = ({ schedule, pruning }) =>
  pruning.pruning_method === 'topK' && schedule.final > 0.15
    ? [note(`At ${percent(schedule.final)} kept magnitude usually wins; movement pays off below about 15 %.`)]
    : [];

const pruningChecks: readonly Check[] = [
  checkWarmup,
  checkRange,
  checkDrive,
  checkRamp,
  checkCoolDown,
  checkScoreTravel,
  checkScoreGroup,
  checkEvaluation,
  checkTies,
  checkRegime,
];

const error = (text: string): Finding => ({ level: 'error', text });
const warning = (text: string): Finding => ({ level: 'warning', text });
const note = (text: string): Finding => ({ level: 'note', text });
const logit = (probability: number): number => Math.log(probability / (1 - probability));
const whole = (value: number): string => (value < 0 ? `−${-value}` : String(value));
const percent = (share: number): string => `${twoDigits(share * 100)} %`;
