// Runs graphs on WebGPU as static plans. What a graph needs (pipelines, buffers, bind groups) is made at its first
// run; after that a training step writes a few hundred bytes and submits once, and nothing is read back but reports.
import type { Executor, HostTensor, MemoryUse, StepInputs, StepReport, Term, UpdateSettings } from '../executor.ts';
import { topologicalOrder, type Value } from '../graph.ts';
import { Gpu } from './gpu.ts';
import {
  evaluationPlan,
  type GraphPlan,
  type GraphPlanContext,
  reachedParameters,
  trainingPlan,
} from './graph-plan.ts';
import { HalfWeights, productWeights } from './half-weights.ts';
import { MAX_TERMS, REPORT_WORDS } from './kernels/adamw.ts';
import { MaskSet, maskMembers } from './mask-set.ts';
import { GradientStore, ParameterStore, unpad } from './parameter-store.ts';
import { idOf, idOfNames, PlanCache } from './plan-cache.ts';
import { BufferPool } from './pool.ts';
import type { Format } from './storage.ts';
import { UpdatePlan } from './update-plan.ts';
import type { StepValues } from './upload.ts';

export interface PlanOptions {
  readonly device: GPUDevice;
  /** Chooses kernels without barriers. */
  readonly isSoftware: boolean;
  /**
   * How activations are stored: f16 halves their bytes and the bandwidth of reading them, on any adapter. Weights get a
   * copy in f16, which products read. Sums, losses, gradients and the parameters themselves are f32 either way, so that
   * no loss has to be scaled.
   */
  readonly precision?: Format;
}

export function createPlanExecutor(options: PlanOptions): Executor {
  return new PlanExecutor(options);
}

/** Graphs, updates and mask sets kept ready at most. */
const CAPACITY = 24;
/** Steps that may wait on the GPU before the host waits too. */
const RUN_AHEAD = 3;

class PlanExecutor implements Executor {
  readonly backend = 'webgpu';
  private readonly gpu: Gpu;
  private readonly precision: Format;
  private readonly pool: BufferPool;
  private readonly parameters: ParameterStore;
  private readonly gradients: GradientStore;
  private readonly halves: HalfWeights | null;
  private readonly totals: GPUBuffer;
  private readonly report: GPUBuffer;
  private readonly graphs = new PlanCache<GraphPlan>(CAPACITY);
  private readonly updates = new PlanCache<UpdatePlan>(CAPACITY);
  private readonly maskSets = new PlanCache<MaskSet>(CAPACITY);
  /** Recorded but not yet submitted: an update joins the micro-batch before it. */
  private pending: GPUCommandEncoder | null = null;
  /** Parameters with a gradient since the last update. */
  private touched = new Set<string>();
  private touchedBy: readonly number[] = [];
  private termNames: readonly string[] = [];
  private reportedNames: readonly string[] | null = null;
  /** Counts changes of parameters, so that masks are decided once per update and threshold. */
  private version = 0;
  private builtFor = '';
  /** Graphs whose gradients and halves have a place. */
  private readonly prepared = new Set<string>();
  private readonly inFlight: Promise<undefined>[] = [];

  constructor({ device, isSoftware, precision = 'f32' }: PlanOptions) {
    this.gpu = new Gpu(device, !isSoftware);
    this.precision = precision;
    this.pool = new BufferPool(this.gpu);
    this.parameters = new ParameterStore(this.gpu);
    this.gradients = new GradientStore(this.gpu, this.parameters);
    this.halves = precision === 'f16' ? new HalfWeights(this.gpu, this.pool, this.parameters) : null;
    this.totals = this.gpu.createBuffer('term totals', MAX_TERMS);
    this.report = this.gpu.createBuffer('report', REPORT_WORDS);
  }

  setParameter(name: string, tensor: HostTensor): void {
    this.flush();
    this.version++;
    this.parameters.set(name, tensor);
  }

  hasParameter(name: string): boolean {
    return this.parameters.has(name);
  }

  async readParameter(name: string): Promise<Float32Array> {
    this.flush();
    return this.parameters.read(name);
  }

  async evaluate(values: readonly Value[], inputs: StepInputs): Promise<Float32Array[]> {
    this.flush();
    const key = `evaluate ${values.map(idOf)}`;
    if (!this.prepared.has(key)) this.halves?.ensure(productWeights(topologicalOrder(values)));
    this.prepared.add(key);
    this.settle();
    const graph = await this.graphs.get(key, async () => evaluationPlan(await this.contextFor(values), values));
    const encoder = this.gpu.device.createCommandEncoder();
    this.encode(encoder, graph, { inputs, adds: false, share: 1, termWeights: [] });
    this.gpu.device.queue.submit([encoder.finish()]);
    const numbers = await this.gpu.read(graph.outputs.map((output) => graph.plan.regionOf(output)));
    return graph.outputs.map((output, index) => unpad(numbers[index] as Float32Array, output));
  }

  async accumulate(o: {
    readonly terms: readonly Term[];
    readonly inputs: StepInputs;
    readonly trainable: ReadonlySet<string>;
    readonly share: number;
  }): Promise<void> {
    this.flush();
    const graph = await this.trainingGraph(o.terms, o.trainable);
    const encoder = this.gpu.device.createCommandEncoder();
    const termWeights = o.terms.map(({ weight }) => weight * o.share);
    const adds = this.touchedBy.length > 0;
    this.encode(encoder, graph, { inputs: o.inputs, adds, share: o.share, termWeights });
    this.pending = encoder;
    this.touch(graph.gradientNames);
    this.termNames = o.terms.map(({ name }) => name);
  }

