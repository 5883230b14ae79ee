import { describe, expect, it } from 'vitest';
import { bake, bakeTensors } from '../../../../src/engine/model/export/bake.ts';
import { failureOf } from '../tiny.ts';

describe('bake', () => {
  it('leaves exact zeros where the mask is 0, least significant bit first', () => {
    // 0b01000101 keeps 0, 2 and 6; 0b10 keeps the second of the next byte, 9.
    const weights = Float32Array.of(1, -2, 3, 4, 5, 6, -7, 8, 9, 10);
    expect([...bake(weights, Uint8Array.of(0b01000101, 0b10))]).toEqual([1, 0, 3, 0, 0, 0, -7, 0, 0, 10]);
  });

  it("scales what is kept by l0's gates", () => {
    expect([...bake(Float32Array.of(4, 8, 2), Uint8Array.of(0b101), Float32Array.of(0.5, 0, 1))]).toEqual([2, 0, 2]);
  });
});

describe('bakeTensors', () => {
  const name = 'a.weight';
  const given = (data: Float32Array) => ({
    tensors: new Map([[name, { shape: [data.length], data }]]),
    masks: new Map<string, Uint8Array>(),
    gates: null,
  });

  it('stores F16 rounded to nearest', () => {
    const [entry] = bakeTensors({ ...given(Float32Array.of(1 + 3 * 2 ** -11, -2)), dtype: 'F16' }).values();
    expect(entry).toEqual({ dtype: 'F16', shape: [2], data: Uint8Array.of(0x02, 0x3c, 0x00, 0xc0) });
  });

  it('stores the window of a larger buffer, not the buffer', () => {
    const [entry] = bakeTensors({ ...given(new Float32Array([9, 1, 9]).subarray(1, 2)), dtype: 'F32' }).values();
    expect([...entry!.data]).toEqual([0, 0, 0x80, 0x3f]);
  });

  it('refuses weights that F16 cannot hold, and says what to do', () => {
    expect(failureOf(() => bakeTensors({ ...given(Float32Array.of(1, -70000)), dtype: 'F16' }))).toEqual({
      code: 'bad-settings',
      message: 'a.weight: expected values within ±65504 for F16, got -70000. Download the weights as F32.',
    });
  });
});
