// The step under the pointer, shared by all charts inside a provider, so that curves are read at one moment.
// A store outside React state: a moving pointer redraws the thin hover layers, never the curves.
import { createContext, type ReactNode, useContext, useState } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';

interface HoverState {
  readonly step: number | null;
}

export type HoverStepStore = StoreApi<HoverState>;

const HoverStepContext = createContext<HoverStepStore | null>(null);

export function HoverStepProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createHoverStepStore);
  return <HoverStepContext value={store}>{children}</HoverStepContext>;
}

/** The provider's store, or one of the chart's own where there is none. */
export function useHoverStepStore(): HoverStepStore {
  const [own] = useState(createHoverStepStore);
  return useContext(HoverStepContext) ?? own;
}

function createHoverStepStore(): HoverStepStore {
  return createStore<HoverState>(() => ({ step: null }));
}
