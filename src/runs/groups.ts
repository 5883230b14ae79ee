// Runs alike in all but their seed, which tables and charts take as one measurement with a deviation.
import type { Run } from './reducer.ts';
import type { RunSpec } from './spec.ts';

export interface RunGroup {
  readonly key: string;
  /** The runs' name, without the seed where there are several. */
  readonly name: string;
  readonly cellId: string;
  /** By seed. Two runs with one seed are in two groups: the second adds nothing to a mean. */
  readonly runs: readonly Run[];
}

/** What was asked for last comes first; of one order, as it was planned. */
export function groupRuns(runs: readonly Run[]): readonly RunGroup[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs.toSorted((a, b) => b.createdAt - a.createdAt)) {
    const settings = `${run.cellId} ${withoutSeeds(run.spec)}`;
    const isFree = (key: string) => groups.get(key)?.every(({ spec }) => seedOf(spec) !== seedOf(run.spec)) ?? true;
    let generation = 0;
    while (!isFree(`${settings} ${generation}`)) generation++;
    const key = `${settings} ${generation}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const place = new Map(runs.map(({ id }, index) => [id, index]));
  return [...groups]
    .map(([key, members]) =>
      groupOf(
        key,
        members.toSorted((a, b) => seedOf(a.spec) - seedOf(b.spec)),
      ),
    )
    .sort((a, b) => newestOf(b) - newestOf(a) || place.get(a.runs[0]!.id)! - place.get(b.runs[0]!.id)!);
}

const newestOf = ({ runs }: RunGroup): number => Math.max(...runs.map(({ createdAt }) => createdAt));

export const seedOf = ({ training }: RunSpec): number => training.seed;

function groupOf(key: string, runs: readonly Run[]): RunGroup {
  const [{ cellId, spec }] = runs as [Run];
  return { key, cellId, runs, name: runs.length > 1 ? nameWithoutSeed(spec.name, seedOf(spec)) : spec.name };
}

/** Whether two runs differ in their seed alone, as text to compare: a teacher and a start of that seed count as one. */
export function withoutSeeds({ name: _, training: { seed, ...training }, ...spec }: RunSpec): string {
  const { distillation, starts_from } = spec;
  return JSON.stringify({
    ...spec,
    training,
    distillation: distillation && { ...distillation, teacher: nameWithoutSeed(distillation.teacher, seed) },
    starts_from: starts_from && nameWithoutSeed(starts_from, seed),
  });
}

/** `topK seed 2` is `topK`, `topK final_threshold 0.1, seed 2` is `topK final_threshold 0.1`. */
const nameWithoutSeed = (name: string, seed: number): string =>
  name.replace(` seed ${seed}, `, ' ').replace(new RegExp(`,? seed ${seed}$`), '');
