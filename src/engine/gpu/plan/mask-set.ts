// The masks of one graph: cut-offs found and masks applied on the GPU when scores, weights or threshold have changed.
// Cut-offs stay on the GPU. Binary masks are packed to bits, which products read beside the weights; l0's gates are
// real numbers, dear to compute, so for l0 the gated weights themselves are stored.
import { fewestKept, isBinary, keptOf } from '../../pruning/masks.ts';
import type { StepInputs } from '../executor.ts';
import type { Operation, Value } from '../graph.ts';
import type { OperationOf } from './compilation.ts';
import type { Gpu } from './gpu.ts';
import { maskFunctions } from './kernels/mask.ts';
import { maskWords, packMasks } from './kernels/mask-bits.ts';
import { MATRIX_INFO, matrixTable, PIECE } from './kernels/matrix-table.ts';
import { recordSelection } from './kernels/select.ts';
import type { ParameterStore } from './parameter-store.ts';
import { Plan, Recording } from './plan.ts';
import type { BufferPool } from './pool.ts';
import { largestRejected, passesEverything } from './rank.ts';
import { kernel, read, STEP, uniform, write } from './shader.ts';
import type { Matrix, View } from './storage.ts';
import type { Tier } from './tier.ts';
import type { StepValues } from './upload.ts';

type MaskOperation = OperationOf<'mask'>;

export interface MaskMember {
  readonly operation: MaskOperation;
  /** The weight that it masks; null where only the mask itself is wanted. */
  readonly weight: string | null;
}

/** The masks of a graph, with the weights they act on. */
export function maskMembers(order: readonly Operation[]): MaskMember[] {
  const weights = new Map<Value, string>();
  for (const operation of order) {
    const [, weight, , mask] = operation.inputs;
    if (operation.op === 'linear' && mask && weight?.kind === 'parameter') weights.set(mask, weight.name);
  }
  const masks = order.filter((operation): operation is MaskOperation => operation.op === 'mask');
  return masks.map((operation) => ({ operation, weight: weights.get(operation) ?? null }));
}

export class MaskSet {
  private selectKey = '';
  private applyKey = '';

  private constructor(
    private readonly members: readonly MaskMember[],
    private readonly buffers: { readonly cuts: GPUBuffer; readonly applied: GPUBuffer | null },
    private readonly offsets: readonly number[],
    private readonly plans: { readonly select: Plan | null; readonly apply: Plan | null },
    private readonly gpu: Gpu,
  ) {}

  static async build(o: {
    readonly gpu: Gpu;
    readonly pool: BufferPool;
    readonly parameters: ParameterStore;
    readonly members: readonly MaskMember[];
  }): Promise<MaskSet> {
    const { gpu, pool, parameters, members } = o;
    const ranked = rankedBy(members, parameters);
    const { offsets, words } = appliedOffsets(members, parameters);
    const cuts = gpu.createBuffer('cut-offs', 2 * ranked.sources.length, 'masks');
    const applied =
      words > 0 ? gpu.createBuffer(isBinary(ranked.method) ? 'mask bits' : 'gated weights', words, 'masks') : null;
    const buffers = { cuts, applied };
    const select = isBinary(ranked.method)
      ? await Plan.build(gpu, pool, selectRecording(ranked, { parameters, cuts, tier: gpu.tier }))
      : null;
    const record = isBinary(ranked.method) ? packRecording : gateRecording;
    const apply = applied ? await Plan.build(gpu, pool, record({ members, parameters, offsets, cuts, applied })) : null;
    return new MaskSet(members, buffers, offsets, { select, apply }, gpu);
  }

  get cuts(): View {
    return wholeOf(this.buffers.cuts);
  }

  /** Mask bits, or l0's gated weights. */
  get applied(): View {
    if (!this.buffers.applied) throw new Error('masks: expected masks of weights, got masks alone');
    return wholeOf(this.buffers.applied);
  }

