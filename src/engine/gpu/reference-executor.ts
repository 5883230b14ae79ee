// Runs a graph op by op on whatever tfjs backend is active. No tape: forward keeps what backward needs, backward
// walks the operations in reverse and frees each as it passes, so memory is flat from step to step. Between
// checkpoints nothing is kept: backward computes a segment again before it walks it.
import * as tf from '@tensorflow/tfjs-core';
import { isBinary } from '../pruning/masks.ts';
import type { Cut } from '../pruning/select.ts';
import type { Moments } from './adamw.ts';
import type {
  Executor,
  HostMoments,
  HostTensor,
  MemoryUse,
  StepInputs,
  StepReport,
  Term,
  UpdateSettings,
} from './executor.ts';
import { differentiated, type Operation, segmentsOf, topologicalOrder, type Value } from './graph.ts';
import { type Kernels, plainKernels } from './kernels.ts';
import { ForwardPass } from './reference/forward-pass.ts';
import { GradientFlow } from './reference/gradient-flow.ts';
import { Readers, reaching } from './reference/reach.ts';

type MaskOperation = Extract<Operation, { op: 'mask' }>;
type Segments = readonly (readonly Operation[])[];
type CutOperation = Extract<Operation, { op: 'globalCut' }>;

export function createReferenceExecutor(backend: 'webgpu' | 'wasm', kernels: Kernels = plainKernels): Executor {
  return new ReferenceExecutor(backend, kernels);
}

class ReferenceExecutor implements Executor {
  private readonly parameters = new Map<string, tf.Tensor>();
  private readonly moments = new Map<string, Moments>();
  private readonly gradients = new Map<string, tf.Tensor>();
  private readonly masks = new Map<MaskOperation, { readonly key: string; readonly bits: tf.Tensor }>();
  private readonly cuts = new Map<CutOperation, { readonly key: string; readonly cuts: readonly Cut[] }>();
  private termTotals: { name: string; total: tf.Tensor }[] = [];
  /** Changes with every write, so that masks are decided once per update and threshold. */
  private version = 0;
  private report: StepReport | null = null;

  constructor(
    readonly backend: 'webgpu' | 'wasm',
    private readonly kernels: Kernels,
  ) {
    kernels.restart();
  }

  setParameter(name: string, { shape, data }: HostTensor): void {
    this.version++;
    this.parameters.get(name)?.dispose();
    this.parameters.set(name, tf.tensor(data, [...shape]));
  }

  hasParameter(name: string): boolean {
    return this.parameters.has(name);
  }

  async readParameter(name: string): Promise<Float32Array> {
    return (await this.parameterOf(name).data()) as Float32Array;
  }

  async readMoments(name: string): Promise<HostMoments | null> {
    const known = this.moments.get(name);
    if (!known) return null;
    const [first, second] = await Promise.all([known.first.data(), known.second.data()]);
    return { first: Float32Array.from(first), second: Float32Array.from(second) };
  }

  setMoments(name: string, { first, second }: HostMoments): void {
    const { shape } = this.parameterOf(name);
    const known = this.moments.get(name);
    if (known) tf.dispose([known.first, known.second]);
    this.moments.set(name, { first: tf.tensor(first, shape), second: tf.tensor(second, shape) });
  }

  async evaluate(values: readonly Value[], inputs: StepInputs): Promise<Float32Array[]> {
    const pass = this.passOf(inputs);
    try {
      await this.computeOnly(pass, values, inputs);
      const read = await Promise.all(values.map((value) => pass.tensorOf(value).data()));
      return read.map((numbers) => Float32Array.from(numbers));
    } finally {
      pass.dispose();
    }
  }

  async accumulate(o: {
    readonly terms: readonly Term[];
    readonly inputs: StepInputs;
    readonly trainable: ReadonlySet<string>;
    readonly share: number;
  }): Promise<void> {
    const outputs = o.terms.map((term) => term.value);
    const segments = segmentsOf(topologicalOrder(outputs));
    const pass = this.passOf(o.inputs);
    try {
      await this.computeSegments(pass, { segments, outputs, inputs: o.inputs });
      this.addTerms(o.terms, pass, o.share);
      this.backward(pass, segments, o);
    } finally {
      pass.dispose();
    }
  }

  async readGradient(name: string): Promise<Float32Array> {
    const gradient = this.gradients.get(name);
    if (!gradient) throw new Error(`gradient of ${name}: expected it after accumulate(), got none`);
    return Float32Array.from(await gradient.data());
  }

  async update(settings: UpdateSettings): Promise<void> {
    const norm = this.kernels.optimizer.globalNorm([...this.gradients.values()]);
    this.report = await this.takeReport(norm);
    if (isUsable(this.report)) this.applyGradients(norm, settings);
    tf.dispose([norm, ...this.gradients.values()]);
    this.gradients.clear();
  }

