// Thousands of broken files for one reader. Whatever arrives, it answers with a value or a WinnowError, soon, and without
// taking memory that the file's size does not account for. Each case comes from its number: a failure names it.
import { getHeapStatistics } from 'node:v8';
import { expect } from 'vitest';
import { WinnowError } from '../../src/engine/error.ts';
import { createRandom, deriveSeed, type Random } from '../../src/engine/random.ts';

export interface Attack {
  readonly cases: number;
  /** A file that no reader has seen yet, and its size in bytes or letters. */
  make(random: Random): { readonly size: number; read(): unknown };
  /** The case to start from, to look into one that failed. */
  readonly from?: number;
}

/** On a busy machine; at rest no case takes a tenth of it. */
const MOST_MS = 5000;
const [FREE_BYTES, BYTES_PER_BYTE] = [96 * 2 ** 20, 400];

/** Runs all cases and prints how many were read and refused. */
export async function attack(name: string, { cases, make, from = 0 }: Attack): Promise<void> {
  const startedAt = performance.now();
  let refused = 0;
  for (let number = from; number < from + cases; number++) {
    const { size, read } = make(createRandom(deriveSeed(1, number)));
    const outcome = await watch(read);
    const where = `${name}, case ${number}`;
    if (outcome.error instanceof WinnowError) {
      refused++;
      expect(outcome.error.message.length, where).toBeLessThanOrEqual(1000);
      if (!/expected|Notebook file|Link to/.test(outcome.error.message))
        throw new Error(where, { cause: outcome.error });
    } else if (outcome.error !== null) throw new Error(`${where}: not a WinnowError`, { cause: outcome.error });
    if (outcome.elapsedMs > MOST_MS) throw new Error(`${where}: took ${Math.round(outcome.elapsedMs)} ms`);
    const bound = FREE_BYTES + BYTES_PER_BYTE * size;
    if (outcome.grownBytes > bound) throw new Error(`${where}: took ${outcome.grownBytes} bytes for ${size}`);
  }
  expect(refused, `${name}: refused`).toBeGreaterThan(cases / 10); // else the mutations are too tame to tell anything
  expect(refused, `${name}: refused`).toBeLessThan(cases); // or nothing gets past the first check
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${name}: ${cases} cases, ${refused} refused, ${cases - refused} read, ${seconds} s`);
}

async function watch(read: () => unknown) {
  const before = bytesHeld();
  const startedAt = performance.now();
  let error: unknown = null;
  try {
    await read();
  } catch (thrown) {
    error = thrown;
  }
  return { error, elapsedMs: performance.now() - startedAt, grownBytes: bytesHeld() - before };
}

function bytesHeld(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
