// The dialogs that commands open; their code comes when they are first asked for.
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
const Notebooks = lazy(async () => ({ default: (await import('./Notebooks.tsx')).Notebooks }));
const Versions = lazy(async () => ({ default: (await import('./Versions.tsx')).Versions }));
const Share = lazy(async () => ({ default: (await import('./Share.tsx')).Share }));
const StorageDialog = lazy(async () => ({ default: (await import('./StorageDialog.tsx')).StorageDialog }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./ShortcutSheet.tsx')).ShortcutSheet }));

const dialogs = {
  palette: Palette,
  notebooks: Notebooks,
  versions: Versions,
  share: Share,
  storage: StorageDialog,
  shortcuts: ShortcutSheet,
} as const;

export function Dialogs() {
  const { view } = useServices();
  const name = useStore(view, (state) => state.dialog);
  if (!name) return null;
  const Open = dialogs[name];
  // While the code of the next dialog is on its way the one before still hears that it was closed, which is no news.
  const close = () => {
    if (view.getState().dialog === name) view.set({ dialog: null });
  };
  return (
    <Suspense>
      <Open key={name} onClose={close} />
    </Suspense>
  );
}
