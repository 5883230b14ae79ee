// The checkpoints that runs go on from when they are cut off: how much room they take, how much they may, and a way to be
// rid of them.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { bytes } from '../../runs/bytes.ts';
import { bytesOf, type KeptCheckpoints as KeptOfRun } from '../../runs/checkpoints.ts';
import { isPending, type Run } from '../../runs/reducer.ts';
import { SelectField } from '../components/SelectField.tsx';
import { count, moment } from '../format.ts';
import { useMayChange, useServices } from '../services.ts';
import { checkpointRoom } from './gib-setting.ts';
import { KeptRow } from './KeptRow.tsx';

export function KeptCheckpoints() {
  const { checkpoints, runs, notices } = useServices();
  const kept = useStore(checkpoints, (state) => state.kept);
  const known = useStore(runs, (state) => state.runs);
  useEffect(() => void checkpoints.read().catch(notices.add), [checkpoints, notices]);
  const rows = kept.flatMap((one) => {
    const run = known[one.runId];
    return run ? [{ one, run }] : [];
  });
  rows.sort((a, b) => b.one.savedAt - a.one.savedAt);
  return (
    <section aria-label="Checkpoints">
      <h3 className="eyebrow library-heading">Checkpoints</h3>
      <Budget taken={bytesOf(kept)} />
      {rows.length > 0 && (
        <ul className="library-list" aria-label="Checkpoints kept">
          {rows.map(({ one, run }) => (
            <CheckpointRow key={run.id} one={one} run={run} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Budget({ taken }: { readonly taken: number }) {
  const { checkpointBudget } = useServices();
  const mayChange = useMayChange();
  const gib = useStore(checkpointBudget, (state) => state.gib);
  return (
    <>
      <p className="hint">
        {`${bytes(taken)} of ${gib} GiB. A run that is cut off goes on from its checkpoint. Beyond the limit the oldest ` +
          'are deleted; those of runs under way, of pinned runs, and the newest stay.'}
      </p>
      {mayChange && (
        <div className="library-limit">
          <SelectField
            label="Checkpoints may take"
            options={checkpointRoom.choices.map((amount) => ({ id: String(amount), label: `${amount} GiB` }))}
            value={String(gib)}
            onChoose={(id) => checkpointBudget.state(Number(id))}
          />
        </div>
      )}
    </>
  );
}

function CheckpointRow({ one, run }: { readonly one: KeptOfRun; readonly run: Run }) {
  const { checkpoints, library } = useServices();
  const notebook = useStore(library, ({ entries }) => entries.find(({ id }) => id === run.notebookId)?.title);
  const total = run.started ? ` of ${count(run.started.totalSteps)}` : '';
  const variant = run.variant && `, ${run.variant}`;
  const title = `${run.spec.name}${variant}, step ${count(one.step)}${total}`;
  const parts = [
    notebook ? `“${notebook}”` : 'no notebook of this browser',
    ...(one.savedAt > 0 ? [moment(one.savedAt)] : []),
    ...(isPending(run) ? ['under way'] : []),
  ];
  const remove = isPending(run) ? null : () => checkpoints.remove(run.id);
  return <KeptRow kept={{ id: run.id, title, about: parts.join(' · '), bytes: one.bytes, remove }} />;
}