  async readReport(): Promise<StepReport> {
    if (!this.report) throw new Error('readReport: expected an update before it, got none');
    return this.report;
  }

  memory(): MemoryUse {
    return this.kernels.memory.use;
  }

  dispose(): void {
    tf.dispose([...this.parameters.values(), ...this.gradients.values()]);
    for (const { first, second } of this.moments.values()) tf.dispose([first, second]);
    tf.dispose(this.termTotals.map(({ total }) => total));
    tf.dispose([...this.masks.values()].map(({ bits }) => bits));
    for (const map of [this.parameters, this.gradients, this.moments, this.masks, this.cuts]) map.clear();
  }

  private parameterOf(name: string): tf.Tensor {
    const tensor = this.parameters.get(name);
    if (!tensor) throw new Error(`parameter ${name}: expected it to be set, got none`);
    return tensor;
  }

  private momentsOf(name: string): Moments {
    const known = this.moments.get(name);
    if (known) return known;
    const { shape } = this.parameterOf(name);
    return { first: tf.zeros(shape), second: tf.zeros(shape) };
  }

  private passOf(inputs: StepInputs): ForwardPass {
    return new ForwardPass({
      kernels: this.kernels.operations,
      parameterOf: (name) => this.parameterOf(name),
      inputs,
      onAllocated: () => this.kernels.memory.note(),
    });
  }

  /** Forward without a way back: a value is freed after its last reader. */
  private async computeOnly(pass: ForwardPass, outputs: readonly Value[], inputs: StepInputs): Promise<void> {
    const order = topologicalOrder(outputs);
    const readers = new Readers(order, outputs);
    for (const operation of order) {
      await this.compute(pass, operation, inputs);
      release(pass, operation, readers);
    }
  }

  /**
   * Forward for training: of all segments but the last, only checkpoints and outputs are kept; of what no gradient flows
   * through, nothing but what the rest reads.
   */
  private async computeSegments(
    pass: ForwardPass,
    o: { readonly segments: Segments; readonly outputs: readonly Value[]; readonly inputs: StepInputs },
  ): Promise<void> {
    const isKept = (operation: Operation): boolean =>
      operation.op === 'checkpoint' || isDecided(operation) || o.outputs.includes(operation);
    const hasWayBack = differentiated(o.outputs);
    const readers = new Readers(o.segments.flat(), o.outputs);
    for (const [index, segment] of o.segments.entries()) {
      for (const operation of segment) {
        await this.compute(pass, operation, o.inputs);
        if (!hasWayBack.has(operation)) release(pass, operation, readers);
        if (operation.op !== 'checkpoint') continue;
        for (const before of o.segments[index - 1] ?? []) if (!isKept(before)) pass.free(before);
      }
    }
  }

  private async compute(pass: ForwardPass, operation: Operation, inputs: StepInputs): Promise<void> {
    if (isDecided(operation)) {
      pass.borrow(operation, await this.maskOf(operation, inputs));
    } else if (operation.op === 'checkpoint' || operation.op === 'stopGradient') {
      pass.share(operation, inputOf(operation));
    } else if (operation.op !== 'globalCut') {
      pass.run(operation);
    }
  }

  private async maskOf(operation: MaskOperation, inputs: StepInputs): Promise<tf.Tensor> {
    const key = `${this.version}/${inputs.threshold}/${inputs.cutVersion ?? ''}`;
    const known = this.masks.get(operation);
    if (known?.key === key) return known.bits;
    const bits = await this.decideMask(operation, inputs);
    known?.bits.dispose();
    this.masks.set(operation, { key, bits });
    return bits;
  }

  private async decideMask(operation: MaskOperation, inputs: StepInputs): Promise<tf.Tensor> {
    const { method, row } = operation.attributes;
    const [input, cut] = operation.inputs;
    if (!input || !isBinary(method)) throw new Error('mask: expected a binary method with a source');
    const source = this.sourceOf(input);
    const isGlobal = cut?.kind === 'operation' && cut.op === 'globalCut' && row !== null;
    return isGlobal && (method === 'magnitude' || method === 'topK')
      ? this.kernels.masks.cutMask(method, source, await this.cutOf(cut, row, inputs))
      : this.kernels.masks.binaryMask(method, source, inputs.threshold);
  }

  private async cutOf(operation: CutOperation, row: number, inputs: StepInputs): Promise<Cut> {
    const key = `${inputs.cutVersion ?? ''}/${inputs.threshold}`;
    let known = this.cuts.get(operation);
    if (known?.key !== key || inputs.cutVersion === undefined) {
      const sources = operation.inputs.map((input) => this.sourceOf(input));
      const isAbsolute = operation.attributes.source === 'absolute';
      known = { key, cuts: await this.kernels.masks.globalCuts(sources, isAbsolute, inputs.threshold) };
      this.cuts.set(operation, known);
    }
    const cut = known.cuts[row];
    if (!cut) throw new Error(`globalCut: expected row ${row} of ${known.cuts.length}`);
    return cut;
  }

