// Training-signal annealing (Xie et al., arXiv 1904.12848, §3.2, as in the authors' code): a labelled example that the
// model gets right too surely counts no more. What is too sure, η, rises from 1/K to 1 over the run, so that twenty
// labels are not learnt by heart while the unlabelled texts have hardly been read.

export const annealingSchedules = ['none', 'linear', 'log', 'exp'] as const;
export type AnnealingSchedule = (typeof annealingSchedules)[number];

export interface AnnealingMoment {
  readonly schedule: AnnealingSchedule;
  /** t: updates done over all updates of the run; 0 in the first update. */
  readonly progress: number;
  /** K. */
  readonly classes: number;
}

/** η = α(t)·(1 − 1/K) + 1/K, in [1/K, 1]. `log` ends at α = 1 − e⁻⁵ and `exp` starts at e⁻⁵, as the authors' do. */
export function annealingThreshold({ schedule, progress, classes }: AnnealingMoment): number {
  const start = 1 / classes;
  return released(schedule, progress) * (1 - start) + start;
}

/** α(t): the share of the training signal that is let through. */
function released(schedule: AnnealingSchedule, progress: number): number {
  switch (schedule) {
    case 'none':
      return 1;
    case 'linear':
      return progress;
    case 'log':
      return 1 - Math.exp(-5 * progress);
    case 'exp':
      return Math.exp(5 * (progress - 1));
    default:
      return schedule satisfies never;
  }
}
