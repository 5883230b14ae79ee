// Round numbers along an axis, and the range that holds them.

/** Share of a step by which a bound may miss a tick and still count as on it. */
const SLACK = 1e-9;

export type Range = readonly [number, number];

/** About `count` multiples of 1, 2 or 5 · 10ᵏ within [low, high]. */
export function linearTicks([low, high]: Range, count: number): number[] {
  if (!(high > low)) return [low];
  const step = roundStep((high - low) / count);
  const first = Math.ceil(low / step - SLACK);
  const last = Math.floor(high / step + SLACK);
  return Array.from({ length: last - first + 1 }, (_, i) => multiple(first + i, step));
}

/** Powers of ten within the range; with 2 and 5 between them when there would be fewer than three. */
export function logTicks([low, high]: Range): number[] {
  const decades = decadeMultiples(low, high, [1]);
  return decades.length >= 3 ? decades : decadeMultiples(low, high, [1, 2, 5]);
}

/** The smallest range holding all finite values (positive ones when `logarithmic`), widened a little when flat. */
export function extentOf(values: Iterable<number>, logarithmic = false): Range | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  if (low < high) return [low, high];
  return logarithmic ? [low / 2, high * 2] : [low - (Math.abs(low) / 10 || 1), high + (Math.abs(high) / 10 || 1)];
}

/**
 * From the 5 % to the 95 % quantile, as TensorBoard ignores outliers: of n sorted values those at ⌈0.05 (n − 1)⌉ and
 * ⌊0.95 (n − 1)⌋. Of two values or fewer, all.
 */
export function withoutOutliers(values: Iterable<number>, logarithmic = false): readonly number[] {
  const finite = [...values].filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  if (finite.length <= 2) return finite;
  finite.sort((a, b) => a - b);
  const last = finite.length - 1;
  return finite.slice(Math.ceil(0.05 * last), Math.floor(0.95 * last) + 1);
}

/** The range grown outwards to whole tick steps, so that the first and last grid lines frame the data. */
export function roundOutwards([low, high]: Range, count: number): Range {
  const step = roundStep((high - low) / count);
  return [multiple(Math.floor(low / step + SLACK), step), multiple(Math.ceil(high / step - SLACK), step)];
}

/** The step of the form 1, 2 or 5 · 10ᵏ nearest to `rough`. */
function roundStep(rough: number): number {
  const exponent = Math.floor(Math.log10(rough));
  const lead = rough / 10 ** exponent;
  if (lead >= 7.5) return Number(`1e${exponent + 1}`);
  return Number(`${lead < 1.5 ? 1 : lead < 3.5 ? 2 : 5}e${exponent}`);
}

/** k · step; below 1 by division with the whole number 1/step, which keeps 3 · 0.1 at 0.3. */
function multiple(k: number, step: number): number {
  return step < 1 ? k / Math.round(1 / step) : k * step;
}

function decadeMultiples(low: number, high: number, leads: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    for (const lead of leads) ticks.push(Number(`${lead}e${exponent}`));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}
