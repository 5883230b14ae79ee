import type { Sizes } from '../../../tools/bench/workload.ts';
import type { Machine } from './machine.ts';
import { markdownTable, shortNumber } from './markdown.ts';
import { type LinearFit, linearFit, type PowerFit, powerFit } from './statistics.ts';

export const AXES = ['layers', 'tokens', 'batch', 'hidden'] as const;
export type Axis = (typeof AXES)[number];
export const BACKENDS = ['webgpu', 'wasm'] as const;
export type Backend = (typeof BACKENDS)[number];

export interface Measured {
  readonly axis: Axis;
  readonly backend: Backend;
  readonly value: number;
  /** Median time of a step. */
  readonly ms: number;
  /** The least, which lines are fitted to: what else the machine does only adds to it. */
  readonly min_ms: number;
  readonly n: number;
  /** Held after a step: on the GPU with all activations, in WebAssembly without. */
  readonly bytes: number;
  /** The most held during a step. */
  readonly peak_bytes: number;
}

const QUANTITIES = ['min_ms', 'bytes', 'peak_bytes'] as const;
type Quantity = (typeof QUANTITIES)[number];

export interface Fit {
  readonly axis: Axis;
  readonly backend: Backend;
  readonly quantity: Quantity;
  readonly linear: LinearFit;
  readonly power: PowerFit;
}

/** Every layer and every text costs the same as the one before. */
const LINEAR_AXES: readonly Axis[] = ['layers', 'batch'];
/** Of the variance over values that double three times, a line explains 0.962 of a square and less of higher powers. */
const LINEAR_R2 = 0.98;

export function scaleFits(points: readonly Measured[]): Fit[] {
  return BACKENDS.flatMap((backend) =>
    AXES.flatMap((axis) => {
      const along = points.filter((point) => point.axis === axis && point.backend === backend);
      return QUANTITIES.map((quantity) => {
        const pairs = along.map((point) => [point.value, point[quantity]] as const);
        return { axis, backend, quantity, linear: linearFit(pairs), power: powerFit(pairs) };
      });
    }),
  );
}

export function scaleFailures(fits: readonly Fit[]): string[] {
  return fits
    .filter(({ axis, linear }) => LINEAR_AXES.includes(axis) && !(linear.r2 >= LINEAR_R2))
    .map(
      ({ axis, backend, quantity, linear }) =>
        `${quantity} against ${axis} on ${backend}: expected a line with R² ≥ ${LINEAR_R2}, got ${linear.r2}`,
    );
}

export function scaleTable(figures: {
  readonly machine: Machine;
  readonly adapters: Readonly<Record<string, string | null>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly base: Sizes;
  readonly points: readonly Measured[];
  readonly fits: readonly Fit[];
}): string {
  const { machine, adapters, versions, base, points, fits } = figures;
  const { layers, hidden, tokens, batch, vocabulary } = base;
  const head = `${machine.cpu}, ${machine.cores} cores; ${Object.values(adapters).join('; ')}; ${versions.browser}.`;
  const text = `Around ${layers} layers, hidden ${hidden}, ${tokens} tokens, batch ${batch}, vocabulary ${vocabulary}.`;
  return [`${head} ${text}`, pointTable(points), fitTable(fits)].join('\n\n');
}

function pointTable(points: readonly Measured[]): string {
  const rows = AXES.flatMap((axis) => {
    const values = [...new Set(points.filter((point) => point.axis === axis).map(({ value }) => value))];
    return values.map((value) => {
      const cells = BACKENDS.flatMap((backend) => {
        const point = points.find((p) => p.axis === axis && p.backend === backend && p.value === value);
        return point ? cellsOf(point) : ['', '', '', ''];
      });
      return [`${axis} ${value}`, ...cells];
    });
  });
  const columns = BACKENDS.flatMap((backend) => [`${backend}: median ms`, 'least', 'MB after', 'at most']);
  return markdownTable(['', ...columns], rows);
}

function fitTable(fits: readonly Fit[]): string {
  const rows = fits.map(({ axis, backend, quantity, linear, power }) => [
    `${backend}: ${quantity} against ${axis}`,
    linear.r2.toFixed(4),
    power.exponent.toFixed(2),
    power.r2.toFixed(4),
    LINEAR_AXES.includes(axis) ? (linear.r2 >= LINEAR_R2 ? 'linear' : '**not linear**') : '',
  ]);
  return markdownTable(['', 'R² of a line', 'exponent of a power', 'its R²', ''], rows);
}

const cellsOf = ({ ms, min_ms, bytes, peak_bytes }: Measured): string[] => [
  shortNumber(ms),
  shortNumber(min_ms),
  megabytes(bytes),
  megabytes(peak_bytes),
];

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
