// The dialogs that commands open; their code comes when they are first asked for.
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
const Notebooks = lazy(async () => ({ default: (await import('./Notebooks.tsx')).Notebooks }));
const Versions = lazy(async () => ({ default: (await import('./Versions.tsx')).Versions }));
const Share = lazy(async () => ({ default: (await import('./Share.tsx')).Share }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./ShortcutSheet.tsx')).ShortcutSheet }));

export function Dialogs() {
  const { view } = useServices();
  const dialog = useStore(view, (state) => state.dialog);
  const close = () => view.set({ dialog: null });
  return (
    <Suspense>
      {dialog === 'palette' && <Palette onClose={close} />}
      {dialog === 'notebooks' && <Notebooks onClose={close} />}
      {dialog === 'versions' && <Versions onClose={close} />}
      {dialog === 'share' && <Share onClose={close} />}
      {dialog === 'shortcuts' && <ShortcutSheet onClose={close} />}
    </Suspense>
  );
}
