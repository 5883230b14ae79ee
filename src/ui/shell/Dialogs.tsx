// The palette and the shortcut sheet; their code comes when they are first opened.
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./ShortcutSheet.tsx')).ShortcutSheet }));

export function Dialogs() {
  const { view } = useServices();
  const dialog = useStore(view, (state) => state.dialog);
  const close = () => view.set({ dialog: null });
  return (
    <Suspense>
      {dialog === 'palette' && <Palette onClose={close} />}
      {dialog === 'shortcuts' && <ShortcutSheet onClose={close} />}
    </Suspense>
  );
}
