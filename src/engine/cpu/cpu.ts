// The processor as kernels see it: run a kernel over tiles on all threads, with scratch for each.
import type { Heap } from './heap.ts';
import { BOARD_BYTES, type HelperStart, instantiate, JobBoard, type Kernel } from './job.ts';

export interface Cpu {
  readonly heap: Heap;
  readonly threads: number;
  /** Runs `kernel(tile, scratch, …values)` for every tile below `tiles`, and returns when all are done. */
  run(kernel: string, tiles: number, values: readonly number[], scratchFloats?: number): void;
  /** Room that stays until it is asked for again, shared by all threads: address of `bytes` bytes. */
  room(bytes: number): number;
  /** Gives back all room and scratch; what is asked for next is allocated anew. */
  freeRooms(): void;
  dispose(): void;
}

/** Floats that a product needs: a packed block of A and one piece of C (assembly/gemm.ts). */
export const PRODUCT_SCRATCH = 48 * 384 + 48;

/** `threads` counts the calling one; more than one needs shared memory. */
export async function startCpu(module: WebAssembly.Module, heap: Heap, threads: number): Promise<Cpu> {
  const { names, kernels } = await instantiate(module, heap.memory);
  const address = heap.allocate(BOARD_BYTES);
  const board = new JobBoard(heap.memory, address, kernels, 0);
  board.clear();
  const starts = Array.from({ length: threads - 1 }, (_, helper) => helper + 1).map((thread) =>
    startHelper({ module, memory: heap.memory, board: address, thread }),
  );
  const helpers = await Promise.all(starts);
  return new ThreadedCpu({ heap, names, kernels, board, boardAddress: address, helpers });
}

/** Resolves once the helper waits for jobs. */
function startHelper(start: HelperStart): Promise<Worker> {
  const worker = new Worker(new URL('./helper.ts', import.meta.url), {
    type: 'module',
    name: `winnow ${start.thread}`,
  });
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = ({ message }) => reject(new Error(`wasm helper: expected it to start, got ${message}`));
    worker.postMessage(start);
  });
}

interface Parts {
  readonly heap: Heap;
  readonly names: readonly string[];
  readonly kernels: readonly Kernel[];
  readonly board: JobBoard;
  readonly boardAddress: number;
  readonly helpers: readonly Worker[];
}

class ThreadedCpu implements Cpu {
  readonly heap: Heap;
  private readonly indices: ReadonlyMap<string, number>;
  private readonly scratch: GrowingRoom;
  private readonly shared: GrowingRoom;

  constructor(private readonly parts: Parts) {
    this.heap = parts.heap;
    this.indices = new Map(parts.names.map((name, index) => [name, index]));
    this.scratch = new GrowingRoom(parts.heap);
    this.shared = new GrowingRoom(parts.heap);
  }

  get threads(): number {
    return this.parts.helpers.length + 1;
  }

  run(name: string, tiles: number, values: readonly number[], scratchFloats = PRODUCT_SCRATCH): void {
    const kernel = this.indices.get(name);
    if (kernel === undefined) throw new Error(`${name}: expected among the kernels, is not`);
    const scratchBytes = scratchFloats * 4;
    const scratch = this.scratch.take(scratchBytes * this.threads);
    if (tiles > 1 && this.threads > 1) {
      this.parts.board.perform({ kernel, tiles, scratch, scratchBytes, values });
    } else {
      for (let tile = 0; tile < tiles; tile++) this.parts.kernels[kernel]?.(tile, scratch, ...values);
    }
  }

  room(bytes: number): number {
    return this.shared.take(bytes);
  }

  freeRooms(): void {
    this.scratch.free();
    this.shared.free();
  }

  dispose(): void {
    for (const helper of this.parts.helpers) helper.terminate();
    this.freeRooms();
    this.heap.free(this.parts.boardAddress);
  }
}

/** One allocation that is replaced where more is asked for. */
class GrowingRoom {
  private address = 0;
  private bytes = 0;

  constructor(private readonly heap: Heap) {}

  take(bytes: number): number {
    if (bytes <= this.bytes) return this.address;
    this.free();
    this.address = this.heap.allocate(bytes);
    this.bytes = bytes;
    return this.address;
  }

  free(): void {
    if (this.bytes > 0) this.heap.free(this.address);
    this.bytes = 0;
  }
}
