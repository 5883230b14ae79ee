// From a graph to a recording: every operation's kernel emits its forward commands and returns how to go back; then
// gradients flow in reverse. Nothing runs here.
import type { Feed, Operation, OpName, Value } from '../graph.ts';
import { differentiated, segmentsOf, topologicalOrder } from '../graph.ts';
import type { HalfWeights } from './half-weights.ts';
import { createColumnSums } from './kernels/column-sums.ts';
import { add } from './kernels/elementwise.ts';
import { planKernels } from './kernels/index.ts';
import type { LinearGroups } from './kernels/linear-groups.ts';
import { groupLinears } from './kernels/linear-groups.ts';
import type { MaskSet } from './mask-set.ts';
import { type GradientStore, type ParameterStore, pad } from './parameter-store.ts';
import { Recording } from './plan.ts';
import type { Command } from './shader.ts';
import { extents, type Format, type Matrix, padded, type View } from './storage.ts';
import type { Tier } from './tier.ts';
import { feedOf } from './upload.ts';

export type OperationOf<O extends OpName> = Extract<Operation, { op: O }>;

export interface Forwarded {
  readonly value: Matrix;
  /** Emits what turns the value's gradient into its inputs' gradients. */
  readonly backward: (gradient: Matrix) => void;
}

export type PlanKernel<O extends OpName> = (compilation: Compilation, operation: OperationOf<O>) => Forwarded;

export interface Environment {
  readonly parameters: ParameterStore;
  readonly gradients: GradientStore;
  readonly masks: MaskSet | null;
  /** Weights that products read as halves. */
  readonly halves: HalfWeights | null;
  readonly tier: Tier;
  /** How activations are stored between kernels. */
  readonly precision: Format;
}

export interface ParameterGradient {
  readonly matrix: Matrix;
  /** Whether an earlier command of this plan has written it, so that this one must add. */
  readonly adds: boolean;
}

export class Compilation {
  readonly recording = new Recording();
  readonly order: readonly Operation[];
  readonly groups: LinearGroups;
  /** Pre-activations of linear maps, where backward needs them. */
  readonly preActivations = new Map<Operation, Matrix>();
  /** Operations whose pending gradient is already that of the pre-activation. */
  readonly activated = new Set<Operation>();
  /** Where an operation's gradient must go, if it matters. */
  readonly gradientTargets = new Map<Operation, Matrix>();
  readonly gradientNames = new Set<string>();
  readonly columnSums = createColumnSums();
  private readonly forwarded = new Map<Operation, Forwarded>();
  private readonly pending = new Map<Operation, Matrix>();
  private readonly reachable = new Map<Value, boolean>();
  private readonly differentiated: ReadonlySet<Value>;
  private readonly uses = new Map<Value, number>();
  /** Values that are never rounded to halves. */
  private readonly exact: ReadonlySet<Value>;

  constructor(
    readonly environment: Environment,
    private readonly outputs: readonly Value[],
    private readonly trainable: ReadonlySet<string>,
  ) {
    this.order = topologicalOrder(outputs);
    this.differentiated = differentiated(outputs);
    for (const value of [...outputs, ...this.order.flatMap(({ inputs }) => inputs)]) {
      this.uses.set(value, (this.uses.get(value) ?? 0) + 1);
    }
    this.exact = new Set([...outputs, ...this.order.filter(readsLogits).flatMap(({ inputs }) => inputs)]);
    this.groups = groupLinears(this.order, (value) => this.wants(value));
    for (const operation of this.order) this.forward(operation);
  }

  // What kernels ask for.

  get step(): View {
    return this.recording.upload.step;
  }

  emit(command: Command): void {
    this.recording.emit(command);
  }

  allocate(label: string, rows: number, columns: number, format: Format = 'f32'): Matrix {
    return this.recording.allocate(label, rows, columns, format);
  }

  /**
   * How an operation's value is stored. Logits, and what is read back, stay f32; so do gradients of activations, which
   * need no loss scaling for that.
   */
  formatOf(operation: Operation): Format {
    return this.exact.has(operation) ? 'f32' : this.environment.precision;
  }

  matrixOf(value: Value): Matrix {
    if (value.kind === 'parameter') return this.environment.parameters.matrix(value.name);
    if (value.kind === 'feed') return this.floatFeed(value);
    const forwarded = this.forwarded.get(value);
    if (!forwarded) throw new Error(`${value.op}: expected to be computed before its users, is not`);
    return forwarded.value;
  }

  /** The integers of a feed, as uploaded. */
  integersOf(value: Value): View {
    if (value.kind !== 'feed') throw new Error(`plan: expected an integer feed, got ${value.kind}`);
    const { name, shape } = value;
    const words = shape.reduce((product, extent) => product * extent, 1);
    return this.recording.upload.region(name, { words, element: 'i32', source: ({ inputs }) => feedOf(inputs, name) });
  }

