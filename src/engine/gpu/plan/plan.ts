// A plan: commands with their pipelines, buffers and bind groups made once, encoded into a pass in no time.
import type { Gpu } from './gpu.ts';
import type { BufferPool } from './pool.ts';
import type { Command } from './shader.ts';
import { type Format, type Matrix, padded, Storage, type View, wordsOf } from './storage.ts';
import { type StepValues, Upload } from './upload.ts';

/** What is written down while a graph is compiled. */
export class Recording {
  readonly commands: Command[] = [];
  readonly upload = new Upload();
  /** Tables that never change, such as where a layer's weights begin. */
  readonly constants = new Storage('constants', 0);
  readonly constantData: { readonly view: View; readonly data: Uint32Array<ArrayBuffer> }[] = [];
  /** Storage that outlives the commands that name it: what is read back. */
  readonly kept = new Set<Storage>();
  /** Regions zeroed before a run that does not add to earlier ones. */
  readonly cleared: View[] = [];

  emit(command: Command): void {
    this.commands.push(command);
  }

  allocate(label: string, rows: number, columns: number, format: Format = 'f32'): Matrix {
    const stride = padded(columns);
    const words = Math.max(4, wordsOf((rows * stride) / 4, format));
    return { rows, columns, stride, format, view: { home: new Storage(label, words), offset: 0, words } };
  }

  constant(data: Uint32Array<ArrayBuffer>): View {
    const view = this.constants.append(Math.max(4, data.length));
    this.constantData.push({ view, data });
    return view;
  }
}

interface Dispatch {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number];
}

export class Plan {
  private constructor(
    private readonly gpu: Gpu,
    private readonly recording: Recording,
    private readonly homes: ReadonlyMap<Storage, GPUBuffer>,
    private readonly dispatches: readonly Dispatch[],
  ) {}

  static async build(gpu: Gpu, pool: BufferPool, recording: Recording): Promise<Plan> {
    const { upload, constants, commands, kept } = recording;
    const pipelines = await Promise.all(commands.map((command) => gpu.pipelineOf(command)));
    const own = [upload.storage, constants].filter(({ words }) => words > 0);
    const shared = pool.assign(withoutStorage(commands, own), kept);
    const homes = new Map([
      ...shared,
      ...own.map((storage) => [storage, gpu.createBuffer(storage.label, storage.words)] as const),
    ]);
    writeConstants(gpu, recording, homes.get(constants));
    const dispatches = commands.map((command, index) => {
      const made = pipelines[index];
      if (!made) throw new Error('plan: expected a pipeline per command');
      return dispatchOf(gpu, command, made, homes);
    });
    return new Plan(gpu, recording, homes, dispatches);
  }

  get dispatchCount(): number {
    return this.dispatches.length;
  }

  get labels(): string[] {
    return this.dispatches.map(({ label }) => label);
  }

  get buffers(): Iterable<GPUBuffer> {
    return this.homes.values();
  }

  encode(encoder: GPUCommandEncoder, values: StepValues): void {
    const { recording, homes } = this;
    const upload = homes.get(recording.upload.storage);
    if (upload) recording.upload.send(this.gpu.device.queue, upload, values);
    if (!values.adds) {
      for (const view of recording.cleared) {
        encoder.clearBuffer(bufferOf(view, homes), view.offset * 4, view.words * 4);
      }
    }
    const pass = encoder.beginComputePass();
    for (const { pipeline, bindGroup, workgroups } of this.dispatches) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
  }

  regionOf({ view }: Matrix): { buffer: GPUBuffer; offset: number; words: number } {
    return { buffer: bufferOf(view, this.homes), offset: view.offset, words: view.words };
  }

  dispose(): void {
    const { upload, constants } = this.recording;
    for (const storage of [upload.storage, constants]) this.gpu.destroyBuffer(this.homes.get(storage) ?? null);
  }
}

function withoutStorage(commands: readonly Command[], own: readonly Storage[]): Command[] {
  const isShared = ({ home }: View) => !(home instanceof Storage && own.includes(home));
  return commands.map((command) => ({
    ...command,
    bindings: command.bindings.filter(({ view }) => isShared(view)),
  }));
}

function writeConstants(gpu: Gpu, recording: Recording, buffer: GPUBuffer | undefined): void {
  if (!buffer) return;
  for (const { view, data } of recording.constantData) gpu.device.queue.writeBuffer(buffer, view.offset * 4, data);
}

function dispatchOf(
  gpu: Gpu,
  { label, bindings, workgroups }: Command,
  { pipeline, layout }: { readonly pipeline: GPUComputePipeline; readonly layout: GPUBindGroupLayout },
  homes: ReadonlyMap<Storage, GPUBuffer>,
): Dispatch {
  const entries = bindings.map(({ view }, binding) => ({
    binding,
    resource: { buffer: bufferOf(view, homes), offset: view.offset * 4, size: view.words * 4 },
  }));
  return { label, pipeline, bindGroup: gpu.device.createBindGroup({ label, layout, entries }), workgroups };
}

function bufferOf({ home }: View, homes: ReadonlyMap<Storage, GPUBuffer>): GPUBuffer {
  const buffer = home instanceof Storage ? homes.get(home) : home;
  if (!buffer) throw new Error('plan: expected every storage to have a buffer');
  return buffer;
}
