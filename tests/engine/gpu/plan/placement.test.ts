// Which storage shares which buffer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Need, place } from '../../../../src/engine/gpu/plan/placement.ts';
import { Storage } from '../../../../src/engine/gpu/plan/storage.ts';

const need = (bytes: number, first: number, last: number): Need => ({
  storage: new Storage('test', bytes / 4),
  bytes,
  first,
  last,
});

const bufferOf = (size: number) => ({ size }) as GPUBuffer;
const newBytes = (slots: ReturnType<typeof place>) => slots.filter(({ buffer }) => !buffer).map(({ bytes }) => bytes);

describe('placing storage', () => {
  it('lets those share that are not alive together', () => {
    expect(newBytes(place([need(64, 0, 1), need(32, 2, 3), need(64, 1, 2)], []))).toEqual([64, 64]);
  });

  it('takes the smallest buffer at hand that is large enough', () => {
    const [small, large] = [bufferOf(100), bufferOf(1000)];
    const [slot] = place([need(64, 0, 1)], [large, small]);
    expect(slot?.buffer).toBe(small);
  });

  it('fits a smaller shape into what a larger one has left', () => {
    const shape = (scale: number) => [need(64 * scale, 0, 3), need(16 * scale, 1, 2), need(48 * scale, 2, 4)];
    const buffers = place(shape(10), []).map(({ bytes }) => bufferOf(bytes));
    expect(newBytes(place(shape(3), buffers))).toEqual([]);
  });

  it('never gives one buffer to two that are alive together', () => {
    const needs = fc.array(fc.tuple(fc.nat(50), fc.nat(30), fc.nat(10)), { maxLength: 40 });
    fc.assert(
      fc.property(needs, fc.array(fc.nat(300), { maxLength: 8 }), (drawn, sizes) => {
        const all = drawn.map(([words, first, length]) => need(16 + 4 * words, first, first + length));
        const slots = place(all, sizes.map(bufferOf));
        expect(slots.flatMap((slot) => slot.needs)).toHaveLength(all.length);
        for (const slot of slots) {
          const inTurn = slot.needs.toSorted((a, b) => a.first - b.first);
          for (const each of inTurn) expect(each.bytes).toBeLessThanOrEqual(slot.bytes);
          for (let i = 1; i < inTurn.length; i++) expect(inTurn[i]!.first).toBeGreaterThan(inTurn[i - 1]!.last);
        }
      }),
    );
  });
});
