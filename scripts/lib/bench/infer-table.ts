import { DIALECTS } from '../../../tools/bench/infer/bert-onnx.ts';
import { type InferFigures, type RaceFigures, rowsOf, type Speed } from './infer-figures.ts';
import type { Machine } from './machine.ts';
import { markdownTable, shortNumber } from './markdown.ts';

export interface InferDocument extends InferFigures {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
}

export function inferTable({ machine, adapter, versions, infer }: InferDocument): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.cpu}, ${machine.cores} cores; adapter: ${adapter}; ${named.join(', ')}.`,
    ratioTable(infer),
    speedTable(infer),
    ...excluded(infer),
  ].join('\n\n');
}

function ratioTable(infer: InferFigures['infer']): string {
  const head = ['', 'ONNX Runtime over ours', 'of least times', 'ours, examples/s', 'its examples/s'];
  const rows = rowsOf(infer).map(({ model, backend, figures }) => [
    `${model}, ${backend}`,
    orDash(figures.ratio),
    orDash(figures.min_ratio),
    shortNumber(figures.examples_per_second.ours),
    orDash(figures.examples_per_second.ort),
  ]);
  return markdownTable(head, rows);
}

function speedTable(infer: InferFigures['infer']): string {
  const head = ['', 'median ms', 'least ms', 'batches', 'dispatches', 'submits', 'calls alone, ms'];
  const rows = rowsOf(infer).flatMap(({ model, backend, figures }) =>
    speedsOf(figures).map(([name, speed]) => [
      `${model}, ${backend}: ${name}`,
      shortNumber(speed.ms.median),
      shortNumber(speed.ms.min),
      String(speed.ms.n),
      String(speed.dispatches),
      String(speed.submits),
      orDash(speed.overhead_ms),
    ]),
  );
  return markdownTable(head, rows);
}

/** Of all that ran, by what it is called in tables. */
function speedsOf({ ours, dialects, pruned }: RaceFigures): (readonly [string, Speed])[] {
  const rivals = DIALECTS.map((dialect) => [`ONNX Runtime, ${dialect}`, dialects[dialect].speed] as const);
  const all = [['ours', ours] as const, ['ours, a tenth kept', pruned] as const, ...rivals];
  return all.flatMap(([name, speed]) => (speed ? [[name, speed] as const] : []));
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
