// A job is one kernel over many tiles. It stands in shared memory, and whoever is free takes the next tile: the thread
// that posted it and its helpers alike. Tiles do not depend on each other, so who takes which changes no result.

/** `(tile, scratch, …arguments)`; addresses are in bytes. */
export type Kernel = (tile: number, scratch: number, ...values: number[]) => void;

export interface Job {
  /** Index of the kernel among the module's exports. */
  readonly kernel: number;
  readonly tiles: number;
  /** Address of the first thread's scratch; the next thread's is `scratchBytes` further on. */
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly values: readonly number[];
}

/** Integers of the board, then the arguments as doubles, which hold addresses and floats alike. */
const POSTED = 0;
const LEFT = 1;
const DONE = 2;
const FAILED = 3;
const KERNEL = 4;
const COUNT = 5;
const TILES = 6;
const DOUBLES_AT = 32;
const MOST_VALUES = 32;
export const BOARD_BYTES = DOUBLES_AT + 8 * (2 + MOST_VALUES);

/** How often to look before sleeping: jobs mostly follow each other, and tiles end, within microseconds. */
const LOOKS = 2000;
const MAY_SLEEP = typeof document === 'undefined';

export class JobBoard {
  private readonly integers: Int32Array;
  private readonly doubles: Float64Array;

  constructor(
    memory: WebAssembly.Memory,
    address: number,
    private readonly kernels: readonly Kernel[],
    private readonly thread: number,
  ) {
    this.integers = new Int32Array(memory.buffer, address, DOUBLES_AT / 4);
    this.doubles = new Float64Array(memory.buffer, address + DOUBLES_AT, 2 + MOST_VALUES);
  }

  /** Before the first job: malloc leaves anything. */
  clear(): void {
    this.integers.fill(0);
  }

  /** Does the job, with the helpers' help; returns when all of it is done. */
  perform({ kernel, tiles, scratch, scratchBytes, values }: Job): void {
    const { integers, doubles } = this;
    integers[KERNEL] = kernel;
    integers[COUNT] = values.length;
    integers[TILES] = tiles;
    doubles[0] = scratch;
    doubles[1] = scratchBytes;
    doubles.set(values, 2);
    Atomics.store(integers, DONE, 0);
    Atomics.store(integers, LEFT, tiles); // from here on tiles can be taken, and all of the above is seen
    Atomics.add(integers, POSTED, 1);
    Atomics.notify(integers, POSTED);
    this.takeTiles();
    this.awaitHelpers(tiles);
    if (Atomics.exchange(integers, FAILED, 0))
      throw new Error('wasm kernel: expected every tile to finish, one failed');
  }

  /** At most one tile per helper is left. A page's main thread may not sleep. */
  private awaitHelpers(tiles: number): void {
    for (let look = 1; ; look++) {
      const done = Atomics.load(this.integers, DONE);
      if (done >= tiles) return;
      if (MAY_SLEEP && look >= LOOKS) Atomics.wait(this.integers, DONE, done);
    }
  }

  /** A helper's life. */
  serve(): never {
    for (;;) {
      const posted = Atomics.load(this.integers, POSTED);
      this.takeTiles();
      for (let look = 0; look < LOOKS && Atomics.load(this.integers, POSTED) === posted; look++);
      Atomics.wait(this.integers, POSTED, posted);
    }
  }

  /** What is read after a tile was taken belongs to its job: no other is posted before this tile is done. */
  private takeTiles(): void {
    const { integers } = this;
    for (let left = this.take(); left > 0; left = this.take()) {
      try {
        this.compute(left - 1);
      } catch {
        Atomics.store(integers, FAILED, 1);
      } finally {
        const done = Atomics.add(integers, DONE, 1) + 1;
        if (done === integers[TILES]) Atomics.notify(integers, DONE);
      }
    }
  }

  private take(): number {
    return Atomics.load(this.integers, LEFT) > 0 ? Atomics.sub(this.integers, LEFT, 1) : 0;
  }

  private compute(tile: number): void {
    const { integers, doubles } = this;
    const values = doubles.subarray(2, 2 + (integers[COUNT] as number));
    const scratch = (doubles[0] as number) + this.thread * (doubles[1] as number);
    this.kernels[integers[KERNEL] as number]?.(tile, scratch, ...values);
  }
}

export interface HelperStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: number;
  readonly thread: number;
}

/** The module's kernels, in one order for all threads. */
export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory) {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const names = Object.keys(exports).sort();
  return { names, kernels: names.map((name) => exports[name] as unknown as Kernel) };
}
