import { describe, expect, it } from 'vitest';
import { readTensors, writeSafetensors } from '../../../src/engine/model/safetensors.ts';

const tensor = (...values: number[]) => ({
  dtype: 'U8' as const,
  shape: [values.length],
  data: Uint8Array.from(values),
});
const file = writeSafetensors(
  new Map([
    ['first', tensor(1, 2, 3)],
    ['second', tensor(4, 5)],
  ]),
);

describe('readTensors', () => {
  it('reads the named tensors and no byte of the others', async () => {
    const read: [number, number][] = [];
    const blob = new Blob([file]);
    const slice = blob.slice.bind(blob);
    blob.slice = (from = 0, to = blob.size) => {
      read.push([from, to]);
      return slice(from, to);
    };
    const tensors = await readTensors(blob, ['second', 'absent'], 'scores.safetensors');
    expect([...tensors.keys()]).toEqual(['second']);
    expect([...tensors.get('second')!.data]).toEqual([4, 5]);
    expect(read.at(-1)).toEqual([file.length - 2, file.length]);
    expect(read.length).toBe(3); // length of the header, header, tensor
  });

  it('refuses a file that ends too early, and one too short for a header', async () => {
    const cut = new Blob([file.slice(0, -1)]);
    await expect(readTensors(cut, ['first'], 'scores.safetensors')).rejects.toThrow('expected 5 bytes of data, got 4');
    await expect(readTensors(new Blob(['x']), ['first'], 'x')).rejects.toThrow('expected at least 8 bytes, got 1');
  });
});
