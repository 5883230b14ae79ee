// Groups of runs as points: what they keep, and how well they do.
import type { RunGroup } from '../../runs/groups.ts';
import type { Tradeoff } from '../../runs/pareto.ts';
import { spreadOf } from '../../runs/statistics.ts';
import { keptShare } from './columns.ts';

export interface ParetoPoint extends Tradeoff {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  /** Of the quality, over seeds; null of one seed. */
  readonly deviation: number | null;
  readonly seeds: readonly (Tradeoff & { readonly key: string })[];
}

/** Tags of which more is better, those of the test split first. */
export function qualityTags(groups: readonly RunGroup[]): readonly string[] {
  const tags = new Set(
    groups.flatMap(({ runs }) => runs.flatMap(({ summary }) => Object.keys(summary?.metrics ?? {}))),
  );
  return ['test', 'eval']
    .flatMap((split) => ['f1', 'accuracy', 'exact_match'].map((name) => `${split}/${name}`))
    .filter((tag) => tags.has(tag));
}

/** Groups of which a run has come to a result, as their means. */
export function paretoPoints(
  groups: readonly (RunGroup & { readonly color: string })[],
  tag: string,
): readonly ParetoPoint[] {
  return groups.flatMap(({ key, name, color, runs }): ParetoPoint[] => {
    const seeds = runs.flatMap((run) => {
      const [cost, quality] = [keptShare(run), run.summary?.metrics[tag]];
      return cost === undefined || quality === undefined ? [] : [{ key: run.id, cost, quality }];
    });
    const cost = spreadOf(seeds.map((seed) => seed.cost));
    const quality = spreadOf(seeds.map((seed) => seed.quality));
    if (!cost || !quality) return [];
    return [{ key, name, color, cost: cost.mean, quality: quality.mean, deviation: quality.deviation, seeds }];
  });
}
