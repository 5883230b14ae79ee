import type { GpuTraffic } from '../../../tools/bench/gpu-traffic.ts';
import type { Machine } from './machine.ts';
import { markdownTable, shortNumber } from './markdown.ts';
import { type LinearFit, linearFit, summarise } from './statistics.ts';
import { targetTable } from './targets.ts';

export interface SelectTimes {
  readonly n: number;
  /** In ms. */
  readonly ours: readonly number[];
  /** Empty where tf.topk did not run. */
  readonly topK: readonly number[];
  /** Of one cut-off of ours. */
  readonly traffic: GpuTraffic;
}

interface SizeFigures {
  readonly exact: boolean;
  readonly ms: number;
  readonly min: number;
  readonly runs: number;
  readonly dispatches: number;
  readonly submits: number;
  readonly tf_topk_ms: number | null;
  readonly tf_topk_runs: number;
  readonly speedup_tf_topk: number | null;
}

export interface SelectSummary {
  /** By number of scores. */
  readonly sizes: Readonly<Record<string, SizeFigures>>;
  /** ms against scores. */
  readonly linear: LinearFit;
  /** Whether a cut-off copies or maps anything. */
  readonly readback: boolean;
}

export interface SelectFigures extends SelectSummary {
  readonly machine: Machine;
  readonly adapter: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** A line must explain this share of the variance of medians. */
const LINEAR_R2 = 0.98;

export function selectSummary(times: readonly SelectTimes[], exact: Readonly<Record<string, boolean>>): SelectSummary {
  const sizes = Object.fromEntries(times.map((entry) => [entry.n, sizeFigures(entry, exact[entry.n] ?? false)]));
  return {
    sizes,
    linear: linearFit(times.map(({ n, ours }) => [n, summarise(ours).median])),
    readback: times.some(({ traffic }) => traffic.copies + traffic.mappings > 0),
  };
}

function sizeFigures({ ours, topK, traffic }: SelectTimes, exact: boolean): SizeFigures {
  const { median, min, n } = summarise(ours);
  const rival = topK.length > 0 ? summarise(topK).median : null;
  return {
    exact,
    ms: median,
    min,
    runs: n,
    dispatches: traffic.dispatches,
    submits: traffic.submits,
    tf_topk_ms: rival,
    tf_topk_runs: topK.length,
    speedup_tf_topk: rival === null ? null : rival / median,
  };
}

export function selectFailures({ sizes, linear, readback }: SelectSummary): string[] {
  const wrong = Object.entries(sizes).filter(([, { exact }]) => !exact);
  return [
    ...wrong.map(([n]) => `${n} scores: expected the mask that a sort gives, got another`),
    ...(linear.r2 >= LINEAR_R2 ? [] : [`ms against scores: expected a line with R² ≥ ${LINEAR_R2}, got ${linear.r2}`]),
    ...(readback ? ['a cut-off: expected to stay on the GPU, was copied or mapped'] : []),
  ];
}

export function selectTable(figures: SelectFigures): string {
  const { machine, adapter, versions, sizes, linear, readback } = figures;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const head = ['scores', 'exact', 'median ms', 'least ms', 'runs', 'dispatches', 'tf.topk ms', 'its runs', 'ratio'];
  const rows = Object.entries(sizes).map(([n, size]) => [
    Number(n).toLocaleString('en-GB'),
    size.exact ? 'yes' : '**no**',
    shortNumber(size.ms),
    shortNumber(size.min),
    String(size.runs),
    String(size.dispatches),
    size.tf_topk_ms === null ? '' : shortNumber(size.tf_topk_ms),
    size.tf_topk_ms === null ? '' : String(size.tf_topk_runs),
    size.speedup_tf_topk === null ? '' : shortNumber(size.speedup_tf_topk),
  ]);
  const targets = Object.entries(sizes).flatMap(([n, { speedup_tf_topk }]) =>
    speedup_tf_topk === null ? [] : [{ what: `${n}: tf.topk over ours`, value: speedup_tf_topk, atLeast: 15 }],
  );
  return [
    `${machine.cpu}, ${machine.cores} cores; adapter: ${adapter}; ${named.join(', ')}.`,
    markdownTable(head, rows),
    `Median ms ≈ ${shortNumber(linear.intercept)} + ${shortNumber(1e6 * linear.slope)} per million scores, ` +
      `R² ${linear.r2.toFixed(4)}; ${readback ? 'something is read back' : 'nothing is read back'}.`,
    targetTable(targets),
  ].join('\n\n');
}
