// One run of an opened row: its own numbers, a note, and whether it is kept.
import { Pin, PinOff, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { isActive, type Run } from '../../runs/reducer.ts';
import { IconButton } from '../components/IconButton.tsx';
import { count } from '../format.ts';
import { useServices } from '../services.ts';
import { type Column, statusWords, textOf } from './columns.ts';

interface RunDetailsProps {
  readonly run: Run;
  readonly columns: readonly Column[];
}

export function RunDetails({ run, columns }: RunDetailsProps) {
  const { runs, announcements } = useServices();
  const { id, cellId, spec, isPinned } = run;
  const alone = { key: id, name: spec.name, cellId, runs: [run] };
  const pin = () => {
    runs.annotate(id, { isPinned: !isPinned });
    announcements.say(`${spec.name} ${isPinned ? 'unpinned' : 'pinned'}.`);
  };
  return (
    <tr className="run-details">
      <td />
      <td>
        <div className="run-details-line">
          <span>{`seed ${spec.training.seed}`}</span>
          <IconButton
            icon={isPinned ? PinOff : Pin}
            label={isPinned ? 'Unpin' : 'Pin: stays on top, and is kept when its cell runs again'}
            onPress={pin}
          />
          {!isActive(run) && <RemoveButton run={run} />}
          <Note run={run} />
        </div>
      </td>
      <td>
        {statusWords[run.status]}
        {run.progress && isActive(run) && ` ${count(run.progress.step)} of ${count(run.started?.totalSteps ?? 0)}`}
      </td>
      {columns.map((column) => (
        <td key={column.id} className="number">
          {textOf(column, alone)}
        </td>
      ))}
    </tr>
  );
}

function Note({ run }: { readonly run: Run }) {
  const { runs } = useServices();
  const id = useId();
  return (
    <>
      <label className="visually-hidden" htmlFor={id}>{`Note on ${run.spec.name}`}</label>
      <input
        id={id}
        className="input run-note"
        placeholder="Note"
        defaultValue={run.note}
        onBlur={({ target }) => target.value !== run.note && runs.annotate(run.id, { note: target.value })}
      />
    </>
  );
}

/** Its weights go with it, and there is no undo: asked twice. */
function RemoveButton({ run }: { readonly run: Run }) {
  const { runs, announcements } = useServices();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) return <IconButton icon={Trash2} label="Remove" onPress={() => setAsking(true)} />;
  const remove = () => {
    runs.remove(run.id);
    announcements.say(`${run.spec.name} removed.`);
  };
  return (
    <>
      <button type="button" className="button" onClick={remove}>
        Remove with its weights
      </button>
      <button type="button" className="button button-quiet" onClick={() => setAsking(false)}>
        Keep
      </button>
    </>
  );
}
