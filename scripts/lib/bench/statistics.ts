// Summaries of timings and least-squares fits.

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly n: number;
}

export function summarise(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), n: values.length };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('median: expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle]!;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}

export type Point = readonly [x: number, y: number];

export interface LinearFit {
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance explained, 1 where all points lie on the line. */
  readonly r2: number;
}

/** y ≈ slope · x + intercept by least squares. */
export function linearFit(points: readonly Point[]): LinearFit {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const slope = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / sum(points.map(([x]) => (x - meanX) ** 2));
  const intercept = meanY - slope * meanX;
  const missed = sum(points.map(([x, y]) => (y - slope * x - intercept) ** 2));
  const spread = sum(points.map(([, y]) => (y - meanY) ** 2));
  return { slope, intercept, r2: spread === 0 ? 1 : 1 - missed / spread };
}

export interface PowerFit {
  readonly exponent: number;
  readonly r2: number;
}

/** y ≈ c · x^exponent, by a line through the logarithms. */
export function powerFit(points: readonly Point[]): PowerFit {
  const { slope, r2 } = linearFit(points.map(([x, y]) => [Math.log(x), Math.log(y)]));
  return { exponent: slope, r2 };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
