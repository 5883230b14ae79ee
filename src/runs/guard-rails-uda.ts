// What makes runs from few labels disappoint, said before they start. What the texts themselves forbid (too few of a
// class, a policy that changes nothing) the worker finds when it divides them.
import { annealingThreshold } from '../engine/uda/annealing.ts';
import type { Finding, RunFacts } from './guard-rails.ts';
import type { RunSpec, UdaSettings } from './spec.ts';
import { twoDigits } from './two-digits.ts';

export interface DividedTexts extends RunFacts {
  /** K. */
  readonly classes: number;
  /** Null while the worker has not divided them. */
  readonly labelled: number | null;
  readonly unlabelled: number | null;
}

/** From the authors' run on IMDb with 20 labels: 57.8 % at step 500, 89.5 % at 2,000. */
export const stepsOfPatience = 1000;
/** Fewer updates than this teach a classifier's new head little, whatever the loss. */
const fewSteps = 100;

export function checkFewLabels(spec: RunSpec, texts: DividedTexts): readonly Finding[] {
  const { uda } = spec;
  if (!spec.few_shot && !uda) return [];
  return [
    ...checkEpochs(spec, texts),
    ...(uda ? [...checkConsistency(uda, texts), ...checkPatience(texts), ...checkReading(spec, uda, texts)] : []),
    ...(uda && spec.training.freeze_embeddings
      ? [note('Embeddings are frozen. UDA’s authors train them: set “Freeze embeddings” off to do as they did.')]
      : []),
  ];
}

function checkEpochs({ training }: RunSpec, { totalSteps, labelled }: DividedTexts): readonly Finding[] {
  if (training.max_steps > 0 || totalSteps >= fewSteps || labelled === null) return [];
  const epochs = `${training.num_train_epochs} epochs over ${labelled} labelled texts are only ${totalSteps} steps`;
  return [warning(`${epochs}: too few to learn from. Set “Steps” (max_steps) to 500 or more.`)];
}

function checkConsistency(uda: UdaSettings, { classes }: DividedTexts): readonly Finding[] {
  const { uda_coeff: weight, uda_confidence_thresh: threshold, uda_softmax_temp: temperature } = uda;
  if (weight === 0) {
    return [warning('The consistency loss weighs 0: unlabelled texts are read, and change nothing. Set it to 1.')];
  }
  const findings: Finding[] = [];
  if (threshold >= 0) {
    const chance = `${twoDigits(100 / classes)} %`;
    findings.push(
      note(
        `Pairs count once the model is surer than ${twoDigits(100 * threshold)} % of the original; it starts near ${chance}, so few do at first.`,
      ),
    );
  }
  if (temperature > 1) {
    findings.push(
      warning(`A target temperature of ${twoDigits(temperature)} flattens what is to be learnt. Choose at most 1.`),
    );
  }
  return findings;
}

function checkPatience({ totalSteps }: DividedTexts): readonly Finding[] {
  if (totalSteps < stepsOfPatience) {
    return [
      note(
        `In the authors’ run accuracy stayed near chance for about ${stepsOfPatience} steps, then jumped. This one ends after ${totalSteps}: it may be too early to judge.`,
      ),
    ];
  }
  return [note(`Accuracy may stay near chance for about ${stepsOfPatience} steps, then jump. That is no failure.`)];
}

function checkReading(
  spec: RunSpec,
  uda: UdaSettings,
  { totalSteps, unlabelled, classes }: DividedTexts,
): readonly Finding[] {
  const { per_device_train_batch_size: batch, gradient_accumulation_steps: accumulation } = spec.training;
  const findings: Finding[] = [];
  if (uda.tsa !== 'none') {
    const start = annealingThreshold({ schedule: uda.tsa, progress: 0, classes });
    findings.push(
      note(
        `A labelled text that the model gives more than η of its own label is left out; η begins at ${twoDigits(100 * start)} %.`,
      ),
    );
  }
  if (unlabelled !== null && unlabelled > 0) {
    const pairs = totalSteps * batch * accumulation * uda.unsup_ratio;
    findings.push(
      note(
        `${pairs} pairs from ${unlabelled} unlabelled texts: each is read about ${twoDigits(pairs / unlabelled)} times.`,
      ),
    );
  }
  return findings;
}

const warning = (text: string): Finding => ({ level: 'warning', text });
const note = (text: string): Finding => ({ level: 'note', text });
