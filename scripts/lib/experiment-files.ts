// Batch mode's reading of specifications: on the page, `"kind": "files"` names what was dropped there; in a file, its
// key is a path, relative to the specification.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseRunSpec } from '../../src/notebook/resolve.ts';
import type { RunSpec } from '../../src/runs/spec.ts';

/** The files behind one key. */
export interface Import {
  readonly key: string;
  readonly folder: string;
  readonly names: readonly string[];
}

/** One specification, as a run cell copies it, or a list of them. */
export function readSpecs(path: string): readonly RunSpec[] {
  const text = readFileSync(path, 'utf8');
  if (!text.trimStart().startsWith('[')) return [parseRunSpec(text)];
  const items: unknown[] = JSON.parse(text);
  return items.map((item) => parseRunSpec(JSON.stringify(item)));
}

/** Every run once per seed. Folders, teachers and starts go by names, so each gets its own. */
export function withSeeds(specs: readonly RunSpec[], seeds: readonly number[]): readonly RunSpec[] {
  return seeds.flatMap((seed) => {
    const named = (name: string) => `${name} seed ${seed}`;
    return specs.map((spec) => ({
      ...spec,
      name: named(spec.name),
      training: { ...spec.training, seed },
      distillation: spec.distillation && { ...spec.distillation, teacher: named(spec.distillation.teacher) },
      starts_from: spec.starts_from && named(spec.starts_from),
    }));
  });
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
