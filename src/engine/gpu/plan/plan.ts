// A plan: commands with their pipelines, buffers and bind groups made once, encoded into a pass in no time.
import type { Dispatch, Gpu, Region } from './gpu.ts';
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

type Homes = ReadonlyMap<Storage, GPUBuffer>;

export class Plan {
  private constructor(
    private readonly gpu: Gpu,
    private readonly pool: BufferPool,
    private readonly recording: Recording,
    private readonly buffers: { readonly lent: Homes; readonly own: Homes },
    private readonly dispatches: readonly Dispatch[],
  ) {}

  static async build(gpu: Gpu, pool: BufferPool, recording: Recording): Promise<Plan> {
    const { upload, constants, commands, kept } = recording;
    const bind = await gpu.prepare(commands);
    const storages = [upload.storage, constants].filter(({ words }) => words > 0);
    const own = new Map(storages.map((storage) => [storage, gpu.createBuffer(storage.label, storage.words)] as const));
    writeConstants(gpu, recording, own.get(constants));
    const lent = pool.lend(withoutStorage(commands, storages), kept);
    const dispatches = bind((view) => bufferOf(view, lent, own));
    return new Plan(gpu, pool, recording, { lent, own }, dispatches);
  }

  get dispatchCount(): number {
    return this.dispatches.length;
  }

  get labels(): string[] {
    return this.dispatches.map(({ label }) => label);
  }

  encode(encoder: GPUCommandEncoder, values: StepValues): void {
    const { recording } = this;
    const upload = this.buffers.own.get(recording.upload.storage);
    if (upload) recording.upload.send(this.gpu, upload, values);
    if (!values.adds) {
      for (const view of recording.cleared) {
        encoder.clearBuffer(this.bufferOf(view), view.offset * 4, view.words * 4);
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

  regionOf({ view }: Matrix): Region {
    return { buffer: this.bufferOf(view), offset: view.offset, words: view.words };
  }

  dispose(): void {
    this.pool.release(this.buffers.lent);
    for (const buffer of this.buffers.own.values()) this.gpu.destroyBuffer(buffer);
  }

  private bufferOf(view: View): GPUBuffer {
    return bufferOf(view, this.buffers.lent, this.buffers.own);
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
  for (const { view, data } of recording.constantData) gpu.write(buffer, view.offset, data);
}

function bufferOf({ home }: View, ...homes: readonly Homes[]): GPUBuffer {
  if (!(home instanceof Storage)) return home;
  const buffer = homes.map((known) => known.get(home)).find((known) => known !== undefined);
  if (!buffer) throw new Error('plan: expected every storage to have a buffer');
  return buffer;
}
