import type { RunSpec } from '../../runs/spec.ts';

export interface DifferingSetting {
  /** Path within the specification, such as `pruning.final_threshold`. */
  readonly key: string;
  readonly values: readonly unknown[];
}

/** Settings, by path, in which not all specifications agree; names aside, which always differ. */
export const differingSettings = (specs: readonly RunSpec[]): readonly DifferingSetting[] =>
  settingsOf(specs).filter(({ values }) => !agree(values) && values.some(isSet));

/** Paths of the settings that all specifications have alike. */
export const sharedSettings = (specs: readonly RunSpec[]): readonly string[] =>
  settingsOf(specs).flatMap(({ key, values }) => (agree(values) ? [key] : []));

function settingsOf(specs: readonly RunSpec[]): readonly DifferingSetting[] {
  const flat = specs.map(({ name: _, ...settings }) => new Map(flatten(settings)));
  const keys = [...new Set(flat.flatMap((settings) => [...settings.keys()]))];
  return keys.map((key) => ({ key, values: flat.map((settings) => settings.get(key)) }));
}

const agree = (values: readonly unknown[]): boolean => values.every((value) => value === values[0]);

/** Of a part that one run has and another has not, its settings are listed, not the part. */
const isSet = (value: unknown): boolean => value !== null && value !== undefined;

function flatten(value: object, prefix = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([key, entry]) =>
    typeof entry === 'object' && entry !== null ? flatten(entry, `${prefix}${key}.`) : [[`${prefix}${key}`, entry]],
  );
}
