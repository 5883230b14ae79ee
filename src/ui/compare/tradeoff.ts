// Groups of runs as points, what they keep against how well they do, and the lines that join them: the paper's figure 2
// (Sanh et al. 2020) from the reader's own runs.
import { type RunGroup, withoutSeeds } from '../../runs/groups.ts';
import { type Tradeoff as CostAndQuality, paretoFront } from '../../runs/pareto.ts';
import { type PublishedResult, type PublishedResults, publishedOnSquad } from '../../runs/published.ts';
import { asksQuestions, type RunSpec } from '../../runs/spec.ts';
import { spreadOf } from '../../runs/statistics.ts';
import { measure, percent, setting } from '../format.ts';
import { differingSettings } from '../run/differing-settings.ts';
import { keptShare, metricColumn } from './columns.ts';

/** What a view of one measurement shows. */
export interface Tradeoff {
  readonly quality: string;
  /** Of pruned runs; the dense one stands apart. */
  readonly points: readonly ResultPoint[];
  readonly front: readonly ResultPoint[];
  readonly lines: readonly ResultLine[];
  readonly dense: ResultPoint | null;
  readonly published: Published | null;
  readonly isComparable: boolean;
}

type ColoredGroup = RunGroup & { readonly color: string };

export interface ResultPoint extends CostAndQuality {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  /** Of the quality, over seeds; null of one seed. */
  readonly deviation: number | null;
  readonly seeds: readonly (CostAndQuality & { readonly key: string })[];
  /** Of the first seed. */
  readonly spec: RunSpec;
}

/** All that the view shows of one measurement. */
export function tradeoffOf(groups: readonly ColoredGroup[], tag: string): Tradeoff {
  const points = resultPoints(groups, tag);
  const pruned = points.filter((point) => !isDense(point));
  return {
    quality: metricColumn(tag).title,
    points: pruned,
    front: paretoFront(pruned),
    lines: resultLines(points),
    dense: denseResult(points),
    published: publishedFor(points, tag),
    isComparable: isOnOneDataSet(points),
  };
}

export const wordsOf = ({ name, cost, quality, deviation }: ResultPoint): string =>
  `${name}, ${percent(cost)} kept, ${measure(quality)}${deviation === null ? '' : ` ± ${measure(deviation)}`}`;

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
export function resultPoints(groups: readonly ColoredGroup[], tag: string): readonly ResultPoint[] {
  return groups.flatMap(({ key, name, color, runs }): ResultPoint[] => {
    const measured = runs.flatMap((run) => {
      const [cost, quality] = [keptShare(run), run.summary?.metrics[tag]];
      return cost === undefined || quality === undefined ? [] : [{ key: run.id, cost, quality, spec: run.spec }];
    });
    const [first] = measured;
    const cost = spreadOf(measured.map((seed) => seed.cost));
    const quality = spreadOf(measured.map((seed) => seed.quality));
    if (!first || !cost || !quality) return [];
    const seeds = measured.map(({ spec: _, ...seed }) => seed);
    const { mean, deviation } = quality;
    return [{ key, name, color, cost: cost.mean, quality: mean, deviation, seeds, spec: first.spec }];
  });
}

const isDense = ({ spec }: ResultPoint): boolean => spec.pruning.pruning_method === 'none';

/** Points alike in all but how much is pruned. */
export interface ResultLine {
  readonly label: string;
  readonly color: string;
  /** By rising cost. */
  readonly points: readonly ResultPoint[];
}

/** One per method, or several where runs of one method differ in more than how much is pruned. None of dense runs. */
export function resultLines(points: readonly ResultPoint[]): readonly ResultLine[] {
  const lines = new Map<string, ResultPoint[]>();
  for (const point of points.filter((each) => !isDense(each))) {
    const { spec } = point;
    const key = withoutSeeds({ ...spec, pruning: { ...spec.pruning, final_threshold: 0, final_lambda: 0 } });
    lines.set(key, [...(lines.get(key) ?? []), point]);
  }
  const all = [...lines.values()];
  return all.map((members) => {
    const [first] = members as [ResultPoint];
    return { label: labelOf(first, all), color: first.color, points: members.toSorted((a, b) => a.cost - b.cost) };
  });
}

const howMuch = new Set(['pruning.final_threshold', 'pruning.final_lambda', 'training.seed']);

/** The method, and what sets the line apart from others of that method. */
function labelOf({ spec }: ResultPoint, lines: readonly (readonly ResultPoint[])[]): string {
  const method = spec.pruning.pruning_method;
  const specs = lines.flatMap(([first]) => (first?.spec.pruning.pruning_method === method ? [first.spec] : []));
  const place = specs.indexOf(spec);
  const settings = differingSettings(specs).filter(({ key }) => !howMuch.has(key));
  return [method, ...settings.map(({ key, values }) => `${key.split('.').at(-1)} ${settingText(values[place])}`)].join(
    ', ',
  );
}

const settingText = (value: unknown): string => (typeof value === 'number' ? setting(value) : String(value ?? 'none'));

/** Heights compare on one data set only. */
export const isOnOneDataSet = (points: readonly ResultPoint[]): boolean =>
  new Set(points.map(({ spec }) => JSON.stringify(spec.data))).size <= 1;

/** The share of the dense run's quality at which the papers call a pruned model good enough. */
export const GOOD_ENOUGH = 0.95;

/** The best dense result; null of none, and where heights do not compare. */
export function denseResult(points: readonly ResultPoint[]): ResultPoint | null {
  const dense = points.filter(isDense).toSorted((a, b) => b.quality - a.quality);
  return isOnOneDataSet(points) ? (dense[0] ?? null) : null;
}

export interface PublishedPoint extends CostAndQuality {
  readonly name: string;
  readonly isDistilled: boolean;
}

export type Published = Omit<PublishedResults, 'results'> & { readonly points: readonly PublishedPoint[] };

/** What papers report in this measurement, where all runs do the papers' task; null where none does. */
export function publishedFor(points: readonly ResultPoint[], tag: string): Published | null {
  const measurement = tag.slice(tag.lastIndexOf('/') + 1);
  if (measurement !== 'f1' && measurement !== 'exact_match') return null;
  if (points.length === 0 || !points.every(({ spec }) => asksQuestions(spec.data) && spec.mlm === null)) return null;
  const { results, ...rest } = publishedOnSquad;
  const pointOf = (result: PublishedResult): PublishedPoint => ({
    name: result.method + (result.isDistilled ? ' with distillation' : ''),
    isDistilled: result.isDistilled,
    cost: result.keptShare,
    quality: result[measurement],
  });
  return { ...rest, points: results.map(pointOf) };
}
