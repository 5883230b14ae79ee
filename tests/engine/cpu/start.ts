// The wasm backend with its kernels, in Node: one thread, no relaxed SIMD.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { compileKernels } from '../../../scripts/lib/cpu-kernels.ts';
import { type CpuKernels, openCpuKernels } from '../../../src/engine/cpu/open.ts';
import { variantFile, variants } from '../../../src/engine/cpu/variant.ts';

export async function startKernels(): Promise<CpuKernels> {
  const binary = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm');
  setWasmPaths(`${dirname(binary)}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  const kernels = await openCpuKernels({ threads: 1, load: loadKernels });
  if (!kernels) throw new Error('wasm kernels: expected SIMD in Node, found none');
  return kernels;
}

async function loadKernels(file: string): Promise<BufferSource> {
  const variant = variants.find((each) => variantFile(each) === file);
  if (!variant) throw new Error(`${file}: expected one of the variants`);
  return new Uint8Array(await compileKernels(variant));
}
