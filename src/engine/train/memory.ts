// What a run will hold before it begins, by kind, and whether it fits: on WebGPU its plans laid out on a ledger, on
// WebAssembly its graphs walked with sizes in place of tensors. Neither computes anything.
import { footprint } from '../cpu/footprint.ts';
import { MOST_KEPT as MOST_COMPRESSED } from '../cpu/sparse.ts';
import type { ParameterGroup } from '../gpu/executor.ts';
import type { Shape, Value } from '../gpu/graph.ts';
import type { BytesByKind } from '../gpu/holdings.ts';
import { defaultPlanBytes } from '../gpu/plan/plan-executor.ts';
import { planMemory } from '../gpu/plan/plan-memory.ts';
import type { Tier } from '../gpu/plan/tier.ts';
import { parameterShapes } from '../model/architecture.ts';
import { hasScores, scoresName } from '../pruning/masked-linear.ts';
import { createProgram, type ProgramOptions, type TrainingShape, valuesOf } from './program.ts';

export type BufferLimits = Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>;

export type MemoryTarget =
  | {
      readonly backend: 'webgpu';
      readonly tier: Tier;
      readonly precision: 'f32' | 'f16';
      readonly limits: BufferLimits;
    }
  | { readonly backend: 'wasm'; readonly threads: number };

export interface MemoryRequest {
  readonly program: ProgramOptions;
  /** What is trained, as `parameterGroups` gives it. */
  readonly groups: readonly ParameterGroup[];
  /** The shapes of micro-batches, in the order of their first steps; the largest alone if the order is not known. */
  readonly training: readonly TrainingShape[];
  readonly evaluation: readonly TrainingShape[];
  /** Micro-batches of an update. */
  readonly accumulation: number;
  /** Smallest and largest share of masked weights that is ever kept; null where scores alone decide. */
  readonly keptFractions: readonly [number, number] | null;
  readonly target: MemoryTarget;
  /** Bytes that the run may take in all; null where only the adapter's limits are known. */
  readonly budgetBytes: number | null;
}

export type EstimatedKind = 'weights' | 'scores' | 'gradients' | 'moments' | 'masks' | 'activations' | 'other';

export interface MemoryEstimate {
  /** When most is held; gradients and moments of scores count as such. */
  readonly byKind: Readonly<Record<EstimatedKind, number>>;
  readonly total: number;
  /** Bytes of the largest single buffer or tensor. */
  readonly largest: number;
  readonly fits: { readonly ok: boolean /** Empty where it fits. */; readonly reason: string };
}

export async function estimateMemory(request: MemoryRequest): Promise<MemoryEstimate> {
  const graphs = graphsOf(request);
  const held = await (request.target.backend === 'webgpu'
    ? onWebGpu(request, request.target, graphs)
    : onWasm(request, request.target, graphs));
  const { parameters, ...rest } = held.byKind;
  const byKind = { weights: parameters - held.scores, scores: held.scores, ...rest };
  const total = Object.values(byKind).reduce((sum, bytes) => sum + bytes, 0);
  return { byKind, total, largest: held.largest, fits: fitOf(request, total, held.largest) };
}

interface Graphs {
  readonly parameters: ReadonlyMap<string, Shape>;
  readonly scores: readonly string[];
  readonly training: readonly (readonly Value[])[];
  readonly evaluation: readonly (readonly Value[])[];
}

interface Held {
  readonly byKind: BytesByKind;
  readonly largest: number;
  /** Bytes of all scores. */
  readonly scores: number;
}

function graphsOf({ program: options, training, evaluation }: MemoryRequest): Graphs {
  const program = createProgram(options);
  const { config, task, labels, pruning } = options;
  const matrices = pruning && hasScores(pruning.method) ? program.matrices : [];
  const scores = matrices.map(({ name, rows, columns }) => [scoresName(name), [rows, columns]] as const);
  return {
    parameters: new Map([...parameterShapes(config, task, labels), ...scores]),
    scores: scores.map(([name]) => name),
    training: training.map((shape) => valuesOf(program.training(shape))),
    evaluation: evaluation.map((shape) => [task === 'fill-mask' ? program.wordLoss(shape) : program.logits(shape)]),
  };
}

async function onWebGpu(
  { groups }: MemoryRequest,
  { tier, precision, limits }: Extract<MemoryTarget, { backend: 'webgpu' }>,
  graphs: Graphs,
): Promise<Held> {
  const budgetBytes = defaultPlanBytes(limits);
  const held = await planMemory({ ...graphs, groups, precision, budgetBytes, tier });
  const scores = graphs.scores.reduce((sum, name) => sum + held.bytesOf(name), 0);
  return { byKind: held.byKind, largest: held.largestBuffer, scores };
}

async function onWasm(
  request: MemoryRequest,
  { threads }: Extract<MemoryTarget, { backend: 'wasm' }>,
  graphs: Graphs,
): Promise<Held> {
  const held = footprint({
    ...graphs,
    trainable: new Set(request.groups.flatMap(({ names }) => names)),
    accumulates: request.accumulation > 1,
    threads,
    keptFraction: mostCompressed(request.keptFractions),
  });
  const scores = graphs.scores.reduce((sum, name) => sum + 4 * sizeOf(graphs.parameters.get(name) ?? []), 0);
  return { byKind: held.byKind, largest: held.largestTensor, scores };
}

const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** The share of kept weights, of all that a run passes through, at which their compressed copies take most. */
function mostCompressed(range: MemoryRequest['keptFractions']): number {
  const [smallest, largest] = range ?? [0, 1];
  return smallest > MOST_COMPRESSED ? largest : Math.min(largest, MOST_COMPRESSED);
}

/** Pages of 64 KiB that tfjs's module may grow to. */
export const WASM_MOST_BYTES = 65535 * 65536;

function fitOf({ target, budgetBytes }: MemoryRequest, total: number, largest: number): MemoryEstimate['fits'] {
  const needs = `This run needs ${inWords(total)}`;
  if (target.backend === 'wasm' && total > WASM_MOST_BYTES) {
    return { ok: false, reason: `${needs}; WebAssembly has room for ${inWords(WASM_MOST_BYTES)}.` };
  }
  if (budgetBytes !== null && total > budgetBytes) {
    return { ok: false, reason: `${needs}; there is room for ${inWords(budgetBytes)}.` };
  }
  const limit = target.backend === 'wasm' ? Number.POSITIVE_INFINITY : largestBufferOf(target.limits);
  return largest > limit
    ? { ok: false, reason: `One buffer takes ${inWords(largest)}; this adapter allows ${inWords(limit)} in one.` }
    : { ok: true, reason: '' };
}

/** What an adapter allows a single buffer to be. */
export const largestBufferOf = ({ maxBufferSize, maxStorageBufferBindingSize }: BufferLimits): number =>
  Math.min(maxBufferSize, maxStorageBufferBindingSize);

const inWords = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(Math.ceil(bytes / 1e7) / 100).toFixed(2)} GB`;