  /** Which of `cuts` is a mask's. */
  cutIndexOf(operation: MaskOperation): number {
    return operation.attributes.row ?? this.indexOf(operation);
  }

  /** Where a mask's part of `applied` begins, in words. */
  offsetOf(operation: MaskOperation): number {
    return this.offsets[this.indexOf(operation)] as number;
  }

  private indexOf(operation: MaskOperation): number {
    const index = this.members.findIndex((member) => member.operation === operation);
    if (index < 0) throw new Error('masks: expected a mask of this graph');
    return index;
  }

  /** Encodes what has to be decided anew; `version` counts changes of parameters. */
  prepare(encoder: GPUCommandEncoder, values: StepValues, version: number): number {
    const fresh = { ...values, adds: false };
    const { threshold, cutVersion, seed } = values.inputs;
    const isGlobal = this.members.some(({ operation }) => operation.attributes.row !== null);
    const isSampled = this.members.some(({ operation }) => operation.attributes.method === 'l0_sampled');
    const scores = isGlobal && cutVersion !== undefined ? `cut ${cutVersion}` : `version ${version}`;
    const selectKey = `${scores}/${threshold}`;
    const applyKey = `${selectKey}/${version}/${isSampled ? seed : ''}`;
    let dispatches = 0;
    if (this.plans.select && selectKey !== this.selectKey) dispatches += encode(this.plans.select, encoder, fresh);
    if (this.plans.apply && applyKey !== this.applyKey) dispatches += encode(this.plans.apply, encoder, fresh);
    this.selectKey = selectKey;
    this.applyKey = applyKey;
    return dispatches;
  }

  dispose(): void {
    this.plans.select?.dispose();
    this.plans.apply?.dispose();
    this.gpu.destroyBuffer(this.buffers.cuts);
    this.gpu.destroyBuffer(this.buffers.applied);
  }
}

function encode(plan: Plan, encoder: GPUCommandEncoder, values: StepValues): number {
  plan.encode(encoder, values);
  return plan.dispatchCount;
}

const wholeOf = (buffer: GPUBuffer): View => ({ home: buffer, offset: 0, words: buffer.size / 4 });

function parameterMatrix(value: Value | undefined, parameters: ParameterStore): Matrix {
  if (value?.kind !== 'parameter') throw new Error(`mask source: expected a parameter, got ${value?.kind}`);
  return parameters.matrix(value.name);
}

function appliedOffsets(members: readonly MaskMember[], parameters: ParameterStore) {
  let words = 0;
  const offsets = members.map(({ operation, weight }) => {
    const offset = words;
    if (weight !== null) {
      const matrix = parameters.matrix(weight);
      words += isBinary(operation.attributes.method) ? maskWords(matrix) : matrix.view.words;
    }
    return offset;
  });
  return { offsets, words };
}

/** What is ranked: the matrices of a global cut together, or every mask's source alone. */
interface Ranked {
  readonly sources: readonly Matrix[];
  readonly isGlobal: boolean;
  readonly method: MaskOperation['attributes']['method'];
}

function rankedBy(members: readonly MaskMember[], parameters: ParameterStore): Ranked {
  const { attributes, inputs } = (members[0] as MaskMember).operation;
  const cut = inputs[1];
  const isGlobal = attributes.row !== null && cut?.kind === 'operation';
  const values = isGlobal ? cut.inputs : members.map(({ operation }) => operation.inputs[0] as Value);
  return { sources: values.map((value) => parameterMatrix(value, parameters)), isGlobal, method: attributes.method };
}

const sizeOf = ({ rows, columns }: Matrix): number => rows * columns;

