// From what the contestants of suite `infer` took and computed to its figures.
import { DIALECTS, type Dialect } from '../../../tools/bench/infer/bert-onnx.ts';
import type { InferBackend } from '../../../tools/bench/infer/inference.ts';
import type { InferModelName } from '../../../tools/bench/infer/models.ts';
import type { InferTiming } from '../../../tools/bench-infer.ts';
import { type Summary, summarise } from './statistics.ts';

export interface InferTimes {
  readonly device: string;
  readonly logits: readonly number[];
  /** Of each round; empty for a contestant that was not let run. */
  readonly timings: readonly InferTiming[];
  /** With empty dispatches; none on the processor. */
  readonly emptyMs: readonly number[];
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
  readonly speed: Speed | null;
}

export interface Speed {
  readonly ms: Summary;
  /** 0 on the processor. */
  readonly dispatches: number;
  readonly submits: number;
  /** A batch whose dispatches compute nothing; null on the processor. */
  readonly overhead_ms: number | null;
}

export interface RaceFigures {
  readonly ours_ms: number;
  /** The faster dialect of those that agree; null where none does. */
  readonly ort_ms: number | null;
  readonly dialect: Dialect | null;
  /** ONNX Runtime's time over ours, of medians and of the least times, which other work on the machine alters least. */
  readonly ratio: number | null;
  readonly min_ratio: number | null;
  readonly agree: boolean;
  readonly examples_per_second: { readonly ours: number; readonly ort: number | null };
  readonly rounds: number;
  readonly devices: { readonly ours: string; readonly ort: string };
  /** Of either engine; null on WebGPU. */
  readonly threads: number | null;
  readonly ours: Speed;
  readonly dialects: Readonly<Record<Dialect, RivalFigures>>;
  /** Ours with a tenth of the weights kept, which ONNX Runtime cannot make use of; null on WebGPU. */
  readonly pruned: Speed | null;
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
  const entry = contestantOf(contestants, 'ours');
  const rivalOf = (dialect: Dialect) => rivalFigures(contestantOf(contestants, dialect), entry);
  const dialects = Object.fromEntries(
    DIALECTS.map((dialect) => [dialect, rivalOf(dialect)]),
  ) as RaceFigures['dialects'];
  const dialect = fastestOf(dialects);
  const ours = speedOf(entry);
  const theirs = (dialect && dialects[dialect].speed?.ms) ?? null;
  const perSecond = (ms: number) => (1000 * batch) / ms;
  return {
    ours_ms: ours.ms.median,
    ort_ms: theirs?.median ?? null,
    dialect,
    ratio: theirs && theirs.median / ours.ms.median,
    min_ratio: theirs && theirs.min / ours.ms.min,
    agree: theirs !== null,
    examples_per_second: { ours: perSecond(ours.ms.median), ort: theirs && perSecond(theirs.median) },
    rounds: ours.ms.n,
    devices: { ours: entry.device, ort: contestantOf(contestants, DIALECTS[0]).device },
    threads,
    ours,
    dialects,
    pruned: contestants.pruned ? speedOf(contestants.pruned) : null,
  };
}

function contestantOf(contestants: InferRace['contestants'], name: string): InferTimes {
  const contestant = contestants[name];
  if (!contestant) throw new Error(`infer: expected the contestant ${name}, got ${Object.keys(contestants)}`);
  return contestant;
}

function rivalFigures(rival: InferTimes, ours: InferTimes): RivalFigures {
  const { agrees, largest } = differenceOf(rival.logits, ours.logits);
  return { agree: agrees, difference: largest, speed: agrees ? speedOf(rival) : null };
}

function speedOf({ timings, emptyMs }: InferTimes): Speed {
  const { dispatches = 0, submits = 0 } = timings.at(-1)?.traffic ?? {};
  return {
    ms: summarise(timings.map(({ ms }) => ms)),
    dispatches,
    submits,
    overhead_ms: emptyMs.length > 0 ? summarise(emptyMs).median : null,
  };
}

function fastestOf(dialects: RaceFigures['dialects']): Dialect | null {
  const median = (dialect: Dialect) => dialects[dialect].speed?.ms.median ?? Infinity;
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

/** All races, model by model. */
export const rowsOf = (infer: InferFigures['infer']) =>
  Object.entries(infer).flatMap(([model, byBackend]) =>
    Object.entries(byBackend).map(([backend, figures]) => ({ model, backend, figures })),
  );
