// The way to the running cell, while it is out of sight.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { isActive } from '../../runs/reducer.ts';
import { elementIdOf, focusCell } from '../commands.ts';
import { useServices } from '../services.ts';
import { shownKeys } from './keys.ts';

export function RunningCell() {
  const { runs } = useServices();
  const cellId = useStore(runs, (state) => Object.values(state.runs).find(isActive)?.cellId ?? null);
  const name = useStore(runs, (state) => Object.values(state.runs).find(isActive)?.spec.name ?? '');
  const place = usePlace(cellId);
  if (cellId === null || place === 'in sight') return null;
  const Arrow = place === 'above' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      className="button running-cell"
      aria-keyshortcuts="G"
      title={`Go to the running cell (${shownKeys('G')})`}
      onClick={() => focusCell(cellId)}
    >
      <Arrow size={15} aria-hidden="true" /> {name} is running
    </button>
  );
}

type Place = 'above' | 'in sight' | 'below';

/** Where a cell is to what the window shows; one that is on no page counts as in sight. */
function usePlace(cellId: string | null): Place {
  const { notebook } = useServices();
  const notebookId = useStore(notebook, ({ id }) => id);
  const [place, setPlace] = useState<Place>('in sight');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another notebook has other elements
  useEffect(() => {
    setPlace('in sight');
    const element = cellId === null ? null : document.getElementById(elementIdOf(cellId));
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      const entry = entries.at(-1);
      if (entry) setPlace(entry.isIntersecting ? 'in sight' : entry.boundingClientRect.top < 0 ? 'above' : 'below');
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [cellId, notebookId]);
  return place;
}
