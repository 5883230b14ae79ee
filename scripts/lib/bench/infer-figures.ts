import { DIALECTS, type Dialect } from '../../../tools/bench/infer/bert-onnx.ts';
import type { InferBackend } from '../../../tools/bench/infer/inference.ts';
import type { InferModelName } from '../../../tools/bench/infer/models.ts';
import type { Machine } from './machine.ts';
import { markdownTable, shortNumber } from './markdown.ts';
import { type Summary, summarise } from './statistics.ts';

export interface InferTimes {
  readonly device: string;
  readonly logits: readonly number[];
  /** Of each round; empty for a contestant that was not let run. */
  readonly ms: readonly number[];
}

/** By contestant: ours, each dialect of ONNX Runtime's model and, on the processor, ours pruned. */
export interface InferRace {
  readonly model: InferModelName;
  readonly backend: InferBackend;
  readonly batch: number;
  /** Null on WebGPU. */
  readonly threads: number | null;
  readonly contestants: Readonly<Record<string, InferTimes>>;
}

interface RivalFigures {
  readonly agree: boolean;
  /** Largest difference of a logit from ours. */
  readonly difference: number;
  /** Null where it was not let run, as its logits are others. */
  readonly ms: Summary | null;
}

export interface RaceFigures {
  readonly ours_ms: number;
  readonly ours_min_ms: number;
  /** The faster dialect of those that agree; null where none does. */
  readonly ort_ms: number | null;
  readonly ort_min_ms: number | null;
  readonly dialect: Dialect | null;
  /** ONNX Runtime's time over ours. */
  readonly ratio: number | null;
  readonly agree: boolean;
  readonly examples_per_second: { readonly ours: number; readonly ort: number | null };
  readonly rounds: number;
  readonly devices: { readonly ours: string; readonly ort: string };
  /** Of either engine; null on WebGPU. */
  readonly threads: number | null;
  readonly dialects: Readonly<Record<Dialect, RivalFigures>>;
  /** Our time with a tenth of the weights kept, which ONNX Runtime cannot make use of; null on WebGPU. */
  readonly pruned_ms: number | null;
}

export interface InferFigures {
  readonly adapter: string;
  readonly infer: Readonly<Record<string, Readonly<Record<string, RaceFigures>>>>;
}

const TOLERANCE = 1e-3;

/** Negated, so that NaN disagrees. */
export function differenceOf(logits: readonly number[], reference: readonly number[]) {
  const largest = reference.reduce((most, value, i) => Math.max(most, Math.abs(value - (logits[i] ?? Number.NaN))), 0);
  return { largest, agrees: logits.length === reference.length && largest <= TOLERANCE };
}

export function inferFigures(races: readonly InferRace[]): InferFigures {
  const infer: Record<string, Record<string, RaceFigures>> = {};
  for (const race of races) {
    infer[race.model] = { ...infer[race.model], [race.backend]: raceFigures(race) };
  }
  const onGpu = races.find(({ backend }) => backend === 'webgpu');
  return { adapter: onGpu?.contestants.ours?.device ?? 'none', infer };
}

function raceFigures({ batch, threads, contestants }: InferRace): RaceFigures {
  const ours = contestantOf(contestants, 'ours');
  const rivalOf = (dialect: Dialect) => rivalFigures(contestantOf(contestants, dialect), ours);
  const dialects = Object.fromEntries(
    DIALECTS.map((dialect) => [dialect, rivalOf(dialect)]),
  ) as RaceFigures['dialects'];
  const dialect = fastestOf(dialects);
  const mine = summarise(ours.ms);
  const theirs = dialect && dialects[dialect].ms;
  const perSecond = (ms: number) => (1000 * batch) / ms;
  return {
    ours_ms: mine.median,
    ours_min_ms: mine.min,
    ort_ms: theirs?.median ?? null,
    ort_min_ms: theirs?.min ?? null,
    dialect,
    ratio: theirs && theirs.median / mine.median,
    agree: theirs !== null,
    examples_per_second: { ours: perSecond(mine.median), ort: theirs && perSecond(theirs.median) },
    rounds: mine.n,
    devices: { ours: ours.device, ort: contestantOf(contestants, DIALECTS[0]).device },
    threads,
    dialects,
    pruned_ms: contestants.pruned ? summarise(contestants.pruned.ms).median : null,
  };
}

function contestantOf(contestants: InferRace['contestants'], name: string): InferTimes {
  const contestant = contestants[name];
  if (!contestant) throw new Error(`infer: expected the contestant ${name}, got ${Object.keys(contestants)}`);
  return contestant;
}

function rivalFigures({ logits, ms }: InferTimes, ours: InferTimes): RivalFigures {
  const { agrees, largest } = differenceOf(logits, ours.logits);
  return { agree: agrees, difference: largest, ms: agrees ? summarise(ms) : null };
}

function fastestOf(dialects: RaceFigures['dialects']): Dialect | null {
  const median = (dialect: Dialect) => dialects[dialect].ms?.median ?? Infinity;
  const [fastest] = DIALECTS.filter((dialect) => dialects[dialect].agree).sort((a, b) => median(a) - median(b));
  return fastest ?? null;
}

/** Where no form of ONNX Runtime's model computes what ours does. */
export function inferFailures({ infer }: InferFigures): string[] {
  return rowsOf(infer)
    .filter(({ figures }) => !figures.agree)
    .map(({ model, backend, figures }) => {
      const differences = DIALECTS.map((dialect) => `${figures.dialects[dialect].difference} (${dialect})`);
      return `${model} on ${backend}: expected ONNX Runtime's logits within ${TOLERANCE} of ours, got ${differences.join(', ')}`;
    });
}

const rowsOf = (infer: InferFigures['infer']) =>
  Object.entries(infer).flatMap(([model, byBackend]) =>
    Object.entries(byBackend).map(([backend, figures]) => ({ model, backend, figures })),
  );

export interface InferDocument extends InferFigures {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
}

export function inferTable({ machine, adapter, versions, infer }: InferDocument): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const head = [
    '',
    'ours, ms',
    'ONNX Runtime, ms',
    'its model',
    'ratio',
    'ours, examples/s',
    'a tenth kept, ms',
    'rounds',
  ];
  const rows = rowsOf(infer).map(({ model, backend, figures }) => [
    `${model}, ${backend}`,
    shortNumber(figures.ours_ms),
    orDash(figures.ort_ms),
    figures.dialect ?? '**disagrees**',
    orDash(figures.ratio),
    shortNumber(figures.examples_per_second.ours),
    orDash(figures.pruned_ms),
    String(figures.rounds),
  ]);
  return [
    `${machine.cpu}, ${machine.cores} cores; adapter: ${adapter}; ${named.join(', ')}.`,
    markdownTable(head, rows),
    ...excluded(infer),
  ].join('\n\n');
}

const orDash = (value: number | null): string => (value === null ? '–' : shortNumber(value));

/** A dialect that did not run, in words. */
function excluded(infer: InferFigures['infer']): string[] {
  return rowsOf(infer).flatMap(({ model, backend, figures }) =>
    DIALECTS.filter((dialect) => !figures.dialects[dialect].agree).map((dialect) => {
      const difference = shortNumber(figures.dialects[dialect].difference);
      return `${model} on ${backend}: ONNX Runtime's ${dialect} model was left out, as its logits differ by ${difference}.`;
    }),
  );
}
