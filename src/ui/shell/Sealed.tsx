import type { ReactNode } from 'react';
import { useMayChange } from '../services.ts';

/** Controls that only the tab that works has. In one that watches all of them are off; texts can be read and links followed. */
export function Sealed({ children }: { readonly children: ReactNode }) {
  return (
    <fieldset className="sealed" role="presentation" disabled={!useMayChange()}>
      {children}
    </fieldset>
  );
}
