import { type ReactNode, useState } from 'react';
import { useMayChange } from '../services.ts';

/**
 * Controls that only the tab that works has. In one that watches all of them are off; texts can be read and links
 * followed. A tab that takes over is drawn anew, so the one that works does without the wrapper: inside it Chromium lays
 * the notebook out ten times as slowly.
 */
export function Sealed({ children }: { readonly children: ReactNode }) {
  const mayChange = useMayChange();
  const [watches] = useState(!mayChange);
  if (!watches) return children;
  return (
    <fieldset className="sealed" role="presentation" disabled={!mayChange}>
      {children}
    </fieldset>
  );
}
