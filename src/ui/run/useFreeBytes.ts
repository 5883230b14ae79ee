import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { freeBytesNow } from '../../runs/guard-rails-disk.ts';
import { useServices } from '../services.ts';

/** What the browser has left for this page, asked anew whenever something was stored or removed; null while unknown. */
export function useFreeBytes(): number | null {
  const { storage, checkpoints, notices } = useServices();
  const { changes } = useStore(storage);
  const { kept } = useStore(checkpoints);
  const [free, setFree] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when to ask again
  useEffect(() => {
    let isCurrent = true;
    freeBytesNow().then((read) => isCurrent && setFree(read), notices.add);
    return () => {
      isCurrent = false;
    };
  }, [changes, kept, notices]);
  return free;
}
