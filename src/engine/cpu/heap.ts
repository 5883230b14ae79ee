// tfjs's WebAssembly memory, seen from beside it: where tensors lie, and room that kernels may use.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '../error.ts';
import { MemoryMeter } from '../gpu/memory-meter.ts';

export interface Heap {
  readonly memory: WebAssembly.Memory;
  readonly isShared: boolean;
  /** Counts tensors and what `allocate` has given out. */
  readonly memoryMeter: MemoryMeter;
  /** Where the numbers of a tensor begin, in bytes. */
  addressOf(tensor: tf.Tensor): number;
  /** A tensor with anything in it; kernels fill it. */
  output(shape: readonly number[], dtype?: 'float32' | 'int32'): tf.Tensor;
  /** Bytes of no tensor, to be freed by their address. */
  allocate(bytes: number): number;
  free(address: number): void;
}

/** What the Emscripten module has beyond its types; its threaded build holds the memory, the other exports it. */
interface EmscriptenModule {
  readonly wasmMemory?: WebAssembly.Memory;
  readonly asm: { readonly memory?: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** The heap of the wasm backend, which must be running. */
export function tfjsHeap(): Heap {
  const backend = tf.findBackend('wasm') as BackendWasm;
  const module = backend.wasm as unknown as EmscriptenModule;
  const memory = module.wasmMemory ?? module.asm.memory;
  if (!memory) throw new WinnowError('internal', 'wasm kernels: expected the memory of tfjs, got none.');
  const addressOf = (tensor: tf.Tensor): number => backend.getMemoryOffset(tensor.dataId);
  const allocated = new Map<number, number>();
  const memoryMeter = new MemoryMeter(() => [...allocated.values()].reduce((sum, bytes) => sum + bytes, 0));
  return {
    memory,
    memoryMeter,
    isShared: typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer,
    addressOf,
    output(shape, dtype = 'float32') {
      const tensor = tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], dtype));
      memoryMeter.note();
      if (addressOf(tensor) !== 0 || tensor.size === 0) return tensor;
      tensor.dispose();
      throw outOfMemory(tensor.size * 4);
    },
    allocate(bytes) {
      const address = module._malloc(bytes) >>> 0;
      if (address === 0) throw outOfMemory(bytes);
      allocated.set(address, bytes);
      memoryMeter.note();
      return address;
    },
    free(address) {
      allocated.delete(address);
      module._free(address);
    },
  };
}

const outOfMemory = (bytes: number): WinnowError =>
  new WinnowError(
    'out-of-memory',
    `WebAssembly: expected room for ${bytes} more bytes, found none. Lower the batch size or the length.`,
  );
