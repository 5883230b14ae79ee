// The curves of an annealing preview: η over the run, for the schedule chosen and, to compare, for the others.
import { type AnnealingSchedule, annealingSchedules, annealingThreshold } from '../../engine/uda/annealing.ts';

export interface AnnealingCurve {
  readonly schedule: AnnealingSchedule;
  readonly isChosen: boolean;
  /** [step, η]. */
  readonly points: readonly (readonly [number, number])[];
}

const samples = 120;

/** The chosen curve last, so that it is drawn over the others. */
export function pictureAnnealing(chosen: AnnealingSchedule, classes: number, totalSteps: number): AnnealingCurve[] {
  const count = Math.min(samples, totalSteps);
  const steps = Array.from({ length: count }, (_, index) =>
    count === 1 ? 1 : Math.round(1 + (index * (totalSteps - 1)) / (count - 1)),
  );
  // Nothing is annealed without a schedule: 1 throughout, which tells nothing beside the others.
  const shown = annealingSchedules.filter((schedule) => schedule !== 'none' || schedule === chosen);
  const curves = shown.map((schedule) => ({
    schedule,
    isChosen: schedule === chosen,
    points: steps.map((step) => {
      const progress = (step - 1) / totalSteps;
      return [step, annealingThreshold({ schedule, progress, classes })] as const;
    }),
  }));
  return curves.sort((a, b) => Number(a.isChosen) - Number(b.isChosen));
}
