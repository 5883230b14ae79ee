// Hands the notebook to what depends on all of it, a moment after the cell that changes: a press is answered by that
// cell's own drawing, and the rest follows when the browser has time.
import { type ReactNode, useDeferredValue } from 'react';
import { useStore } from 'zustand';
import { DocumentContext, useServices } from './services.ts';

export function DocumentProvider({ children }: { readonly children: ReactNode }) {
  const state = useStore(useServices().notebook);
  const settled = useDeferredValue(state);
  // Of another notebook nothing may be seen beside this one's cells.
  const { history } = settled.id === state.id ? settled : state;
  return <DocumentContext value={history.present}>{children}</DocumentContext>;
}
