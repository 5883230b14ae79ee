// Batch mode's reading of specifications: on the page, `"kind": "files"` names what was dropped there; in a file, its
// key is a path, relative to the specification.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseRunPlan } from '../../src/notebook/resolve.ts';
import type { RunSpec } from '../../src/runs/spec.ts';
import {
  expandSweep,
  type RunPlan,
  type Sweep,
  type SweptSetting,
  seedPath,
  sweepSchema,
  withCounterparts,
} from '../../src/runs/sweep.ts';

/** The files behind one key. */
export interface Import {
  readonly key: string;
  readonly folder: string;
  readonly names: readonly string[];
}

/** One plan, as a run cell copies it, or a list of them. */
export function readPlans(path: string): readonly RunPlan[] {
  const text = readFileSync(path, 'utf8');
  if (!text.trimStart().startsWith('[')) return [parseRunPlan(text)];
  const items: unknown[] = JSON.parse(text);
  return items.map((item) => parseRunPlan(JSON.stringify(item)));
}

/** All plans once per seed, so that what is cut short has whole comparisons. */
export function withSeeds(plans: readonly RunPlan[], seeds: readonly number[]): readonly RunSpec[] {
  return seeds.flatMap((seed) => specsOf(plans.map((plan) => ({ ...plan, sweep: withSeed(plan.sweep, seed) }))));
}

function withSeed(sweep: Sweep | null, seed: number): Sweep {
  const others = (sweep?.settings ?? []).filter(({ path }) => path !== seedPath);
  const settings: SweptSetting[] = [...others, { kind: 'list', path: seedPath, values: [seed] }];
  return sweepSchema.parse({ ...sweep, settings });
}

/** The runs of the plans. Folders, teachers and starts go by names, so each has its own. */
export function specsOf(plans: readonly RunPlan[]): readonly RunSpec[] {
  const planNamed = (name: string) => plans.find((plan) => plan.name === name) ?? null;
  return plans.flatMap((plan) => expandSweep(plan).map(({ spec }) => withCounterparts(spec, planNamed)));
}

export function findImports(specs: readonly RunSpec[], base: string): readonly Import[] {
  const choices = specs.flatMap(({ model, data }) => [model, data]);
  const keys = new Set(choices.flatMap((choice) => (choice.kind === 'files' ? [choice.key] : [])));
  return [...keys].map((key) => findImport(key, resolve(base, key)));
}

function findImport(key: string, path: string): Import {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new Error(`${key}: expected a folder or a file, found none at ${path}. Correct the key.`);
  if (stats.isFile()) return { key, folder: dirname(path), names: [basename(path)] };
  const entries = readdirSync(path, { withFileTypes: true });
  return { key, folder: path, names: entries.filter((entry) => entry.isFile()).map(({ name }) => name) };
}

/** The specification as the page knows it: files go by the key under which the browser keeps them. */
export function withImportKeys(spec: RunSpec, keys: ReadonlyMap<string, string>): RunSpec {
  const renamed = <Choice extends RunSpec['model'] | RunSpec['data']>(choice: Choice): Choice =>
    choice.kind === 'files' ? { ...choice, key: keys.get(choice.key) ?? choice.key } : choice;
  return { ...spec, model: renamed(spec.model), data: renamed(spec.data) };
}
