// A run's evaluations as the authors of UDA print theirs, to be laid beside theirs.
import { ScrollText } from 'lucide-react';
import { useStore } from 'zustand';
import { authorsLog } from '../../runs/authors-log.ts';
import { rowsOf } from '../../runs/metrics.ts';
import type { Run } from '../../runs/reducer.ts';
import type { RunsStore } from '../../runs/store.ts';
import { CopyButton } from '../components/CopyButton.tsx';
import { useServices } from '../services.ts';

export function AuthorsLog({ run }: { readonly run: Run }) {
  const { runs } = useServices();
  const log = useStore(runs, () => logOf(runs, run.id));
  if (log === '') return null;
  return (
    <details className="more">
      <summary>The log, in the form of UDA’s authors</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long log scrolls by keyboard */}
      <pre className="authors-log" tabIndex={0}>
        {log}
      </pre>
      <CopyButton icon={ScrollText} label="Copy the log" what="the log" text={() => log} />
    </details>
  );
}

const logOf = (runs: RunsStore, runId: string): string =>
  authorsLog(rowsOf(['eval/loss', 'eval/accuracy'], (tag) => runs.pointsOf(runId, tag)));
