// Runs a graph op by op on whatever tfjs backend is active. No tape: forward keeps what backward needs, backward
// walks the operations in reverse and frees each as it passes, so memory is flat from step to step.
import * as tf from '@tensorflow/tfjs-core';
import { isBinary } from '../pruning/masks.ts';
import type { Cut } from '../pruning/select.ts';
import type { Moments } from './adamw.ts';
import type { Executor, FeedData, HostTensor, StepInputs, StepReport, Term, UpdateSettings } from './executor.ts';
import { type Feed, type Operation, topologicalOrder, type Value } from './graph.ts';
import { type Kernels, plainKernels } from './kernels.ts';
import type { BackwardArguments, ForwardResult, ReferenceKernel } from './reference/kernel.ts';

type MaskOperation = Extract<Operation, { op: 'mask' }>;
type CutOperation = Extract<Operation, { op: 'globalCut' }>;
type AnyKernel = ReferenceKernel<'linear'>; // the table's entries differ only in their attributes

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
  ) {}

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

  async evaluate(values: readonly Value[], inputs: StepInputs): Promise<Float32Array[]> {
    const pass = await this.forward(values, inputs);
    try {
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
    const pass = await this.forward(
      o.terms.map((term) => term.value),
      o.inputs,
    );
    try {
      this.addTerms(o.terms, pass, o.share);
      this.backward(pass, o);
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

  memory(): { tensors: number; bytes: number } {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes };
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

  private async forward(outputs: readonly Value[], inputs: StepInputs): Promise<ForwardPass> {
    const order = topologicalOrder(outputs);
    const pass = new ForwardPass(this.kernels.operations, (name) => this.parameterOf(name), inputs);
    try {
      for (const operation of order) {
        if (operation.op === 'mask' && isBinary(operation.attributes.method)) {
          pass.keep(operation, { value: tf.clone(await this.maskOf(operation, inputs)), saved: [] });
        } else if (operation.op !== 'globalCut') {
          pass.run(operation);
        }
      }
    } catch (error) {
      pass.dispose();
      throw error;
    }
    return pass;
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
    o: { readonly terms: readonly Term[]; readonly trainable: ReadonlySet<string>; readonly share: number },
  ): void {
    const flow = new GradientFlow(o.trainable);
    for (const term of o.terms) flow.add(term.value, tf.scalar(term.weight * o.share));
    for (const operation of [...pass.order].reverse()) {
      const gradient = flow.take(operation);
      if (gradient) {
        const wanted = operation.inputs.map((input) => flow.reaches(input));
        const results = pass.gradientsOf(operation, gradient, wanted);
        results.forEach((result, index) => {
          const input = operation.inputs[index];
          if (result && input) flow.add(input, result);
        });
        gradient.dispose();
      }
      pass.free(operation);
    }
    for (const [name, gradient] of flow.parameterGradients) this.addGradient(name, gradient);
  }

  private addGradient(name: string, gradient: tf.Tensor): void {
    const known = this.gradients.get(name);
    this.gradients.set(name, known ? tf.add(known, gradient) : gradient);
    if (known) tf.dispose([known, gradient]);
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
  }
}

const isUsable = ({ terms, gradientNorm }: StepReport): boolean =>
  [...Object.values(terms), gradientNorm].every(Number.isFinite);

/** The tensors of one forward pass, each owned here until freed. */
class ForwardPass {
  readonly order: Operation[] = [];
  private readonly results = new Map<Operation, ForwardResult>();
  private readonly feeds = new Map<string, tf.Tensor>();
  private readonly hostFeeds = new Map<tf.Tensor, Int32Array>();

  constructor(
    private readonly kernels: Kernels['operations'],
    private readonly parameterOf: (name: string) => tf.Tensor,
    private readonly inputs: StepInputs,
  ) {}

  tensorOf(value: Value): tf.Tensor {
    if (value.kind === 'parameter') return this.parameterOf(value.name);
    if (value.kind === 'feed') return this.feedOf(value);
    const result = this.results.get(value);
    if (!result) throw new Error(`${value.op}: expected to have run, has not`);
    return result.value;
  }

  keep(operation: Operation, result: ForwardResult): void {
    this.order.push(operation);
    this.results.set(operation, result);
  }

  run(operation: Operation): void {
    const tensors = this.inputsOf(operation);
    const kernel = this.kernelOf(operation);
    this.keep(operation, kernel.forward(tensors, operation.attributes as never, this.inputs));
  }

  gradientsOf(operation: Operation, gradient: tf.Tensor, wanted: readonly boolean[]): (tf.Tensor | null)[] {
    const result = this.results.get(operation);
    if (!result) throw new Error(`${operation.op}: expected to have run, has not`);
    const args: BackwardArguments<'linear'> = {
      gradient,
      inputs: this.inputsOf(operation),
      value: result.value,
      saved: result.saved,
      attributes: operation.attributes as never,
      wanted,
      scalars: this.inputs,
      hostFeed: (input) => this.hostFeeds.get(input) ?? new Int32Array(0),
    };
    return keepAll(this.kernelOf(operation).backward(args), gradient);
  }

  free(operation: Operation): void {
    const result = this.results.get(operation);
    if (!result) return;
    tf.dispose([result.value, ...result.saved]);
    this.results.delete(operation);
  }

  dispose(): void {
    for (const operation of this.order) this.free(operation);
    tf.dispose([...this.feeds.values()]);
    this.feeds.clear();
  }

  private kernelOf(operation: Operation): AnyKernel {
    if (operation.op === 'globalCut') throw new Error('globalCut: expected to be decided before the pass');
    return this.kernels[operation.op] as unknown as AnyKernel;
  }

  private inputsOf(operation: Operation): tf.Tensor[] {
    return operation.inputs.filter((input) => !isGlobalCut(input)).map((input) => this.tensorOf(input));
  }

  private feedOf({ name, shape, dtype }: Feed): tf.Tensor {
    const known = this.feeds.get(name);
    if (known) return known;
    const data = feedData(this.inputs.feeds, name);
    const tensor = tf.tensor(data, [...shape], dtype);
    this.feeds.set(name, tensor);
    if (data instanceof Int32Array) this.hostFeeds.set(tensor, data);
    return tensor;
  }
}

/** Gradients on their way back; only what leads to a trainable parameter is followed. */
class GradientFlow {
  readonly parameterGradients = new Map<string, tf.Tensor>();
  private readonly pending = new Map<Operation, tf.Tensor>();
  private readonly reachable = new Map<Value, boolean>();

  constructor(private readonly trainable: ReadonlySet<string>) {}

  reaches(value: Value): boolean {
    if (value.kind === 'parameter') return this.trainable.has(value.name);
    if (value.kind === 'feed' || isGlobalCut(value)) return false;
    let known = this.reachable.get(value);
    if (known === undefined) {
      known = value.inputs.some((input) => this.reaches(input));
      this.reachable.set(value, known);
    }
    return known;
  }

  /** Takes ownership of `gradient`. */
  add(value: Value, gradient: tf.Tensor): void {
    if (!this.reaches(value)) gradient.dispose();
    else if (value.kind === 'parameter') addTo(this.parameterGradients, value.name, gradient);
    else if (value.kind === 'operation') addTo(this.pending, value, gradient);
  }

  take(operation: Operation): tf.Tensor | undefined {
    const gradient = this.pending.get(operation);
    this.pending.delete(operation);
    return gradient;
  }
}

function addTo<K>(map: Map<K, tf.Tensor>, key: K, gradient: tf.Tensor): void {
  const known = map.get(key);
  map.set(key, known ? tf.add(known, gradient) : gradient);
  if (known) tf.dispose([known, gradient]);
}

/** Kernels may hand the incoming gradient on; every result must be a tensor of its own. */
function keepAll(results: (tf.Tensor | null)[], gradient: tf.Tensor): (tf.Tensor | null)[] {
  return results.map((result) => (result === gradient ? tf.clone(result) : result));
}

const isGlobalCut = (value: Value): boolean => value.kind === 'operation' && value.op === 'globalCut';

function feedData(feeds: FeedData, name: string): Int32Array | Float32Array {
  const data = feeds[name];
  if (!data) throw new Error(`feed ${name}: expected among ${Object.keys(feeds).join(', ')}, got none`);
  return data;
}
