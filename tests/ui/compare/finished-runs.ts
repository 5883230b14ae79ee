// The runs of a sweep as if they had been run.
import { queuedRun, type Run } from '../../../src/runs/reducer.ts';
import { expandSweep, runPlanSchema } from '../../../src/runs/sweep.ts';

interface Result {
  readonly accuracy: number;
  /** Per cent of the encoder's linear maps. */
  readonly kept: number;
}

export function finishedRuns(settings: readonly object[], results: readonly Result[]): readonly Run[] {
  const plan = runPlanSchema.parse({
    name: 'topK',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
    sweep: { settings },
  });
  return expandSweep(plan).map((planned, index): Run => {
    const { accuracy, kept } = results[index]!;
    const summary = {
      metrics: { 'test/accuracy': accuracy, 'test/loss': 1 - accuracy },
      encoderKept: kept,
      encoderTotal: 100,
      keptByMatrix: [kept],
      modelNonZero: kept + 100,
      modelTotal: 200,
      classes: null,
      elapsedMs: 1000,
    };
    const run = queuedRun({ ...planned, id: `run-${index}`, notebookId: 'n', cellId: 'c', createdAt: 0 });
    return { ...run, status: 'done', summary };
  });
}
