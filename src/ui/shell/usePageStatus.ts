// While a run is under way: keep the screen awake, and ask before the page is closed on it.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { isActive } from '../../runs/reducer.ts';
import { useServices } from '../services.ts';

export function usePageStatus(): void {
  const { runs } = useServices();
  const isBusy = useStore(runs, (state) => Object.values(state.runs).some(isActive));
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

/** A refusal (low battery, hidden page) only means that the screen may sleep. */
function keepAwake(): () => void {
  const lock = navigator.wakeLock?.request('screen').catch(() => null);
  return () => void lock?.then((held) => held?.release());
}
