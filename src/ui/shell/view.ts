// What this visit looks at: the cell that commands act on, the text open for writing, the dialog on top. None of it
// is part of the document, so none of it is saved or undone.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ViewState {
  /** The cell that last had the focus; commands act on it also while the palette has it. */
  readonly selected: string | null;
  /** The text cell whose source is open. */
  readonly editing: string | null;
  readonly dialog: 'palette' | 'shortcuts' | 'notebooks' | 'versions' | 'share' | null;
  /** While a cell is dragged: the place where it would land, counted in gaps from the top. */
  readonly drag: { readonly cellId: string; readonly gap: number } | null;
}

export interface ViewStore extends Pick<StoreApi<ViewState>, 'getState' | 'getInitialState' | 'subscribe'> {
  set(change: Partial<ViewState>): void;
}

export function createViewStore(): ViewStore {
  const store = createStore<ViewState>(() => ({ selected: null, editing: null, dialog: null, drag: null }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    set: (change) => store.setState(change),
  };
}
