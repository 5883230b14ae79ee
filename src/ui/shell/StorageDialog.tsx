// What this browser keeps of models, data and checkpoints, how large it is, and a way to be rid of it; and which Hub is asked.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { KeptEntry } from '../../hub/hub-store.ts';
import { bytes } from '../../runs/bytes.ts';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { moment, plural } from '../format.ts';
import { HubSettingsForm } from '../hub/HubSettingsForm.tsx';
import { useServices } from '../services.ts';
import { KeptCheckpoints } from './KeptCheckpoints.tsx';
import { type Kept, KeptRow } from './KeptRow.tsx';
import './library.css';

interface Contents {
  readonly kept: readonly Kept[];
  /** What another version of the page wrote, in words; it is not among `kept`. */
  readonly unreadable: readonly string[];
  /** Of all that the browser keeps for this page, runs and notebooks included. */
  readonly usage: number;
  readonly quota: number;
}

export function StorageDialog({ onClose }: { readonly onClose: () => void }) {
  const contents = useContents();
  return (
    <Dialog title="Models and data on this machine" onClose={onClose}>
      <p className="hint">
        {contents
          ? `This page keeps ${bytes(contents.usage)} in all, runs included; the browser allows ${bytes(contents.quota)}.`
          : 'Reading what is kept…'}
      </p>
      {contents?.unreadable.map((problem) => (
        <Notice key={problem} level="warning">
          {problem}
        </Notice>
      ))}
      {contents?.kept.length === 0 && contents.unreadable.length === 0 && (
        <p>Nothing was downloaded or dropped here yet.</p>
      )}
      <ul className="library-list" aria-label="Kept on this machine">
        {contents?.kept.map((one) => (
          <KeptRow key={one.id} kept={one} />
        ))}
      </ul>
      <KeptCheckpoints />
      <h3 className="eyebrow library-heading">Hub</h3>
      <HubSettingsForm />
    </Dialog>
  );
}

/** Null while it is being read. Read anew whenever something came or went. */
function useContents(): Contents | null {
  const { storage, notices } = useServices();
  const { changes } = useStore(storage);
  const [contents, setContents] = useState<Contents | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` says when to read again
  useEffect(() => {
    let isCurrent = true;
    readContents().then((read) => isCurrent && setContents(read), notices.add);
    return () => {
      isCurrent = false;
    };
  }, [changes, notices]);
  return contents;
}

async function readContents(): Promise<Contents> {
  const [{ listKept, deleteKept }, { listImports, deleteImport }] = await Promise.all([
    import('../../hub/hub-store.ts'),
    import('../../hub/file-store.ts'),
  ]);
  const unreadable: string[] = [];
  const note = (problem: unknown) => void unreadable.push(problem instanceof Error ? problem.message : String(problem));
  const [fromHub, imports, { usage = 0, quota = 0 }] = await Promise.all([
    listKept(note),
    listImports(note),
    navigator.storage.estimate(),
  ]);
  const kept = [
    ...fromHub.map((entry) => ({
      id: entry.id,
      title: entry.id,
      about: `${wholeness(entry)}, ${moment(entry.savedAt)}, at ${entry.commit.slice(0, 7)}`,
      bytes: entry.bytes,
      remove: () => deleteKept(entry),
    })),
    ...imports.map(({ key, files }) => ({
      id: key,
      title: files.map(({ name }) => name).join(', '),
      about: `${plural(files.length, 'dropped file')}`,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      remove: () => deleteImport(key),
    })),
  ];
  return { kept, unreadable, usage, quota };
}

function wholeness({ kind, files }: KeptEntry): string {
  if (files.every(({ isComplete }) => isComplete))
    return kind === 'models' ? 'model' : 'data set, as far as it was needed';
  return kind === 'models' ? 'model, in part' : 'data set, in part';
}
