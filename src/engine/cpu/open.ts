// The wasm backend's own kernels: the module that fits tfjs's memory and this browser, on all threads.
import type { Kernels } from '../gpu/kernels.ts';
import { referenceKernels } from '../gpu/reference/index.ts';
import { type Cpu, startCpu } from './cpu.ts';
import { tfjsHeap } from './heap.ts';
import { optimizerKernels } from './kernels/adamw.ts';
import { attentionKernel } from './kernels/attention.ts';
import { dropoutKernel } from './kernels/dropout.ts';
import { embeddingKernel } from './kernels/embedding.ts';
import { gateKernel, penaltyKernel } from './kernels/gates.ts';
import { layerNormKernel } from './kernels/layer-norm.ts';
import { linearKernel } from './kernels/linear.ts';
import { maskKernels } from './kernels/masks.ts';
import { hasRelaxedSimd, hasSimd, variantFile } from './variant.ts';

export interface CpuKernels {
  readonly kernels: Kernels;
  readonly threads: number;
  readonly isRelaxed: boolean;
  dispose(): void;
}

export interface CpuOptions {
  /** Threads wanted; without shared memory there is one. */
  readonly threads: number;
  /** The bytes of one of `variantFile`'s files. */
  readonly load: (file: string) => Promise<BufferSource>;
}

/** Null where the processor's or browser's SIMD is missing. The wasm backend must be running. */
export async function openCpuKernels({ threads, load }: CpuOptions): Promise<CpuKernels | null> {
  if (!hasSimd()) return null;
  const heap = tfjsHeap();
  const isRelaxed = hasRelaxedSimd();
  const module = await WebAssembly.compile(await load(variantFile({ isShared: heap.isShared, isRelaxed })));
  const cpu = await startCpu(module, heap, heap.isShared ? threads : 1);
  return { kernels: cpuKernels(cpu), threads: cpu.threads, isRelaxed, dispose: () => cpu.dispose() };
}

/** The reference, with kernels in place of what takes time. */
function cpuKernels(cpu: Cpu): Kernels {
  return {
    operations: {
      ...referenceKernels,
      attention: attentionKernel(cpu),
      dropout: dropoutKernel(cpu),
      embedding: embeddingKernel(cpu),
      layerNorm: layerNormKernel(cpu),
      linear: linearKernel(cpu),
      mask: gateKernel(cpu),
      penalty: penaltyKernel(cpu),
    },
    masks: maskKernels(cpu),
    optimizer: optimizerKernels(cpu),
    memory: cpu.heap.memoryMeter,
    restart() {
      cpu.freeRooms();
      cpu.heap.memoryMeter.restart();
    },
  };
}
