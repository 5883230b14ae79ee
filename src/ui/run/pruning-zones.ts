// A run's schedule as stretches of its charts: where pruning began, where it ended, and the cool-down.
import { warmupOf } from '../../engine/pruning/schedule.ts';
import { rampWithin } from '../../runs/guard-rails.ts';
import type { Run } from '../../runs/reducer.ts';
import type { Zone } from '../charts/Zones.tsx';

/** None before it has started, and of a run that prunes by no schedule. */
export function pruningZones({ spec, started }: Pick<Run, 'spec' | 'started'>): readonly Zone[] {
  if (!started) return [];
  const { totalSteps } = started;
  const { warmup_steps: warmupSteps, warmup_ratio: warmupRatio } = spec.training;
  const ramp = rampWithin(spec, { totalSteps, warmupSteps: warmupOf({ totalSteps, warmupSteps, warmupRatio }) });
  if (!ramp) return [];
  const zones = [
    { label: 'warm-up', from: 0, to: ramp.start, isShaded: true },
    { label: 'pruning', from: ramp.start, to: ramp.end, isShaded: false },
    { label: 'cool-down', from: ramp.end, to: totalSteps, isShaded: true },
  ];
  return zones.filter(({ from, to }) => to > from);
}

/** Those of all runs that have any, where they are the same for all. */
export function sharedZones(runs: readonly Pick<Run, 'spec' | 'started'>[]): readonly Zone[] {
  const all = runs.map(pruningZones).filter((zones) => zones.length > 0);
  const [first = []] = all;
  return all.every((zones) => JSON.stringify(zones) === JSON.stringify(first)) ? first : [];
}