  /** Whether gradients flow to a value. */
  wants(value: Value): boolean {
    if (value.kind === 'parameter') return this.trainable.has(value.name);
    if (value.kind === 'feed' || value.op === 'globalCut' || !this.differentiated.has(value)) return false;
    const known = this.reachable.get(value);
    if (known !== undefined) return known;
    const reaches = value.inputs.some((input) => this.wants(input));
    this.reachable.set(value, reaches);
    return reaches;
  }

  isUsedOnce(value: Value): boolean {
    return this.uses.get(value) === 1;
  }

  keep(operation: Operation, forwarded: Forwarded): void {
    this.forwarded.set(operation, forwarded);
  }

  /** Where a kernel writes a value's gradient, and what it must add: the contributions so far. */
  gradientTarget(value: Value): { readonly target: Matrix; readonly addend: Matrix | null } {
    if (value.kind !== 'operation') throw new Error(`plan: expected an operation's gradient, got a ${value.kind}'s`);
    const { rows, columns } = this.matrixOf(value);
    const addend = this.pending.get(value) ?? null;
    const reserved = addend ? undefined : this.gradientTargets.get(value);
    const target = reserved ?? this.allocate(`gradient of ${value.op}`, rows, columns);
    this.pending.set(value, target);
    return { target, addend };
  }

  hasGradient(value: Value): boolean {
    return value.kind === 'operation' && this.pending.has(value);
  }

  /** Takes `gradient`, which others may share, as a contribution to a value's gradient. */
  contribute(value: Value, gradient: Matrix): void {
    if (!this.wants(value) || value.kind !== 'operation') return;
    const before = this.pending.get(value);
    if (!before) this.pending.set(value, gradient);
    else {
      const sum = this.allocate(`gradient of ${value.op}`, gradient.rows, gradient.columns);
      this.emit(add(before, gradient, sum));
      this.pending.set(value, sum);
    }
  }

  parameterGradient(value: Value): ParameterGradient {
    if (value.kind !== 'parameter') throw new Error(`plan: expected a parameter, got a ${value.kind}`);
    const adds = this.gradientNames.has(value.name);
    this.gradientNames.add(value.name);
    return { matrix: this.environment.gradients.matrix(value.name), adds };
  }

  /** Walks the operations in reverse, from the gradients that `seeds` gives the outputs. */
  backward(seeds: readonly { readonly value: Value; readonly gradient: Matrix }[]): void {
    for (const { value, gradient } of seeds) this.contribute(value, gradient);
    const segments = segmentsOf(this.order).reverse();
    segments.forEach((segment, index) => {
      if (index > 0) this.recompute(segment); // the last one's values are still at hand
      for (const operation of segment.reverse()) {
        const gradient = this.pending.get(operation);
        if (gradient) this.forwarded.get(operation)?.backward(gradient);
      }
    });
  }

  /**
   * Emits a segment's forward commands once more, into storage of their own: that of the first run then lives only
   * until the next segment has read it. Noise is a function of seed and place, so the values are the same.
   */
  private recompute(segment: readonly Operation[]): void {
    if (!segment.some((operation) => this.pending.has(operation))) return;
    const operations = segment.filter(({ op }) => op !== 'checkpoint');
    for (const operation of operations) this.forwarded.delete(operation);
    for (const operation of operations) this.forward(operation);
  }

  private forward(operation: Operation): void {
    if (this.forwarded.has(operation) || operation.op === 'globalCut') return;
    if (operation.op === 'mask' && !this.outputs.includes(operation)) return; // decided before, applied by its linear map
    const forward = planKernels[operation.op] as unknown as PlanKernel<OpName>;
    const forwarded = forward(this, operation as never);
    if (!this.forwarded.has(operation)) this.forwarded.set(operation, forwarded);
  }

  private floatFeed({ name, shape, dtype }: Feed): Matrix {
    if (dtype !== 'float32') throw new Error(`feed ${name}: expected floats, got ${dtype}`);
    const { rows, columns } = extents(shape);
    const stride = padded(columns);
    const words = rows * stride;
    const view = this.recording.upload.region(name, {
      words,
      element: 'f32',
      source: ({ inputs }) => pad(feedOf(inputs, name), { rows, columns, stride, words }),
    });
    return { rows, columns, stride, format: 'f32', view };
  }
}

const LOGIT_READERS: ReadonlySet<OpName> = new Set([
  ...(['crossEntropy', 'distillation', 'spanRows', 'sliceRows', 'stopGradient', 'tokenCrossEntropy'] as const),
  ...(['annealedCrossEntropy', 'annealedShare', 'consistency', 'confidentShare'] as const),
]);

/** Operations on logits, which a loss takes the exponential of. */
const readsLogits = ({ op }: Operation): boolean => LOGIT_READERS.has(op);
