import { useState } from 'react';
import { useStore } from 'zustand';
import type { NotebookEntry } from '../../notebook/library/repository.ts';
import { isActive } from '../../runs/reducer.ts';
import { runsOfNotebook } from '../../runs/store.ts';
import { moment, plural } from '../format.ts';
import { useServices } from '../services.ts';

/** Deleted notebooks, until they are deleted for ever. */
export function Bin() {
  const { library } = useServices();
  const entries = useStore(library, (state) => state.entries);
  const binned = entries.filter(({ binnedAt }) => binnedAt !== null);
  if (binned.length === 0) return null;
  return (
    <section aria-label="Bin">
      <h3 className="eyebrow library-heading">Bin</h3>
      <ul className="library-list">
        {binned.map((entry) => (
          <BinnedRow key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function BinnedRow({ entry }: { readonly entry: NotebookEntry }) {
  const { library, runs, notices, announcements } = useServices();
  const [isAsking, setAsking] = useState(false);
  const own = runsOfNotebook(
    useStore(runs, (state) => state.runs),
    entry.id,
  );
  const title = entry.title || 'Untitled';
  const putBack = () => library.bin(entry.id, false).then(() => announcements.say(`“${title}” is back.`), notices.add);
  const remove = () => {
    for (const run of own) runs.remove(run.id);
    library.remove(entry.id).then(() => announcements.say(`“${title}” deleted for ever.`), notices.add);
  };
  return (
    <li>
      <div className="library-entry">
        {title}
        <small>
          Deleted {moment(entry.binnedAt ?? 0)}
          {own.length > 0 && ` · ${plural(own.length, 'run')} with weights`}
        </small>
      </div>
      <div className="library-actions">
        <button type="button" className="button" aria-label={`Put “${title}” back`} onClick={putBack}>
          Put back
        </button>
        <button
          type="button"
          className="button"
          aria-label={isAsking ? `Yes, delete “${title}” for ever` : `Delete “${title}” for ever`}
          disabled={own.some(isActive)}
          onClick={isAsking ? remove : () => setAsking(true)}
          onBlur={() => setAsking(false)}
        >
          {isAsking ? 'Yes, for ever' : 'Delete for ever'}
        </button>
      </div>
    </li>
  );
}
