// The device with what we made on it: buffers counted, pipelines kept by their code, numbers read back.
import { WinnowError } from '../../error.ts';
import type { MemoryUse } from '../executor.ts';
import { Holdings, type MemoryKind } from '../holdings.ts';
import type { Binder, Gpu, Region } from './gpu.ts';
import type { Binding, Command } from './shader.ts';
import type { Tier } from './tier.ts';

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const BINDING_TYPES = { read: 'read-only-storage', read_write: 'storage', uniform: 'uniform' } as const;

export class DeviceGpu implements Gpu {
  private readonly holdings = new Holdings<GPUBuffer>();

  constructor(
    readonly device: GPUDevice,
    readonly tier: Tier,
  ) {}

  get memory(): MemoryUse {
    return this.holdings.memory;
  }

  createBuffer(label: string, words: number, kind: MemoryKind = 'other'): GPUBuffer {
    const size = Math.max(16, words * 4);
    const limit = Math.min(this.device.limits.maxBufferSize, this.device.limits.maxStorageBufferBindingSize);
    if (size > limit) {
      throw new WinnowError(
        'out-of-memory',
        `${label}: expected at most ${limit} bytes in one GPU buffer, got ${size}. Choose a smaller batch or model.`,
      );
    }
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const buffer = this.device.createBuffer({ label, size, usage: STORAGE | UNIFORM | COPY_SRC | COPY_DST });
    this.holdings.add(buffer, kind);
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer | null): void {
    if (buffer && this.holdings.remove(buffer)) buffer.destroy();
  }

  write(
    buffer: GPUBuffer,
    offset: number,
    data: ArrayBuffer | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  ): void {
    this.device.queue.writeBuffer(buffer, offset * 4, data);
  }

  copy(from: GPUBuffer, to: GPUBuffer): void {
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, 0, from.size);
    this.device.queue.submit([encoder.finish()]);
  }

  async read(regions: readonly Region[]): Promise<Float32Array[]> {
    const total = regions.reduce((sum, { words }) => sum + words, 0);
    const staging = this.device.createBuffer({
      size: Math.max(4, total * 4),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      const encoder = this.device.createCommandEncoder();
      const starts = copyRegions(encoder, regions, staging);
      this.device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      const numbers = new Float32Array(staging.getMappedRange());
      return regions.map(({ words }, index) => numbers.slice(starts[index], (starts[index] ?? 0) + words));
    } finally {
      staging.destroy();
    }
  }

  async prepare(commands: readonly Command[]): Promise<Binder> {
    const made = await Promise.all(commands.map(async (command) => ({ command, ...(await this.pipelineOf(command)) })));
    return (bufferOf) =>
      made.map(({ command: { label, bindings, workgroups }, pipeline, layout }) => {
        const entries = bindings.map(({ view }, binding) => ({
          binding,
          resource: { buffer: bufferOf(view), offset: view.offset * 4, size: view.words * 4 },
        }));
        return { label, pipeline, bindGroup: this.device.createBindGroup({ label, layout, entries }), workgroups };
      });
  }

  dispose(): void {
    for (const buffer of this.holdings.items) this.destroyBuffer(buffer);
  }

  private pipelineOf(command: Command): Promise<Pipeline> {
    const pipelines = pipelinesOf(this.device);
    const known = pipelines.get(command.code) ?? compile(this.device, command);
    pipelines.set(command.code, known);
    return known;
  }
}

/** Pipelines outlive their executors: a teacher, or the next run, finds them compiled. */
const compiled = new WeakMap<GPUDevice, Map<string, Promise<Pipeline>>>();

function pipelinesOf(device: GPUDevice): Map<string, Promise<Pipeline>> {
  const known = compiled.get(device) ?? new Map<string, Promise<Pipeline>>();
  compiled.set(device, known);
  return known;
}

async function compile(device: GPUDevice, { label, code, bindings }: Command): Promise<Pipeline> {
  const layout = device.createBindGroupLayout({ entries: bindings.map(layoutEntry) });
  const module = device.createShaderModule({ label, code });
  try {
    const pipeline = await device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module },
    });
    return { pipeline, layout };
  } catch (cause) {
    const { messages } = await module.getCompilationInfo();
    const found = messages.map(({ message, lineNum }) => `line ${lineNum}: ${message}`).join('; ');
    throw new WinnowError('internal', `kernel ${label}: expected it to compile, got ${found || cause}`, { cause });
  }
}

const layoutEntry = ({ access }: Binding, binding: number): GPUBindGroupLayoutEntry => ({
  binding,
  visibility: GPUShaderStage.COMPUTE,
  buffer: { type: BINDING_TYPES[access] },
});

function copyRegions(encoder: GPUCommandEncoder, regions: readonly Region[], staging: GPUBuffer): number[] {
  let start = 0;
  return regions.map(({ buffer, offset, words }) => {
    encoder.copyBufferToBuffer(buffer, offset * 4, staging, start * 4, words * 4);
    start += words;
    return start - words;
  });
}
