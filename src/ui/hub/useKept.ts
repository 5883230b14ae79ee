// What of a repository lies on this machine, read from the browser's own file system.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { KeptRepository, Pinned } from '../../hub/hub-store.ts';
import { useServices } from '../services.ts';

/** Null while it is being read, and where nothing is kept. Read again after each download. */
export function useKept({ kind, id, commit }: Pinned): KeptRepository | null {
  const { storage, notices } = useServices();
  const { changes } = useStore(storage);
  const [kept, setKept] = useState<KeptRepository | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` says when to read again
  useEffect(() => {
    let isCurrent = true;
    const read = async () => {
      const { readKept } = await import('../../hub/hub-store.ts');
      const found = await readKept({ kind, id, commit });
      if (isCurrent) setKept(found);
    };
    read().catch(notices.add);
    return () => {
      isCurrent = false;
    };
  }, [kind, id, commit, changes, notices]);
  return kept;
}

/** Bytes that are wanted and not here yet. */
export const bytesLeft = ({ files }: KeptRepository): number =>
  files.reduce((sum, { size, isComplete }) => sum + (isComplete ? 0 : size), 0);
