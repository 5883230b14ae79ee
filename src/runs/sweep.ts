// Several runs from one plan: settings that take several values, in a grid or drawn at random (Bergstra & Bengio 2012).
// Several seeds are a sweep over `training.seed`, nothing more.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import { createRandom } from '../engine/random.ts';
import { type RunSpec, runSpecSchema } from './spec.ts';

const valueSchema = z.union([z.number(), z.boolean(), z.string(), z.null()]);

/** Path within the specification, such as `pruning.final_threshold`. */
const path = z.string().min(1);

const sweptSettingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('list'), path, values: z.array(valueSchema).min(1) }),
  z
    .object({
      kind: z.literal('range'),
      path,
      from: z.number(),
      to: z.number(),
      /** Values of a grid, both ends included; a random search draws from all that lies between. */
      count: z.number().int().min(2),
      scale: z.enum(['linear', 'log']).default('linear'),
    })
    .refine(({ from, to }) => from < to, 'Give the smaller end of the range first.')
    .refine(({ from, scale }) => scale === 'linear' || from > 0, 'A logarithmic range begins above 0.'),
]);

export const seedPath = 'training.seed';

export const sweepSchema = z.object({
  /** Of a grid, the last takes its next value first. */
  settings: z.array(sweptSettingSchema),
  /** `random` draws all settings but the seed: what it draws runs with every seed. */
  search: z.enum(['grid', 'random']).default('grid'),
  /** Of the draws. */
  seed: z.number().int().nonnegative().default(0),
  /** The budget. A grid that is larger ends there. */
  max_runs: z.number().int().positive().default(50),
  /** Of training, in all: after them no further run starts. Null: as long as it takes. Batch mode runs all. */
  max_minutes: z.number().positive().nullable().default(null),
});

/** As a run cell copies it and batch mode reads it. */
export const runPlanSchema = runSpecSchema.extend({ sweep: sweepSchema.nullable().default(null) });

export type SettingValue = z.infer<typeof valueSchema>;
export type SweptSetting = z.infer<typeof sweptSettingSchema>;
export type Sweep = z.infer<typeof sweepSchema>;
export type RunPlan = z.infer<typeof runPlanSchema>;

export interface PlannedRun {
  /** What sets it apart from the plan's other runs, `final_threshold 0.1, seed 2`; empty where the plan has one run. */
  readonly variant: string;
  readonly spec: RunSpec;
}

/**
 * The runs of a plan, in the order in which they run, named after their values: `topK seed 2`.
 * @throws WinnowError `bad-settings` where a path leads nowhere, or a value is none for its setting.
 */
export function expandSweep({ sweep, ...spec }: RunPlan): readonly PlannedRun[] {
  if (!sweep || sweep.settings.length === 0) return [{ variant: '', spec }];
  const paths = sweep.settings.map((setting) => setting.path);
  const twice = paths.find((one, index) => paths.indexOf(one) !== index);
  if (twice) fail(spec, `${twice}: expected one list of values, got two. Remove one.`);
  const combinations = sweep.search === 'grid' ? gridOf(spec, sweep) : drawnFrom(spec, sweep);
  return combinations.map((values) => {
    const variant = values.map((value, index) => `${shortName(paths, index)} ${valueText(value)}`).join(', ');
    const swept = values.reduce<RunSpec>((changed, value, index) => withValue(changed, paths[index]!, value), spec);
    return { variant, spec: { ...swept, name: `${spec.name} ${variant}` } };
  });
}

/** How many combinations the values have; a random search over ranges has no number. */
export function gridSize({ sweep, ...spec }: RunPlan): number {
  return (sweep?.settings ?? []).reduce((product, setting) => product * valuesOf(spec, setting).length, 1);
}

/** Of a plan's runs the one with the most tokens in a batch, and of equal ones the longest: it needs the most memory. */
export function largestRun(runs: readonly PlannedRun[]): PlannedRun | null {
  const [first] = runs.toSorted(
    (a, b) => tokensOf(b.spec) - tokensOf(a.spec) || b.spec.training.max_seq_length - a.spec.training.max_seq_length,
  );
  return first ?? null;
}

/** Of an update's batch, both sides of unlabelled pairs included. */
export const tokensOf = ({ training, uda }: RunSpec): number =>
  training.per_device_train_batch_size * (1 + 2 * (uda?.unsup_ratio ?? 0)) * training.max_seq_length;

/**
 * Of the runs of a swept plan that another run names as its teacher or start, the one with the same values:
 * seed 2 learns from seed 2.
 * @throws WinnowError `bad-settings` where none has them.
 */
function counterpartOf(run: RunSpec, earlier: RunPlan): RunSpec {
  const runs = expandSweep(earlier).map(({ spec }) => spec);
  const paths = (earlier.sweep?.settings ?? []).map((setting) => setting.path);
  const found = runs.find((spec) => paths.every((each) => valueAt(spec, each) === valueAt(run, each)));
  const wanted = paths.map((each) => `${each} ${valueText(valueAt(run, each) as SettingValue)}`).join(', ');
  return found ?? fail(run, `expected a run of “${earlier.name}” with ${wanted}, got none. Sweep both over the same.`);
}

/** A run with its teacher and start, where those are swept, named in full. */
export function withCounterparts(run: RunSpec, planNamed: (name: string) => RunPlan | null): RunSpec {
  const full = (name: string) => {
    const plan = planNamed(name);
    return plan?.sweep ? counterpartOf(run, plan).name : name;
  };
  const { distillation, starts_from } = run;
  return {
    ...run,
    distillation: distillation && { ...distillation, teacher: full(distillation.teacher) },
    starts_from: starts_from && full(starts_from),
  };
}

