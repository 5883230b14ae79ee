// Outcomes of runs as a Markdown table: what was kept, of what, and how the model does.
import type { Outcome } from './experiment.ts';

export function outcomeTable(outcomes: readonly Outcome[]): string {
  const tags = [...new Set(outcomes.flatMap(({ summary }) => Object.keys(summary.metrics)))].sort();
  const head = ['run', 'kept of encoder', 'non-zero of model', ...tags, 'seconds'];
  const rows = outcomes.map(({ spec, summary }) => [
    spec.name,
    percent(summary.encoderKept, summary.encoderTotal),
    percent(summary.modelNonZero, summary.modelTotal),
    ...tags.map((tag) => summary.metrics[tag]?.toFixed(4) ?? ''),
    (summary.elapsedMs / 1000).toFixed(0),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