  async readGradient(name: string): Promise<Float32Array> {
    this.flush();
    if (!this.touched.has(name)) throw new Error(`gradient of ${name}: expected it after accumulate(), got none`);
    return this.gradients.read(name);
  }

  async update(settings: UpdateSettings): Promise<void> {
    this.settle();
    const plan = await this.updatePlan(settings);
    const encoder = this.pending ?? this.gpu.device.createCommandEncoder();
    this.pending = null;
    plan.encode(encoder, settings);
    this.gpu.device.queue.submit([encoder.finish()]);
    this.reportedNames = this.termNames;
    this.termNames = [];
    this.touched = new Set();
    this.touchedBy = [];
    this.version++;
    await this.boundRunAhead();
  }

  async readReport(): Promise<StepReport> {
    const names = this.reportedNames;
    if (!names) throw new Error('readReport: expected an update before it, got none');
    const [words] = await this.gpu.read([{ buffer: this.report, offset: 0, words: REPORT_WORDS }]);
    const at = (index: number) => words?.[index] ?? Number.NaN;
    return { terms: Object.fromEntries(names.map((name, index) => [name, at(2 + index)])), gradientNorm: at(0) };
  }

  memory(): MemoryUse {
    return this.gpu.memory;
  }

  dispose(): void {
    this.pending = null;
    this.gpu.dispose();
  }

  private encode(encoder: GPUCommandEncoder, graph: GraphPlan, values: StepValues): void {
    this.halves?.prepare(encoder);
    graph.masks?.prepare(encoder, values, this.version);
    graph.plan.encode(encoder, values);
  }

  private touch(names: readonly string[]): void {
    const id = idOfNames(names);
    if (this.touchedBy.includes(id)) return;
    this.touchedBy = [...this.touchedBy, id];
    for (const name of names) this.touched.add(name);
  }

  /** Submits a recorded micro-batch, before anything else happens to buffers. */
  private flush(): void {
    if (!this.pending) return;
    this.gpu.device.queue.submit([this.pending.finish()]);
    this.pending = null;
  }

  /** Moves new parameters to the GPU; plans made for another layout are dropped. */
  private settle(): void {
    this.parameters.seal();
    const layout = `${this.parameters.layoutVersion}/${this.gradients.layoutVersion}/${this.halves?.layoutVersion}`;
    if (layout === this.builtFor) return;
    for (const cache of [this.graphs, this.updates, this.maskSets]) cache.clear();
    this.halves?.reset();
    this.pool.trim(new Set());
    this.builtFor = layout;
  }

  private async trainingGraph(terms: readonly Term[], trainable: ReadonlySet<string>): Promise<GraphPlan> {
    this.parameters.seal();
    const values = terms.map(({ value }) => value);
    const key = `train ${values.map(idOf)} on ${idOfNames(trainable)}`;
    if (!this.prepared.has(key)) {
      this.gradients.ensure(reachedParameters(terms, trainable));
      this.halves?.ensure(productWeights(topologicalOrder(values)));
    }
    this.prepared.add(key);
    this.settle();
    return this.graphs.get(key, async () =>
      trainingPlan(await this.contextFor(values), { terms, trainable, totals: this.totals }),
    );
  }

  private async contextFor(values: readonly Value[]): Promise<GraphPlanContext> {
    this.pool.trim(this.buffersInUse());
    const { gpu, pool, parameters, gradients, halves, precision } = this;
    await halves?.build();
    const masks = await this.maskSetOf(values);
    return { gpu, pool, parameters, gradients, halves, masks, precision, hasFastBarriers: gpu.hasFastBarriers };
  }

  private buffersInUse(): Set<GPUBuffer> {
    const { graphs, updates, maskSets } = this;
    return new Set([
      ...[...graphs.values].flatMap(({ plan }) => [...plan.buffers]),
      ...[...updates.values].flatMap(({ buffers }) => buffers),
      ...[...maskSets.values].flatMap(({ buffersInUse }) => buffersInUse),
    ]);
  }

  private async maskSetOf(values: readonly Value[]): Promise<MaskSet | null> {
    const members = maskMembers(topologicalOrder(values));
    if (members.length === 0) return null;
    const key = members.map(({ operation, weight }) => `${idOf(operation)} ${weight}`).join();
    const { gpu, pool, parameters } = this;
    return this.maskSets.get(key, () => MaskSet.build({ gpu, pool, parameters, members }));
  }

  private updatePlan(settings: UpdateSettings): Promise<UpdatePlan> {
    const { gpu, pool, parameters, gradients, halves, totals: terms, report } = this;
    const touched = [...this.touched];
    const groups = settings.groups.map(({ names }) => idOfNames(names));
    const key = `${groups}/${this.touchedBy}/${this.termNames.length}`;
    return this.updates.get(key, () =>
      UpdatePlan.build(
        { gpu, pool, parameters, gradients, halves, terms, report },
        { touched, groups: settings.groups, terms: this.termNames.length },
      ),
    );
  }

  private async boundRunAhead(): Promise<void> {
    this.inFlight.push(this.gpu.device.queue.onSubmittedWorkDone());
    if (this.inFlight.length > RUN_AHEAD) await this.inFlight.shift();
  }
}