type Referring = Pick<RunSpec, 'distillation' | 'starts_from'> & { readonly sweep?: Sweep | null };

/** Names of the runs whose results a run needs: its teacher, and the one with whose weights it starts. */
export function neededBy({ distillation, starts_from, sweep }: Referring): readonly string[] {
  const swept = (sweep?.settings ?? [])
    .filter(({ path }) => path === 'distillation.teacher' || path === 'starts_from')
    .flatMap((setting) => (setting.kind === 'list' ? setting.values : []));
  return [distillation?.teacher, starts_from, ...swept].filter((name) => typeof name === 'string');
}

/** All combinations in order, as far as the budget goes. */
function gridOf(spec: RunSpec, { settings, max_runs }: Sweep): readonly (readonly SettingValue[])[] {
  const axes = settings.map((setting) => valuesOf(spec, setting));
  const size = axes.reduce((product, values) => product * values.length, 1);
  return Array.from({ length: Math.min(size, max_runs) }, (_, index) => {
    // The digits of `index`, in a number system with one base per axis.
    let rest = index;
    return axes
      .toReversed()
      .map((values) => {
        const value = values[rest % values.length]!;
        rest = Math.floor(rest / values.length);
        return value;
      })
      .reverse();
  });
}

/** Draws per run wanted before a search gives up finding new ones: a few short lists have few combinations. */
const patience = 100;

/** Settings drawn at random, none twice, each with every seed. */
function drawnFrom(spec: RunSpec, { settings, seed, max_runs }: Sweep): readonly (readonly SettingValue[])[] {
  const random = createRandom(seed);
  const axes = settings.map((setting) => ({ setting, values: valuesOf(spec, setting) }));
  const seeds = axes.find(({ setting }) => setting.path === seedPath);
  const replicates = seeds?.values ?? [null];
  const draw = ({ setting, values }: (typeof axes)[number]): SettingValue =>
    setting.kind === 'range' ? rangeValue(spec, setting, random.float()) : values[random.integer(values.length)]!;
  const wanted = Math.ceil(max_runs / replicates.length);
  const drawn = new Map<string, readonly SettingValue[]>();
  for (let attempt = 0; attempt < patience * wanted && drawn.size < wanted; attempt++) {
    const values = axes.map((axis) => (axis === seeds ? null : draw(axis)));
    const key = JSON.stringify(values);
    if (!drawn.has(key)) drawn.set(key, values);
  }
  return [...drawn.values()]
    .flatMap((values) => replicates.map((each) => values.map((value, i) => (axes[i] === seeds ? each : value))))
    .slice(0, max_runs);
}

function valuesOf(spec: RunSpec, setting: SweptSetting): readonly SettingValue[] {
  if (setting.kind === 'list') return [...new Set(setting.values)].map((value) => checked(spec, setting.path, value));
  const { count } = setting;
  return [...new Set(Array.from({ length: count }, (_, i) => rangeValue(spec, setting, i / (count - 1))))];
}

type Range = Extract<SweptSetting, { kind: 'range' }>;

/** `share` 0 is the beginning of the range, 1 its end. Between them three digits are enough, and whole numbers stay whole. */
function rangeValue(spec: RunSpec, { path, from, to, scale }: Range, share: number): SettingValue {
  const between = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  const exact = share === 0 ? from : share === 1 ? to : Number(between.toPrecision(3));
  return checked(spec, path, isWhole(path) ? Math.round(exact) : exact);
}

function checked(spec: RunSpec, path: string, value: SettingValue): SettingValue {
  const result = runSpecSchema.safeParse(withValue(spec, path, value));
  if (result.success) return value;
  const [issue] = result.error.issues;
  return fail(spec, `${path}: expected a value that it can take, got ${valueText(value)}. ${issue?.message ?? ''}`);
}

function withValue(spec: RunSpec, path: string, value: SettingValue): RunSpec {
  const set = (part: unknown, [key = '', ...rest]: readonly string[]): unknown => {
    if (typeof part !== 'object' || part === null || !(key in part)) {
      return fail(spec, `${path}: expected a setting of this run, got none of that name. Remove it from the sweep.`);
    }
    return { ...part, [key]: rest.length === 0 ? value : set((part as Record<string, unknown>)[key], rest) };
  };
  return set(spec, path.split('.')) as RunSpec;
}

export function valueAt(spec: RunSpec, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | null | undefined)?.[key], spec);
}

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const specJsonSchema = z.toJSONSchema(runSpecSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** Whether a setting takes whole numbers only. */
function isWhole(path: string): boolean {
  let parts: readonly JsonSchema[] = [specJsonSchema];
  const variants = ({ anyOf, oneOf, ...own }: JsonSchema) => [own, ...(anyOf ?? []), ...(oneOf ?? [])];
  for (const key of path.split('.'))
    parts = parts.flatMap(variants).flatMap(({ properties }) => properties?.[key] ?? []);
  return parts.flatMap(variants).some(({ type }) => type === 'integer');
}

/** `seed` of `training.seed`, unless another swept setting ends alike. */
function shortName(paths: readonly string[], index: number): string {
  const last = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const own = paths[index]!;
  return paths.filter((path) => last(path) === last(own)).length > 1 ? own : last(own);
}

const valueText = (value: SettingValue): string => (value === null ? 'none' : String(value));

function fail({ name }: RunSpec, message: string): never {
  throw new WinnowError('bad-settings', `${name}: ${message}`);
}
