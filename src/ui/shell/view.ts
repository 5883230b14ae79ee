// What this visit looks at: the cell that commands act on, the text open for writing, the dialog on top. None of it
// is part of the document, so none of it is saved or undone.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Cell, NotebookDocument } from '../../notebook/document.ts';

export interface ViewState {
  /** The cell that last had the focus; commands act on it also while the palette has it. */
  readonly selected: string | null;
  /** The text cell whose source is open. */
  readonly editing: string | null;
  readonly dialog: 'palette' | 'shortcuts' | 'notebooks' | 'versions' | 'share' | 'storage' | null;
  /** What was copied or cut last. */
  readonly clipping: { readonly notebookId: string; readonly cell: Cell; readonly from: NotebookDocument } | null;
  /** While a cell is dragged: the place where it would land, counted in gaps from the top. */
  readonly drag: { readonly cellId: string; readonly gap: number } | null;
}

export interface ViewStore extends Pick<StoreApi<ViewState>, 'getState' | 'getInitialState' | 'subscribe'> {
  set(change: Partial<ViewState>): void;
}

export function createViewStore(): ViewStore {
  const store = createStore<ViewState>(() => ({
    selected: null,
    editing: null,
    dialog: null,
    clipping: null,
    drag: null,
  }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    set: (change) => store.setState(change),
  };
}
