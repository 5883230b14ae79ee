// TensorBoard's smoothing: an exponential moving average from zero, divided by 1 − weightᵏ so that its start is
// not pulled to zero (the debiasing of Adam). A constant series stays as it is, and so do non-finite values,
// which do not enter the average.
import type { ChartPoint } from './decimate.ts';

/** `weight` is TensorBoard's slider, 0 (as measured) to below 1. */
export function smooth(points: readonly ChartPoint[], weight: number): readonly ChartPoint[] {
  const isConstant = points.every(({ value }) => value === points[0]?.value);
  if (weight <= 0 || isConstant) return points;
  let average = 0;
  let correction = 1;
  return points.map(({ step, value }) => {
    if (!Number.isFinite(value)) return { step, value };
    average = weight * average + (1 - weight) * value;
    correction *= weight;
    return { step, value: average / (1 - correction) };
  });
}
