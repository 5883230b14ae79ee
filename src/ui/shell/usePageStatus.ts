// While a run is under way: keep the screen awake, and ask before the page is closed on it. The run itself goes on in a
// hidden page: the worker waits for no frame, and no timer of the page.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { isActive } from '../../runs/reducer.ts';
import { useMayChange, useServices } from '../services.ts';

export function usePageStatus(): void {
  const { runs } = useServices();
  const isOwn = useMayChange();
  const isBusy = useStore(runs, (state) => isOwn && Object.values(state.runs).some(isActive));
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    const release = keepAwake();
    return () => {
      window.removeEventListener('beforeunload', ask);
      release();
    };
  }, [isBusy]);
}

/** A refusal (low battery) only means that the screen may sleep. Hiding the page ends the lock: it is asked for anew. */
function keepAwake(): () => void {
  let lock: Promise<WakeLockSentinel | null> | undefined;
  const request = () => {
    if (document.visibilityState === 'visible') lock = navigator.wakeLock?.request('screen').catch(() => null);
  };
  request();
  document.addEventListener('visibilitychange', request);
  return () => {
    document.removeEventListener('visibilitychange', request);
    void lock?.then((held) => held?.release());
  };
}
