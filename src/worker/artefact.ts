// What is left of a finished run, as files: everything that masks, downloads and teaching need after a reload.
// weights.safetensors holds every parameter before masking, masks.safetensors packed bits (and l0's gates),
// scores.safetensors what the masks were decided by, and history.safetensors how the masks came to be.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import type { HostTensor } from '../engine/gpu/executor.ts';
import type { ModelTask } from '../engine/model/architecture.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../engine/model/safetensors.ts';
import type { MaskHistory } from '../engine/pruning/mask-history.ts';
import { versionOf, writtenByNewer } from '../runs/database.ts';
import type { MetricRow, RunSummary } from '../runs/events.ts';
import { type RunSpec, runSpecSchema } from '../runs/spec.ts';
import { packHistories } from './history-file.ts';

export interface Artefact {
  readonly spec: RunSpec;
  readonly finishedAt: number;
  /** Of a classifier; empty for other tasks. */
  readonly labels: readonly string[];
  readonly stepsPerEpoch: number;
  readonly summary: RunSummary;
  readonly history: readonly MetricRow[];
  /** By checkpoint key, before masking. */
  readonly weights: ReadonlyMap<string, HostTensor>;
  /** By weight name: packed bits, least significant first; empty for a dense run. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
  /** l0's real-valued masks; null for every other method. */
  readonly gates: ReadonlyMap<string, Float32Array> | null;
}

/** As a run leaves it: with what explains its masks, which is read a matrix at a time. */
export interface FinishedRun extends Artefact {
  /** What the masks were decided by, by weight name; empty where the method learns no scores. */
  readonly scores: ReadonlyMap<string, Float32Array>;
  /** By weight name; empty for a dense run and where none was asked for. */
  readonly histories: ReadonlyMap<string, MaskHistory>;
}

export function taskOfArtefact({ spec, labels }: Pick<Artefact, 'spec' | 'labels'>): ModelTask {
  if (spec.mlm) return 'fill-mask';
  return labels.length > 0 ? 'text-classification' : 'question-answering';
}

const numbers = z.record(z.string(), z.number());

const classReportSchema = z.object({
  split: z.enum(['dev', 'test']),
  labels: z.array(z.string()),
  confusion: z.array(z.array(z.number())),
  errors: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      label: z.number(),
      predicted: z.number(),
      probability: z.number(),
    }),
  ),
});

const manifestSchema = z.object({
  version: z.literal(1),
  spec: runSpecSchema,
  finishedAt: z.number(),
  labels: z.array(z.string()),
  stepsPerEpoch: z.number(),
  summary: z.object({
    metrics: numbers,
    encoderKept: z.number(),
    encoderTotal: z.number(),
    keptByMatrix: z.array(z.number()),
    modelNonZero: z.number(),
    modelTotal: z.number(),
    classes: classReportSchema.nullable().default(null),
    elapsedMs: z.number(),
  }),
  history: z.array(z.object({ step: z.number(), values: numbers })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest comes last: without it, a folder counts as absent. */
export const runFileNames = [
  'weights.safetensors',
  'masks.safetensors',
  'scores.safetensors',
  'history.safetensors',
  'manifest.json',
] as const;
export type RunFileName = (typeof runFileNames)[number];

export const artefactFileNames = ['weights.safetensors', 'masks.safetensors', 'manifest.json'] as const;

type Files<Name extends RunFileName> = Readonly<Record<Name, Uint8Array<ArrayBuffer>>>;
export type ArtefactFiles = Files<(typeof artefactFileNames)[number]>;

const GATES = 'gates/';
const MASKS = 'masks/';

export function packRun({ weights, masks, gates, scores, histories, ...rest }: FinishedRun): Files<RunFileName> {
  const manifest = { version: 1, ...rest };
  const bits = [...masks].map(([name, data]) => [MASKS + name, { dtype: 'U8', shape: [data.length], data }] as const);
  const reals = [...(gates ?? [])].map(([name, data]) => [GATES + name, floats(flat(data))] as const);
  return {
    'manifest.json': new TextEncoder().encode(JSON.stringify(manifest)),
    'weights.safetensors': writeSafetensors(new Map([...weights].map(([name, tensor]) => [name, floats(tensor)]))),
    'masks.safetensors': writeSafetensors(new Map<string, StoredTensor>([...bits, ...reals])),
    'scores.safetensors': writeSafetensors(new Map([...scores].map(([name, data]) => [name, floats(flat(data))]))),
    'history.safetensors': packHistories(histories),
  };
}

export function unpackArtefact(files: ArtefactFiles): Artefact {
  const { version: _, ...manifest } = parseManifest(files['manifest.json']);
  const weights = new Map<string, HostTensor>();
  for (const [name, { shape, data }] of readSafetensors(files['weights.safetensors'], 'weights.safetensors').entries) {
    weights.set(name, { shape, data: toFloats(data) });
  }
  const masks = new Map<string, Uint8Array>();
  const gates = new Map<string, Float32Array>();
  for (const [name, { data }] of readSafetensors(files['masks.safetensors'], 'masks.safetensors').entries) {
    if (name.startsWith(MASKS)) masks.set(name.slice(MASKS.length), data);
    else gates.set(name.slice(GATES.length), toFloats(data));
  }
  return { ...manifest, weights, masks, gates: gates.size > 0 ? gates : null };
}

export function parseManifest(bytes: Uint8Array): Manifest {
  const manifest: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (versionOf(manifest) > 1) throw writtenByNewer('manifest.json of a finished run', 1);
  const result = manifestSchema.safeParse(manifest);
  if (result.success) return result.data;
  throw new WinnowError(
    'storage',
    `manifest.json of a finished run: expected version 1 of it, got ${z.prettifyError(result.error)}. Run it again.`,
  );
}

const flat = (data: Float32Array): HostTensor => ({ shape: [data.length], data });

export function floats({ shape, data }: HostTensor) {
  return { dtype: 'F32' as const, shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Bytes of any alignment as floats. */
export const toFloats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);
