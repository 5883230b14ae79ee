// Earlier versions of the open notebook: when, what changed, and the way back.
import { useEffect, useState } from 'react';
import type { Version } from '../../notebook/library/repository.ts';
import { Dialog } from '../components/Dialog.tsx';
import { moment } from '../format.ts';
import { useServices } from '../services.ts';
import { describeChanges } from './describe.ts';
import './library.css';

export function Versions({ onClose }: { readonly onClose: () => void }) {
  const { library, notices, announcements } = useServices();
  const [versions, setVersions] = useState<readonly Version[] | null>(null);
  useEffect(() => {
    library.versions().then(setVersions, (problem) => {
      notices.add(problem);
      onClose();
    });
  }, [library, notices, onClose]);
  const restore = ({ at, document }: Version) => {
    if (!document) return;
    library.restore(document).then(() => announcements.say(`The version of ${moment(at)} is back.`), notices.add);
    onClose();
  };
  return (
    <Dialog title="Versions" onClose={onClose}>
      <p className="hint">
        Kept while you work: close together at first, further apart as they age. Going back to one is a change like any
        other; Undo takes it back.
      </p>
      {versions === null ? (
        <p className="hint">Reading the versions…</p>
      ) : (
        <ol className="library-list">
          {versions.map((version, index) => (
            <li key={version.at}>
              <div className="library-entry">
                <time dateTime={new Date(version.at).toISOString()}>{moment(version.at)}</time>
                <small>{whatChanged(versions, index)}</small>
              </div>
              {index === 0 ? (
                <span className="hint">Now</span>
              ) : (
                <button
                  type="button"
                  className="button"
                  aria-label={`Restore the version of ${moment(version.at)}`}
                  disabled={!version.document}
                  onClick={() => restore(version)}
                >
                  Restore
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}

/** Against the version before it, of those that can be read. */
function whatChanged(versions: readonly Version[], index: number): string {
  const document = versions[index]?.document;
  if (!document) return 'Written by a newer Winnow: this one cannot read it.';
  const before = versions.slice(index + 1).find((version) => version.document !== null)?.document;
  return before ? describeChanges(before, document) || 'No change.' : 'The oldest version kept.';
}
