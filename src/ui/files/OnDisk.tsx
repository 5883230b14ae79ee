// Files that lie on the disk as well as here: says when they have changed there, and reads them again at one press.
import { RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { WinnowError } from '../../engine/error.ts';
import { type DiskState, type Origin, readAgain, readOrigin, stateOnDisk } from '../../hub/on-disk.ts';
import { Notice } from '../components/Notice.tsx';
import { useServices } from '../services.ts';
import { type KeptFiles, takenOf } from './keep-files.ts';

interface OnDiskProps {
  readonly kind: KeptFiles['kind'];
  /** Of the copy that is in use. */
  readonly importKey: string;
  /** The files have another content now, and a copy of its own. */
  readonly onChanged: (key: string) => void;
}

/** Shows nothing where the browser could not remember where the files lie. */
export function OnDisk({ kind, importKey, onChanged }: OnDiskProps) {
  const { keepFiles, storage, announcements } = useServices();
  const { found, look } = useOrigin(importKey);
  const [outcome, setOutcome] = useState<{ readonly of: string; readonly words: string } | null>(null);
  if (!found) return null;
  const { origin, state } = found;
  const names = origin.handles.map(({ name }) => name).join(', ');
  const say = (words: string) => {
    setOutcome({ of: importKey, words });
    announcements.say(words);
  };
  const read = async () => {
    const kept = await keepFiles(takenOf(origin.handles, await readAgain(origin)));
    if (kept.kind !== kind) {
      const what = `expected a ${kind} as before, got a ${kept.kind}`;
      throw new WinnowError('bad-data', `${names}: ${what}. Choose the files anew.`);
    }
    storage.added(kept.key);
    if (kept.key !== importKey) return onChanged(kept.key);
    say(`${names} is the same on the disk.`);
    await look();
  };
  const press = () =>
    void read().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
  const said = outcome?.of === importKey ? outcome.words : null;
  const button = (
    <button type="button" className="button" onClick={press}>
      <RefreshCw size={15} aria-hidden="true" /> Read again from disk
    </button>
  );
  if (state === 'changed') {
    return (
      <Notice level="warning" action={button}>
        {said ?? `${names} has changed on the disk since it was read.`}
      </Notice>
    );
  }
  return (
    <div className="on-disk">
      {button}
      <span className="hint">{said ?? `${names} was copied into the browser’s storage when it was read.`}</span>
    </div>
  );
}

interface Found {
  readonly of: string;
  readonly origin: Origin;
  readonly state: DiskState;
}

/** Looked at again whenever the reader comes back to the page: files are changed elsewhere. */
function useOrigin(importKey: string): { readonly found: Found | null; look(): Promise<void> } {
  const { notices } = useServices();
  const [found, setFound] = useState<Found | null>(null);
  const look = useCallback(async () => {
    const origin = await readOrigin(importKey);
    const state = origin && (await stateOnDisk(origin));
    setFound(state && { of: importKey, origin, state });
  }, [importKey]);
  useEffect(() => {
    const lookNow = () => {
      if (!document.hidden) look().catch(notices.add);
    };
    lookNow();
    document.addEventListener('visibilitychange', lookNow);
    window.addEventListener('focus', lookNow);
    return () => {
      document.removeEventListener('visibilitychange', lookNow);
      window.removeEventListener('focus', lookNow);
    };
  }, [look, notices]);
  return { found: found?.of === importKey ? found : null, look };
}
