// Results of runs as a Markdown table: what was kept, of what, and how the model does.
import type { RunSpec } from '../../src/runs/spec.ts';
import type { ExperimentResult } from '../../tools/experiment.ts';

export interface NamedResult {
  readonly spec: RunSpec;
  readonly result: ExperimentResult;
}

export function resultsTable(results: readonly NamedResult[]): string {
  const tags = [...new Set(results.flatMap(({ result }) => Object.keys(result.summary.metrics)))].sort();
  const head = ['run', 'kept, encoder', 'non-zero, model', ...tags, 'minutes'];
  const rows = results.map(({ spec, result: { summary } }) => [
    spec.name,
    percent(summary.encoderKept, summary.encoderTotal),
    percent(summary.modelNonZero, summary.modelTotal),
    ...tags.map((tag) => summary.metrics[tag]?.toFixed(4) ?? ''),
    (summary.elapsedMs / 60_000).toFixed(1),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
