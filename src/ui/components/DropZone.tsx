// Takes a folder or files, by drop or by picker, and keeps them in the browser's storage.
import { FolderOpen, Upload } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { filesOfHandles } from '../../hub/on-disk.ts';
import {
  canPickHandles,
  filesOfDrop,
  filesOfInput,
  type KeptFiles,
  pickHandles,
  type TakenFiles,
  takenOf,
} from '../files/keep-files.ts';
import { useServices } from '../services.ts';
import { Notice } from './Notice.tsx';
import './drop-zone.css';

interface DropZoneProps {
  readonly kind: KeptFiles['kind'];
  /** What may be dropped, in words. */
  readonly hint: string;
  /** What it throws is shown here. */
  readonly onKept: (kept: KeptFiles) => void | Promise<void>;
}

const otherKind = {
  model: 'This is a model. Drop it on a model cell, and data here.',
  dataset: 'This is data. Drop it on a data cell, and a model folder here.',
};

export function DropZone({ kind, hint, onKept }: DropZoneProps) {
  const { keepFiles, storage } = useServices();
  const [state, setState] = useState<{ readonly busy: boolean; readonly problem: string | null }>(idle);
  const [isOver, setOver] = useState(false);

  const take = async (read: () => Promise<TakenFiles>) => {
    setState({ busy: true, problem: null });
    try {
      const kept = await keepFiles(await read());
      storage.added(kept.key);
      if (kept.kind === kind) await onKept(kept);
      setState(kept.kind === kind ? idle : { busy: false, problem: otherKind[kept.kind] });
    } catch (error) {
      setState({ busy: false, problem: error instanceof Error ? error.message : String(error) });
    }
  };

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const { dataTransfer } = event;
    void take(() => filesOfDrop(dataTransfer));
  };

  return (
    <div className="drop-zone-frame">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has no keyboard form; the buttons inside do */}
      <div
        className={isOver ? 'drop-zone drop-zone-over' : 'drop-zone'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <span className="hint">{state.busy ? 'Copying into the browser’s storage…' : hint}</span>
        <span className="drop-zone-buttons">
          <Picker label="Choose files" isFolder={false} onPick={take} />
          <Picker label="Choose folder" isFolder onPick={take} />
        </span>
      </div>
      {state.problem && <Notice level="error">{state.problem}</Notice>}
    </div>
  );
}

const idle = { busy: false, problem: null };

interface PickerProps {
  readonly label: string;
  readonly isFolder: boolean;
  readonly onPick: (read: () => Promise<TakenFiles>) => Promise<void>;
}

function Picker({ label, isFolder, onPick }: PickerProps) {
  const { notices } = useServices();
  const input = useRef<HTMLInputElement>(null);
  const Icon = isFolder ? FolderOpen : Upload;
  const pick = async () => {
    const handles = await pickHandles(isFolder);
    if (handles) await onPick(async () => takenOf(handles, await filesOfHandles(handles)));
  };
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => (canPickHandles() ? void pick().catch(notices.add) : input.current?.click())}
      >
        <Icon size={15} aria-hidden="true" /> {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={label}
        {...(isFolder ? { webkitdirectory: '' } : {})}
        onChange={({ currentTarget }) => {
          if (currentTarget.files) {
            const taken = filesOfInput(currentTarget.files); // before the field is emptied
            void onPick(async () => taken);
          }
          currentTarget.value = '';
        }}
      />
    </>
  );
}