function selectRecording(
  { sources, isGlobal, method }: Ranked,
  o: { readonly parameters: ParameterStore; readonly cuts: GPUBuffer; readonly tier: Tier },
): Recording {
  const recording = new Recording();
  let start = 0;
  const entries = sources.map((matrix, index) => {
    const extra = isGlobal ? [0, start] : [index, 0];
    start += sizeOf(matrix);
    return { matrix, extra };
  });
  const table = matrixTable(recording, entries);
  const counts = isGlobal ? [start] : sources.map(sizeOf);
  const settings = recording.upload.region('selection', {
    words: 1 + counts.length,
    element: 'i32',
    source: ({ inputs }) => selectionSettings(method, counts, inputs),
  });
  recordSelection(recording, {
    table,
    rankings: counts.map((count, index) =>
      isGlobal ? [0, sources.length, 0, count] : [index, index + 1, table.firstPiece[index] as number, count],
    ),
    parameters: wholeOf(o.parameters.seal()),
    isAbsolute: method === 'magnitude',
    tier: o.tier,
    settings,
    cuts: wholeOf(o.cuts),
  });
  return recording;
}

/** The rank that is always kept above, then how many each ranking keeps. */
function selectionSettings(
  method: MaskOperation['attributes']['method'],
  counts: readonly number[],
  { threshold }: StepInputs,
): Int32Array {
  if (method === 'topK' || method === 'magnitude') {
    return toWords(
      passesEverything,
      counts.map((count) => keptOf(threshold, count)),
    );
  }
  const limit =
    method === 'threshold'
      ? largestRejected((score) => score > threshold)
      : largestRejected((score) => Math.fround(1 / (1 + Math.exp(-score))) > threshold);
  return toWords(limit, counts.map(fewestKept));
}

const toWords = (limit: number, keeps: readonly number[]): Int32Array => Int32Array.of(limit | 0, ...keeps);

interface Application {
  readonly members: readonly MaskMember[];
  readonly parameters: ParameterStore;
  readonly offsets: readonly number[];
  readonly cuts: GPUBuffer;
  readonly applied: GPUBuffer;
}

function packRecording({ members, parameters, offsets, cuts, applied }: Application): Recording {
  const recording = new Recording();
  const masks = members.map(({ operation }, index) => ({
    source: parameterMatrix(operation.inputs[0], parameters),
    cutIndex: operation.attributes.row ?? index,
    offset: offsets[index] as number,
  }));
  const method = members[0]?.operation.attributes.method ?? 'topK';
  const flat = { parameters: wholeOf(parameters.seal()), cuts: wholeOf(cuts), bits: wholeOf(applied) };
  recording.emit(packMasks(recording, { masks, method, ...flat }));
  return recording;
}

function gateRecording({ members, parameters, offsets, applied }: Application): Recording {
  const recording = new Recording();
  const entries = members.map((member, index) => ({
    matrix: parameterMatrix(member.operation.inputs[0], parameters),
    extra: [
      member.weight === null ? 0 : parameters.matrix(member.weight).view.offset / 4,
      (offsets[index] as number) / 4,
      member.operation.attributes.site,
    ],
  }));
  const table = matrixTable(recording, entries);
  const all = wholeOf(parameters.seal());
  const method = members[0]?.operation.attributes.method ?? 'l0';
  recording.emit(
    kernel({
      label: 'gated weights',
      threads: table.pieces * 64,
      bindings: {
        parameters: read(all),
        ...table.bindings,
        gated: write(wholeOf(applied)),
        step: uniform(recording.upload.step, 'Step'),
      },
      declarations: STEP + MATRIX_INFO + maskFunctions(method),
      body: `
        let piece = pieces[group];
        let m = matrices[piece.x];
        let key = streamKey(step.seed, m.c);
        for (var i = lane; i < ${PIECE / 4}u; i += 64u) {
          let word = piece.y + 4u * i;
          if (word >= m.words) { break; }
          let index = (word / m.stride) * m.columns + word % m.stride + vec4u(0u, 1u, 2u, 3u);
          let at = word / 4u;
          gated[m.b + at] = parameters[m.a + at] * maskOf(parameters[m.offset / 4u + at], index, vec2u(), key);
        }`,
    }),
  );
  return recording;
}
