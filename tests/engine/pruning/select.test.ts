import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTop, maskOf } from '../../../src/engine/pruning/select.ts';

const maskTop = (values: number[], keep: number) => {
  const array = Float32Array.from(values);
  const [cut] = cutTop([array], keep);
  return [...maskOf(array, cut!)];
};

describe('the top-v cut-off', () => {
  it('keeps the largest signed numbers', () => {
    expect(maskTop([0.5, -3, 2, 0.1, -0.2], 2)).toEqual([1, 0, 1, 0, 0]);
  });
  it('breaks ties by the lower index', () => {
    expect(maskTop([1, 1, 1, 1], 3)).toEqual([1, 1, 1, 0]);
    expect(maskTop([0, -0, 0, 1], 2)).toEqual([1, 0, 0, 1]); // −0 equals 0
  });
  it('keeps all, or none', () => {
    expect(maskTop([1, 2], 2)).toEqual([1, 1]);
    expect(maskTop([1, 2], 0)).toEqual([0, 0]);
  });
  it('shares one cut-off over several arrays, ties to the earlier array', () => {
    const arrays = [Float32Array.of(5, 1), Float32Array.of(1, 4)];
    const cuts = cutTop(arrays, 3);
    expect(arrays.map((array, i) => [...maskOf(array, cuts[i]!)])).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });
  it('agrees with a stable sort on any numbers', () => {
    const float = fc.float({ noNaN: true, min: -4, max: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(float, fc.constantFrom(0, -0, 1, -1)), { minLength: 1, maxLength: 60 }),
        fc.nat(60),
        (values, k) => {
          const array = Float32Array.from(values);
          const keep = Math.min(k, array.length);
          const order = [...array.keys()].sort((a, b) => array[b]! - array[a]! || a - b);
          const expected = new Array(array.length).fill(0);
          for (const index of order.slice(0, keep)) expected[index] = 1;
          expect(maskTop(values, keep)).toEqual(expected);
        },
      ),
    );
  });
});
