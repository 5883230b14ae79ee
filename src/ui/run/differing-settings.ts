import type { RunSpec } from '../../runs/spec.ts';

export interface DifferingSetting {
  /** Path within the specification, such as `pruning.final_threshold`. */
  readonly key: string;
  readonly values: readonly unknown[];
}

/** Settings, by path, in which not all specifications agree; names aside, which always differ. */
export function differingSettings(specs: readonly RunSpec[]): readonly DifferingSetting[] {
  const flat = specs.map(({ name: _, ...settings }) => new Map(flatten(settings)));
  const keys = [...new Set(flat.flatMap((settings) => [...settings.keys()]))];
  return keys
    .map((key) => ({ key, values: flat.map((settings) => settings.get(key)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]) && values.some((value) => isSet(value)));
}

/** Of a part that one run has and another has not, its settings are listed, not the part. */
const isSet = (value: unknown): boolean => value !== null && value !== undefined;

function flatten(value: object, prefix = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([key, entry]) =>
    typeof entry === 'object' && entry !== null ? flatten(entry, `${prefix}${key}.`) : [[`${prefix}${key}`, entry]],
  );
}
