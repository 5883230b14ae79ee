import type { EstimateFigures, MemoryScenario, StepMemoryFigures } from '../../../tools/bench/memory-page.ts';
import type { Machine } from './machine.ts';
import { markdownTable } from './markdown.ts';
import { summarise } from './statistics.ts';

export interface MemoryRun {
  readonly scenario: MemoryScenario;
  readonly estimate: EstimateFigures;
  /** Null where no step was run. */
  step: StepMemoryFigures | null;
}

export interface MemoryFigures {
  readonly machine: Machine;
  readonly adapter: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly MemoryRun[];
}

/** What BERT-base may take with the right choices. */
const BUDGET = 4e9;
/** How far an estimate may lie from what is measured. */
const TOLERANCE = 0.1;

export function memoryFailures(runs: readonly MemoryRun[]): string[] {
  return runs.flatMap(({ scenario, estimate, step }) => {
    if (!step) return [];
    const where = nameOf(scenario);
    const ratio = estimate.bytes / step.bytes;
    return [
      ...(step.bytes <= BUDGET ? [] : [`${where}: expected at most 4 GB, got ${step.bytes} bytes`]),
      ...(Math.abs(ratio - 1) <= TOLERANCE
        ? []
        : [`${where}: expected ${estimate.bytes} bytes, measured ${step.bytes}`]),
      ...(Number.isFinite(step.loss) ? [] : [`${where}: expected a finite loss, got ${step.loss}`]),
    ];
  });
}

function nameOf({ freezeWeights, recomputesLayers, batch }: MemoryScenario): string {
  const method = freezeWeights ? 'topK, scores alone' : 'topK';
  return `${method}, batch ${batch}${recomputesLayers ? ', recomputed' : ''}`;
}

const KINDS = ['weights', 'scores', 'gradients', 'moments', 'masks', 'activations', 'other'] as const;

export function memoryTable({ machine, adapter, versions, runs }: MemoryFigures): string {
  const head = ['MB', ...KINDS, 'estimate', 'measured', 'largest buffer'];
  const rows = runs.map(({ scenario, estimate, step }) => [
    nameOf(scenario),
    ...KINDS.map((kind) => megabytes(estimate.byKind[kind])),
    megabytes(estimate.bytes),
    step ? megabytes(step.bytes) : '',
    megabytes(estimate.largestBuffer),
  ]);
  const { median } = summarise(runs.map(({ estimate }) => estimate.ms));
  return [
    `${machine.cpu}, ${machine.cores} cores; adapter: ${adapter}; ${versions.browser}. An estimate takes ${median.toFixed(0)} ms (median).`,
    markdownTable(head, rows),
  ].join('\n\n');
}

const megabytes = (bytes: number): string => Math.round(bytes / 1e6).toLocaleString('en-GB');
