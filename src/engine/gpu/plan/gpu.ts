// The device with what we made on it: buffers counted, pipelines kept by their code, numbers read back.
import { WinnowError } from '../../error.ts';
import type { MemoryUse } from '../executor.ts';
import type { Binding, Command } from './shader.ts';

export interface Region {
  readonly buffer: GPUBuffer;
  /** In words. */
  readonly offset: number;
  readonly words: number;
}

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const BINDING_TYPES = { read: 'read-only-storage', read_write: 'storage', uniform: 'uniform' } as const;

export class Gpu {
  private readonly buffers = new Set<GPUBuffer>();
  private held = 0;
  private peak = 0;

  constructor(
    readonly device: GPUDevice,
    /** Software adapters run a workgroup's threads in turn, so that each barrier costs them thousands of switches. */
    readonly hasFastBarriers: boolean,
  ) {}

  get memory(): MemoryUse {
    return { tensors: this.buffers.size, bytes: this.held, peakBytes: this.peak };
  }

  /** A zeroed buffer of so many words. */
  createBuffer(label: string, words: number): GPUBuffer {
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
    this.buffers.add(buffer);
    this.held += size;
    this.peak = Math.max(this.peak, this.held);
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer | null): void {
    if (!buffer || !this.buffers.delete(buffer)) return;
    this.held -= buffer.size;
    buffer.destroy();
  }

  pipelineOf(command: Command): Promise<Pipeline> {
    const pipelines = pipelinesOf(this.device);
    const known = pipelines.get(command.code) ?? compile(this.device, command);
    pipelines.set(command.code, known);
    return known;
  }

  /** The numbers of several regions, in one copy and one wait. */
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

  dispose(): void {
    for (const buffer of [...this.buffers]) this.destroyBuffer(buffer);
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
