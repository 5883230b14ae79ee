import { describe, expect, it } from 'vitest';
import {
  AXES,
  type Axis,
  BACKENDS,
  type Measured,
  scaleFailures,
  scaleFits,
} from '../../../scripts/lib/bench/scale-figures.ts';

/** Time and bytes as functions of the axis' value. */
function points(ms: (axis: Axis, value: number) => number, bytes: (axis: Axis, value: number) => number): Measured[] {
  return BACKENDS.flatMap((backend) =>
    AXES.flatMap((axis) =>
      [1, 2, 4, 8].map((value) => {
        const held = bytes(axis, value);
        return { axis, backend, value, ms: 99, min_ms: ms(axis, value), n: 10, bytes: held, peak_bytes: 2 * held };
      }),
    ),
  );
}

describe('fits of the scale suite', () => {
  it('find lines and powers', () => {
    const fits = scaleFits(
      points(
        (_, value) => 3 + 2 * value,
        (_, value) => value ** 2,
      ),
    );
    const found = (quantity: string) =>
      fits.find((fit) => fit.axis === 'hidden' && fit.backend === 'wasm' && fit.quantity === quantity);
    expect(found('min_ms')?.linear).toEqual({ slope: 2, intercept: 3, r2: 1 });
    expect(found('bytes')?.power.exponent).toBeCloseTo(2, 12);
  });

  it('need lines for layers and batch alone', () => {
    const curved = (axis: Axis, value: number) => (axis === 'tokens' || axis === 'hidden' ? value ** 3 : value);
    expect(scaleFailures(scaleFits(points(curved, curved)))).toEqual([]);
  });

  it('fail where bytes grow with the square of the batch', () => {
    const bytes = (axis: Axis, value: number) => (axis === 'batch' ? value ** 2 : value);
    const failures = scaleFailures(scaleFits(points((_, value) => value, bytes)));
    expect(failures).toHaveLength(4); // two quantities on two backends
    expect(failures[0]).toContain('bytes against batch on webgpu: expected a line with R² ≥ 0.98, got 0.962');
  });

  it('allow bytes that do not depend on the batch', () => {
    expect(
      scaleFailures(
        scaleFits(
          points(
            (_, value) => value,
            () => 7,
          ),
        ),
      ),
    ).toEqual([]);
  });
});
