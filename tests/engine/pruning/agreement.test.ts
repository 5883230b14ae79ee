import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chanceIntersectionOverUnion,
  intersectionOverUnion,
  keptCount,
  maskAgreement,
  maskBit,
} from '../../../src/engine/pruning/agreement.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('maskBit', () => {
  it('reads the least significant bit first', () => {
    const bits = bytes(0b00000101, 0b10000000);
    expect([0, 1, 2, 3].map((i) => maskBit(bits, i))).toEqual([1, 0, 1, 0]);
    expect(maskBit(bits, 15)).toBe(1);
    expect(maskBit(bits, 14)).toBe(0);
  });
});

describe('keptCount', () => {
  it('counts set bits and ignores those past the last weight', () => {
    // 11 weights: eight of 0b11110000 (4 set) and the low three of 0b11111101 (2 set).
    expect(keptCount(bytes(0b11110000, 0b11111101), 11)).toBe(6);
  });

  it('counts whole bytes', () => {
    expect(keptCount(bytes(0xff, 0xff, 0x01), 24)).toBe(17);
    expect(keptCount(bytes(), 0)).toBe(0);
  });

  it('refuses a mask with too few bytes', () => {
    expect(() => keptCount(bytes(0xff), 9)).toThrow('keptCount: expected 2 bytes for 9 weights, got 1.');
  });
});

describe('maskAgreement', () => {
  it('splits the weights into both, only A, only B and neither', () => {
    // A keeps 0 1 2, B keeps 2 3; of six weights 4 and 5 are kept by neither.
    expect(maskAgreement(bytes(0b000111), bytes(0b001100), 6)).toEqual({ both: 1, onlyA: 2, onlyB: 1, neither: 2 });
  });
});

describe('intersectionOverUnion', () => {
  it('is the shared part of all that either keeps', () => {
    expect(intersectionOverUnion(bytes(0b000111), bytes(0b001100), 6)).toBe(1 / 4);
  });

  it('is 0 for disjoint masks and 1 for equal ones, empty ones included', () => {
    expect(intersectionOverUnion(bytes(0b0011), bytes(0b1100), 4)).toBe(0);
    expect(intersectionOverUnion(bytes(0b0110), bytes(0b0110), 4)).toBe(1);
    expect(intersectionOverUnion(bytes(0), bytes(0), 4)).toBe(1);
  });

  it('agrees with a count weight by weight', () => {
    const masks = fc.integer({ min: 1, max: 200 }).chain((n) => {
      const mask = fc.uint8Array({ minLength: Math.ceil(n / 8), maxLength: Math.ceil(n / 8) });
      return fc.record({ n: fc.constant(n), a: mask, b: mask });
    });
    fc.assert(
      fc.property(masks, ({ n, a, b }) => {
        const naive = naiveAgreement(a, b, n);
        expect(maskAgreement(a, b, n)).toEqual(naive);
        expect(keptCount(a, n)).toBe(naive.both + naive.onlyA);
        const union = n - naive.neither;
        expect(intersectionOverUnion(a, b, n)).toBe(union === 0 ? 1 : naive.both / union);
      }),
    );
  });
});

describe('chanceIntersectionOverUnion', () => {
  it('is what independent masks share', () => {
    // Shares ½ and ½: intersection ¼, union ¾.
    expect(chanceIntersectionOverUnion(0.5, 0.5)).toBeCloseTo(1 / 3, 12);
    expect(chanceIntersectionOverUnion(0, 0)).toBe(1);
  });
});

function naiveAgreement(a: Uint8Array, b: Uint8Array, n: number) {
  const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  for (let i = 0; i < n; i++) {
    const inA = Math.floor((a[Math.floor(i / 8)] ?? 0) / 2 ** (i % 8)) % 2 === 1;
    const inB = Math.floor((b[Math.floor(i / 8)] ?? 0) / 2 ** (i % 8)) % 2 === 1;
    if (inA) counts[inB ? 'both' : 'onlyA'] += 1;
    else counts[inB ? 'onlyB' : 'neither'] += 1;
  }
  return counts;
}
