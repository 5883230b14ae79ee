import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat, floatToHalf, halfToFloat } from '../../../src/engine/model/half.ts';

const half = (value: number) => floatToHalf(Float32Array.of(value))[0]!;
const float = (bits: number) => halfToFloat(Uint16Array.of(bits))[0]!;

describe('halfToFloat', () => {
  it.each([
    ['1', 0x3c00, 1],
    ['−2', 0xc000, -2],
    ['the largest, 65504', 0x7bff, 65504],
    ['the smallest normal, 2⁻¹⁴', 0x0400, 2 ** -14],
    ['the largest subnormal, 1023·2⁻²⁴', 0x03ff, 1023 * 2 ** -24],
    ['the smallest subnormal, 2⁻²⁴', 0x0001, 2 ** -24],
    ['−0', 0x8000, -0],
    ['∞', 0x7c00, Infinity],
    ['NaN', 0x7e00, Number.NaN],
  ])('reads %s', (_, bits, value) => expect(float(bits)).toBe(value));
});

describe('bfloat16ToFloat', () => {
  it('reads the upper half of a float32', () => {
    // 1 = 0x3f80|0000, −3.140625 = 0xc049|0000
    expect([...bfloat16ToFloat(Uint16Array.of(0x3f80, 0xc049, 0xff80))]).toEqual([1, -3.140625, -Infinity]);
  });
});

describe('floatToHalf', () => {
  it('gives every half back that was read, except the many NaNs', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const back = floatToHalf(halfToFloat(all));
    const isNaNHalf = (bits: number) => (bits & 0x7fff) > 0x7c00;
    expect([...all].filter((bits) => !isNaNHalf(bits) && back[bits] !== bits)).toEqual([]);
    expect([...all].filter((bits) => isNaNHalf(bits) && !isNaNHalf(back[bits]!))).toEqual([]);
  });

  it.each([
    // Halves step by 2⁻¹⁰ above 1, so 2⁻¹¹ off is a tie.
    ['a tie down to the even 1', 1 + 2 ** -11, 0x3c00],
    ['a tie up to the even 1 + 2·2⁻¹⁰', 1 + 3 * 2 ** -11, 0x3c02],
    ['just past a tie up', 1 + 2 ** -11 + 2 ** -20, 0x3c01],
    ['a carry into the exponent', 2 - 2 ** -12, 0x4000],
    ['half of the smallest subnormal to 0', 2 ** -25, 0x0000],
    ['just past that half to the smallest subnormal', 2 ** -25 * (1 + 2 ** -23), 0x0001],
    ['the tie between subnormals 1 and 2 to 2', 1.5 * 2 ** -24, 0x0002],
    ['just below 2⁻¹⁴ to the smallest normal', 2 ** -14 - 2 ** -26, 0x0400],
    ['65519 to 65504', 65519, 0x7bff],
    ['65520, half-way to 65536, to ∞', 65520, 0x7c00],
    ['−1e-30 to −0', -1e-30, 0x8000],
  ])('rounds %s', (_, value, bits) => expect(half(value)).toBe(bits));

  it('finds a nearest half for any finite float in range', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const bits = half(value);
        const distance = Math.abs(float(bits) - value);
        for (const neighbour of [bits - 1, bits + 1]) {
          if (Number.isFinite(float(neighbour & 0xffff))) {
            expect(distance).toBeLessThanOrEqual(Math.abs(float(neighbour & 0xffff) - value));
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
