import { describe, expect, it } from 'vitest';
import type { Rgb } from '../../../src/ui/charts/colors.ts';
import { agreementPixel, maskPixel } from '../../../src/ui/masks/pixels.ts';

const [red, green, blue, white]: readonly Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];
/** ABGR, as a little-endian word over RGBA bytes. */
const [RED, GREEN, BLUE, WHITE] = [0xff0000ff, 0xff00ff00, 0xffff0000, 0xffffffff];

describe('maskPixel', () => {
  it('colours kept and pruned weights', () => {
    const pixelAt = maskPixel(Uint8Array.of(0b101), [red!, blue!]);
    expect([0, 1, 2].map(pixelAt)).toEqual([RED, BLUE, RED]);
  });
});

describe('agreementPixel', () => {
  it('tells neither, only A, only B and both apart', () => {
    const pixelAt = agreementPixel(Uint8Array.of(0b1010), Uint8Array.of(0b1100), [white!, red!, green!, blue!]);
    expect([0, 1, 2, 3].map(pixelAt)).toEqual([WHITE, RED, GREEN, BLUE]);
  });
});
