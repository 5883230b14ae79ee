// How far a run is, in numbers: never a spinner alone.
import { bytes } from '../../runs/bytes.ts';
import { stepsOfPatience } from '../../runs/guard-rails-uda.ts';
import type { Run } from '../../runs/reducer.ts';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { count, duration, percent, plural } from '../format.ts';

/** Batches are counted; bytes, which go into the millions, are a share. */
const amountOf = ({ done, total }: NonNullable<Run['phase']>): string =>
  total < 100_000 ? `${count(done)} of ${count(total)}` : percent(done / total, 0);

export function RunProgress({ run }: { readonly run: Run }) {
  const { phase, progress, started, memory, savedStep } = run;
  const total = started?.totalSteps ?? 0;
  const step = progress?.step ?? 0;
  return (
    <div className="progress">
      <div className="progress-line">
        <strong>{started ? `Step ${count(step)} of ${count(total)}` : 'Getting ready'}</strong>
        {phase && <span>{`${phase.name}, ${amountOf(phase)}`}</span>}
        {run.status === 'paused' && <span>Paused at this step</span>}
      </div>
      <ProgressBar label={`Progress of ${run.spec.name}`} done={step} total={total} />
      {run.spec.uda && step < stepsOfPatience && (
        <p className="hint">
          Accuracy near chance is normal this early with UDA: the authors’ run left it after step 500.
        </p>
      )}
      {progress && (
        <p className="progress-facts">
          <span>{run.status === 'paused' ? 'on hold' : `${duration(progress.etaMs)} left`}</span>
          <span>{`${progress.examplesPerSecond.toFixed(progress.examplesPerSecond < 10 ? 1 : 0)} examples/s`}</span>
          <span>{`${plural(progress.tensors, 'tensor')}, ${bytes(progress.bytes)}`}</span>
          {memory && <span>{`${bytes(memory.peakBytes)} at most, ${bytes(memory.estimatedBytes)} estimated`}</span>}
          {started?.resumedAt ? <span>{`went on from step ${count(started.resumedAt)}`}</span> : null}
          {savedStep > 0 && <span>{`saved at step ${count(savedStep)}`}</span>}
          {started && <span>{started.adapter}</span>}
        </p>
      )}
    </div>
  );
}
