// Which of a run's evaluations dev would choose, and what it makes of the test split. The run itself keeps its final
// weights: both results are reported, and neither was chosen on the test split.
import type { Metrics } from '../engine/train/evaluate.ts';
import type { RunEvent } from '../runs/events.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { Evaluation } from './evaluation.ts';
import { withPrefix } from './metric-rows.ts';
import { restoreSnapshot, type Snapshot } from './snapshots.ts';
import type { RunSetup } from './training-job.ts';

/** Under pruning, earlier weights are denser ones: to choose among them would be no fair choice. */
export const selectsByDev = ({ few_shot, mlm, pruning }: RunSpec): boolean =>
  few_shot !== null && mlm === null && pruning.pruning_method === 'none';

/** The evaluation that dev chooses so far. */
export interface Selected {
  readonly snapshot: Snapshot;
  readonly dev: Metrics;
}

type Values = Readonly<Record<string, number>>;

export class DevSelection {
  constructor(
    private readonly setup: RunSetup,
    public best: Selected | null,
  ) {}

  /** Of equal accuracies the later counts. */
  offer(snapshot: Snapshot, dev: Metrics): void {
    if ((dev.accuracy ?? 0) >= (this.best?.dev.accuracy ?? 0)) this.best = { snapshot, dev };
  }

  /** Metrics of the chosen weights, given those of the final ones; leaves the final ones in place. */
  async *result(
    final: Values,
    last: Snapshot,
    evaluateTest: () => AsyncGenerator<RunEvent, Evaluation>,
  ): AsyncGenerator<RunEvent, Record<string, number>> {
    const { best, setup } = this;
    if (!best || (final['eval/accuracy'] ?? 0) >= (best.dev.accuracy ?? 0)) return ofFinal(final, last.step);
    restoreSnapshot(setup, best.snapshot);
    const test = yield* evaluateTest();
    restoreSnapshot(setup, last);
    return {
      ...withPrefix('eval_selected', best.dev),
      ...withPrefix('test_selected', test.metrics),
      'selected/step': best.snapshot.step,
    };
  }
}

function ofFinal(final: Values, step: number): Record<string, number> {
  const renamed = Object.entries(final).map(([tag, value]) => [tag.replace(/^(eval|test)\//, '$1_selected/'), value]);
  const evaluated = renamed.filter(([tag]) => String(tag).includes('_selected/'));
  return { ...Object.fromEntries(evaluated), 'selected/step': step };
}
