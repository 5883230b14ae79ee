// A run in mid-course as a file, from which it goes on as if nothing had happened: what learns, the optimiser's moments,
// and what the run remembers of its way. Orders of data, dropout and schedules are functions of seed and step, and the
// rest of the model lies in its own files.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import type { HostMoments, HostTensor } from '../engine/gpu/executor.ts';
import { readSafetensors, type StoredTensor } from '../engine/model/safetensors.ts';
import type { MaskHistory } from '../engine/pruning/mask-history.ts';
import type { MetricRow } from '../runs/events.ts';
import { type RunSpec, runSpecSchema } from '../runs/spec.ts';
import { floats, toFloats } from './artefact.ts';
import type { BalanceState } from './class-balance.ts';
import type { ClockState } from './clock.ts';
import { packHistories, readHistories } from './history-file.ts';
import type { Selected } from './selection.ts';
import type { Snapshot } from './snapshots.ts';

export interface RunCheckpoint {
  readonly spec: RunSpec;
  /** Updates made. */
  readonly step: number;
  /** Since the run began, evaluations included. */
  readonly elapsedMs: number;
  readonly clock: ClockState;
  readonly history: readonly MetricRow[];
  readonly balance: BalanceState | null;
  /** By parameter name; the moments of those that an update has changed. */
  readonly parameters: ReadonlyMap<string, HostTensor>;
  readonly moments: ReadonlyMap<string, HostMoments>;
  /** What a loss that is no number goes back to. */
  readonly good: Snapshot | null;
  readonly selected: Selected | null;
  /** How the masks changed so far; null where none is recorded. */
  readonly masks: MaskCourse | null;
}

export interface MaskCourse {
  /** Steps from one record to the next. */
  readonly interval: number;
  /** By weight name. */
  readonly histories: ReadonlyMap<string, MaskHistory>;
}

const STATE = 'state.json';
const MASKS = 'masks';

const stateSchema = z.object({
  version: z.literal(1),
  spec: runSpecSchema,
  step: z.number().int().positive(),
  elapsedMs: z.number(),
  clock: z.object({ elapsedMs: z.number(), examples: z.number() }),
  history: z.array(z.object({ step: z.number(), values: z.record(z.string(), z.number().nullable()) })),
  balance: z.object({ wasCollapsed: z.boolean(), isSaid: z.boolean() }).nullable(),
  /** Steps whose parameters lie in the file beside those of `step`. */
  good: z.number().nullable(),
  selected: z.object({ step: z.number(), dev: z.record(z.string(), z.number()) }).nullable(),
  interval: z.number().nullable(),
});

/** The file's tensors. Parameters lie under their step: those that are wanted twice are there once. */
export function packCheckpoint(checkpoint: RunCheckpoint): ReadonlyMap<string, StoredTensor> {
  const { parameters, moments, good, selected, masks, ...rest } = checkpoint;
  const state: z.input<typeof stateSchema> = {
    version: 1,
    ...rest,
    history: [...rest.history],
    good: good?.step ?? null,
    selected: selected && { step: selected.snapshot.step, dev: selected.dev },
    interval: masks?.interval ?? null,
  };
  const entries = new Map<string, StoredTensor>();
  const snapshots = [{ step: rest.step, tensors: parameters }, good, selected?.snapshot];
  for (const snapshot of snapshots) {
    for (const [name, tensor] of snapshot?.tensors ?? []) entries.set(`${snapshot?.step}/${name}`, floats(tensor));
  }
  for (const [name, { first, second }] of moments) {
    entries.set(`first/${name}`, floats({ shape: [first.length], data: first }));
    entries.set(`second/${name}`, floats({ shape: [second.length], data: second }));
  }
  entries.set(STATE, bytesOf(new TextEncoder().encode(JSON.stringify(state))));
  if (masks) entries.set(MASKS, bytesOf(packHistories(masks.histories)));
  return entries;
}

/** @throws WinnowError `bad-model` for a damaged file, `storage` for one of another version. */
export function unpackCheckpoint(bytes: Uint8Array, fileName: string): RunCheckpoint {
  const { entries } = readSafetensors(bytes, fileName);
  const state = stateSchema.safeParse(JSON.parse(new TextDecoder().decode(entries.get(STATE)?.data)));
  if (!state.success) {
    throw new WinnowError('storage', `${fileName}: expected a checkpoint of version 1, got ${state.error.message}.`);
  }
  const { good, selected, interval, version: _, history, ...rest } = state.data;
  const groups = new Map<string, Map<string, HostTensor>>();
  for (const [key, { shape, data }] of entries) {
    const [group, name] = divided(key);
    if (!groups.has(group)) groups.set(group, new Map());
    if (name !== '') groups.get(group)?.set(name, { shape, data: toFloats(data) });
  }
  const snapshotOf = (step: number): Snapshot => ({ step, tensors: groups.get(String(step)) ?? new Map() });
  const moments = [...(groups.get('first') ?? [])].map(([name, first]) => {
    const second = groups.get('second')?.get(name);
    return [name, { first: first.data, second: second?.data ?? new Float32Array(first.data.length) }] as const;
  });
  const masks = entries.get(MASKS);
  return {
    ...rest,
    // JSON has no word for numbers that are not finite.
    history: history.map(({ step, values }) => ({
      step,
      values: Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, value ?? Number.NaN])),
    })),
    parameters: snapshotOf(rest.step).tensors,
    moments: new Map(moments),
    good: good === null ? null : snapshotOf(good),
    selected: selected && { snapshot: snapshotOf(selected.step), dev: selected.dev },
    masks: interval !== null && masks ? { interval, histories: readHistories(masks.data) } : null,
  };
}

function divided(key: string): readonly [string, string] {
  const at = key.indexOf('/');
  return at < 0 ? [key, ''] : [key.slice(0, at), key.slice(at + 1)];
}

const bytesOf = (data: Uint8Array): StoredTensor => ({ dtype: 'U8', shape: [data.length], data });
