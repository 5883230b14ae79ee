// What came of a cell's several runs: how far they are, what went wrong, and all of them beside each other.
import { useCallback, useState } from 'react';
import { type CompareLook, plainLook } from '../../notebook/document.ts';
import { expectedLeftMs } from '../../runs/budget.ts';
import { hasWeights, isActive, type Run } from '../../runs/reducer.ts';
import { RunsView } from '../compare/RunsView.tsx';
import { Notice } from '../components/Notice.tsx';
import { duration } from '../format.ts';
import { RunProgress } from './RunProgress.tsx';

interface SweepOutcomeProps {
  readonly cellId: string;
  /** The cell's, newest of each variant. */
  readonly runs: readonly Run[];
}

export function SweepOutcome({ cellId, runs }: SweepOutcomeProps) {
  const [look, setLook] = useState(plainLook);
  const change = useCallback((to: Partial<CompareLook>) => setLook((before) => ({ ...before, ...to })), []);
  const active = runs.find(isActive);
  const ended = runs.filter(hasWeights).length;
  const left = expectedLeftMs(runs);
  return (
    <div className="outcome">
      {active && (
        <>
          <p className="hint">
            {`${active.spec.name}; ${ended} of ${runs.length} runs are done`}
            {left !== null && `, about ${duration(left)} left for all`}.
          </p>
          <RunProgress run={active} />
        </>
      )}
      {runs.map(
        ({ id, spec, error, status }) =>
          error && (
            <Notice key={id} level={status === 'failed' ? 'error' : 'warning'}>
              {`${spec.name}: ${error.message}`}
            </Notice>
          ),
      )}
      <NotRun runs={runs.filter(({ status }) => status === 'skipped')} />
      <RunsView id={cellId} runs={runs} look={look} onChange={change} isShownAtFirst={isAny} opensSeeds />
    </div>
  );
}

function NotRun({ runs }: { readonly runs: readonly Run[] }) {
  const [first] = runs;
  if (!first) return null;
  const names = runs.map(({ variant }) => variant).join('; ');
  return (
    <Notice level="note">
      {`Not run: ${names}. The budget of ${first.budgetMinutes} min was used up; “Run again” goes on from there.`}
    </Notice>
  );
}

const isAny = () => true;