  private sourceOf(value: Value): tf.Tensor {
    if (value.kind !== 'parameter') throw new Error(`mask source: expected a parameter, got ${value.kind}`);
    return this.parameterOf(value.name);
  }

  private backward(
    pass: ForwardPass,
    segments: Segments,
    o: { readonly terms: readonly Term[]; readonly trainable: ReadonlySet<string>; readonly share: number },
  ): void {
    const hasWayBack = differentiated(o.terms.map(({ value }) => value));
    const flow = new GradientFlow({
      reaches: reaching(hasWayBack, o.trainable),
      parameterGradients: this.gradients,
      onAllocated: () => this.kernels.memory.note(),
    });
    flow.addAll(
      o.terms.map(({ value }) => value),
      o.terms.map(({ weight }) => tf.scalar(weight * o.share)),
    );
    for (const segment of [...segments].reverse()) {
      if (segment.some((operation) => flow.has(operation))) recompute(pass, segment, hasWayBack);
      for (const operation of [...segment].reverse()) {
        const gradient = flow.take(operation);
        if (gradient) flowBack(pass, flow, operation, gradient);
        pass.free(operation);
      }
    }
  }

  private addTerms(terms: readonly Term[], pass: ForwardPass, share: number): void {
    this.termTotals = terms.map((term, index) => {
      const before = this.termTotals[index]?.total;
      const total = tf.tidy(() => {
        const scaled = tf.mul(pass.tensorOf(term.value), share);
        return before ? tf.add(before, scaled) : scaled;
      });
      before?.dispose();
      return { name: term.name, total };
    });
  }

  private async takeReport(norm: tf.Tensor): Promise<StepReport> {
    const names = this.termTotals.map(({ name }) => name);
    const totals = this.termTotals.map(({ total }) => total);
    this.termTotals = [];
    const numbers = tf.tidy(() => tf.stack([...totals, norm].map((scalar) => tf.reshape(scalar, []))));
    const read = await numbers.data();
    tf.dispose([numbers, ...totals]);
    const terms = Object.fromEntries(names.map((name, index) => [name, read[index] ?? Number.NaN]));
    return { terms, gradientNorm: read[names.length] ?? Number.NaN };
  }

  private applyGradients(norm: tf.Tensor, settings: UpdateSettings): void {
    this.version++;
    const clip = tf.tidy(() =>
      settings.maxGradNorm > 0 ? tf.minimum(1, tf.div(settings.maxGradNorm, tf.add(norm, 1e-6))) : tf.scalar(1),
    );
    for (const group of settings.groups) {
      for (const name of group.names) {
        const gradient = this.gradients.get(name);
        if (!gradient) continue;
        const state = { value: this.parameterOf(name), ...this.momentsOf(name) };
        const next = this.kernels.optimizer.adamWUpdate({ state, gradient, clip, group, settings });
        this.parameters.set(name, next.value);
        this.moments.set(name, { first: next.first, second: next.second });
      }
    }
    clip.dispose();
    this.kernels.memory.note();
  }
}

/** A mask that is known before the pass and outlives it. */
const isDecided = (operation: Operation): operation is MaskOperation =>
  operation.op === 'mask' && isBinary(operation.attributes.method);

/** Frees what an operation without a way back has read and no other will read. */
function release(pass: ForwardPass, operation: Operation, readers: Readers): void {
  pass.freeSaved(operation);
  for (const input of operation.inputs) if (readers.finish(input) && input.kind === 'operation') pass.free(input);
}

/** Computes what was not kept of a segment; nothing where all of it was. */
function recompute(pass: ForwardPass, segment: readonly Operation[], hasWayBack: ReadonlySet<Value>): void {
  for (const operation of segment) {
    if (operation.op !== 'globalCut' && hasWayBack.has(operation) && !pass.has(operation)) pass.run(operation);
  }
}

function inputOf({ op, inputs: [input] }: Operation): Value {
  if (!input) throw new Error(`${op}: expected an input, got none`);
  return input;
}

function flowBack(pass: ForwardPass, flow: GradientFlow, operation: Operation, gradient: tf.Tensor): void {
  const wanted = operation.inputs.map((input) => flow.reaches(input));
  const gradients = operation.op === 'checkpoint' ? [gradient] : pass.gradientsOf(operation, gradient, wanted);
  flow.addAll(operation.inputs, gradients);
  flow.release(gradient);
}

const isUsable = ({ terms, gradientNorm }: StepReport): boolean =>
  [...Object.values(terms), gradientNorm].every(Number.isFinite);
