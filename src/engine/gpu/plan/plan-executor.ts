// Runs graphs on WebGPU as static plans. What a graph needs (pipelines, buffers, bind groups) is made at its first
// run; after that a training step writes a few hundred bytes and submits once, and nothing is read back but reports.
import type {
  Executor,
  HostMoments,
  HostTensor,
  MemoryUse,
  StepInputs,
  StepReport,
  Term,
  UpdateSettings,
} from '../executor.ts';
import type { Value } from '../graph.ts';
import { DeviceGpu } from './device-gpu.ts';
import type { GraphPlan } from './graph-plan.ts';
import { REPORT_WORDS } from './kernels/adamw.ts';
import { unpad } from './parameter-store.ts';
import { Planner } from './planner.ts';
import type { Format } from './storage.ts';
import type { Tier } from './tier.ts';
import type { StepValues } from './upload.ts';

export interface PlanOptions {
  readonly device: GPUDevice;
  /** Chooses kernels. */
  readonly tier: Tier;
  /**
   * How activations are stored: f16 halves their bytes and the bandwidth of reading them, on any adapter. Weights get a
   * copy in f16, which products read. Sums, losses, gradients and the parameters themselves are f32 either way, so that
   * no loss has to be scaled.
   */
  readonly precision?: Format;
  /** Bytes of activations past which plans that have not run for longest are given up (see `defaultPlanBytes`). */
  readonly planBytes?: number;
}

export function createPlanExecutor(options: PlanOptions): Executor {
  return new PlanExecutor(options);
}

/** Steps that may wait on the GPU before the host waits too. */
const RUN_AHEAD = 3;

/** No gradients. */
const NONE: ReadonlySet<string> = new Set();

/** Half of what one buffer may take: a device has room for several of its largest. */
export const defaultPlanBytes = ({ maxBufferSize }: Pick<GPUSupportedLimits, 'maxBufferSize'>): number =>
  maxBufferSize / 2;

class PlanExecutor implements Executor {
  readonly backend = 'webgpu';
  private readonly gpu: DeviceGpu;
  private readonly planner: Planner;
  /** Recorded but not yet submitted: an update joins the micro-batch before it. */
  private pending: GPUCommandEncoder | null = null;
  /** Parameters with a gradient since the last update. */
  private touched: ReadonlySet<string> = NONE;
  private termNames: readonly string[] = [];
  private reportedNames: readonly string[] | null = null;
  /** Counts changes of parameters, so that masks are decided once per update and threshold. */
  private version = 0;
  private readonly inFlight: Promise<undefined>[] = [];

  constructor({ device, tier, precision = 'f32', planBytes }: PlanOptions) {
    this.gpu = new DeviceGpu(device, tier);
    this.planner = new Planner(this.gpu, { precision, budgetBytes: planBytes ?? defaultPlanBytes(device.limits) });
  }

  setParameter(name: string, tensor: HostTensor): void {
    this.flush();
    this.version++;
    this.planner.parameters.set(name, tensor);
  }

  hasParameter(name: string): boolean {
    return this.planner.parameters.has(name);
  }

  async readParameter(name: string): Promise<Float32Array> {
    this.flush();
    return this.planner.parameters.read(name);
  }

  async readMoments(name: string): Promise<HostMoments | null> {
    this.flush();
    return this.planner.gradients.readMoments(name);
  }

  setMoments(name: string, moments: HostMoments): void {
    this.flush();
    this.planner.gradients.setMoments(name, moments);
  }

  async evaluate(values: readonly Value[], inputs: StepInputs): Promise<Float32Array[]> {
    this.flush();
    const graph = await this.planner.evaluation(values);
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
    const graph = await this.planner.training(o.terms, o.trainable);
    const encoder = this.gpu.device.createCommandEncoder();
    const termWeights = o.terms.map(({ weight }) => weight * o.share);
    const adds = this.touched !== NONE;
    this.encode(encoder, graph, { inputs: o.inputs, adds, share: o.share, termWeights });
    this.pending = encoder;
    this.touch(graph.gradientNames);
    this.termNames = o.terms.map(({ name }) => name);
  }

  async readGradient(name: string): Promise<Float32Array> {
    this.flush();
    if (!this.touched.has(name)) throw new Error(`gradient of ${name}: expected it after accumulate(), got none`);
    return this.planner.gradients.read(name);
  }

  async update(settings: UpdateSettings): Promise<void> {
    const request = { touched: this.touched, groups: settings.groups, terms: this.termNames.length };
    if (!this.planner.hasUpdate(request)) this.flush(); // to build one may evict what waits here
    const plan = await this.planner.update(request);
    const encoder = this.pending ?? this.gpu.device.createCommandEncoder();
    this.pending = null;
    plan.encode(encoder, settings);
    this.gpu.device.queue.submit([encoder.finish()]);
    this.reportedNames = this.termNames;
    this.termNames = [];
    this.touched = NONE;
    this.version++;
    await this.boundRunAhead();
  }

  async readReport(): Promise<StepReport> {
    const names = this.reportedNames;
    if (!names) throw new Error('readReport: expected an update before it, got none');
    const [words] = await this.gpu.read([{ buffer: this.planner.report, offset: 0, words: REPORT_WORDS }]);
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
    this.planner.halves?.prepare(encoder);
    graph.masks?.prepare(encoder, values, this.version);
    graph.plan.encode(encoder, values);
  }

  /** Micro-batches mostly touch the same parameters, so the set of the first is kept: it has its plan. */
  private touch(names: ReadonlySet<string>): void {
    if (this.touched === NONE) this.touched = names;
    else if (![...names].every((name) => this.touched.has(name))) this.touched = new Set([...this.touched, ...names]);
  }

  /** Submits a recorded micro-batch, before anything else happens to buffers. */
  private flush(): void {
    if (!this.pending) return;
    this.gpu.device.queue.submit([this.pending.finish()]);
    this.pending = null;
  }

  private async boundRunAhead(): Promise<void> {
    const done = this.gpu.device.queue.onSubmittedWorkDone();
    // Where the device is lost, nobody waits for the last of these any more; `device.lost` says it, and they are no news.
    done.catch(() => undefined);
    this.inFlight.push(done);
    if (this.inFlight.length > RUN_AHEAD) await this.inFlight.shift();
  }
}
