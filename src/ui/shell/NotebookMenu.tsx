// Opening, saving and starting over; each replaces the notebook by a change that can be undone.
import { BookOpen, FileDown, FileUp, FolderUp, Keyboard } from 'lucide-react';
import { useRef, useState } from 'react';
import type { NotebookDocument } from '../../notebook/document.ts';
import { exportNotebook, parseNotebook } from '../../notebook/file.ts';
import { type Template, templates } from '../../notebook/templates/templates.ts';
import { Dialog } from '../components/Dialog.tsx';
import { MenuItem } from '../components/Popover.tsx';
import { saveBlob } from '../files/save-blob.ts';
import { useServices } from '../services.ts';
import { shortcuts } from './useShortcuts.ts';

export function NotebookMenu({ onDone }: { readonly onDone: () => void }) {
  const { notebook, notices } = useServices();
  const picker = useRef<HTMLInputElement>(null);
  const [showsKeys, setShowsKeys] = useState(false);
  const replace = (document: NotebookDocument) => {
    notebook.apply(() => document);
    onDone();
  };
  const begin = (template: Template) => template.open('full').then(replace, notices.add);
  const open = async (file: File | undefined) => {
    if (!file) return;
    try {
      replace(parseNotebook(await file.text()));
    } catch (problem) {
      notices.add(problem);
    }
  };
  const save = () => {
    const document = notebook.getState().history.present;
    saveBlob(new Blob([exportNotebook(document)], { type: 'application/json' }), `${document.title}.winnow.json`);
    onDone();
  };
  return (
    <>
      {templates.map((template) => (
        <MenuItem
          key={template.id}
          icon={<BookOpen size={16} aria-hidden="true" />}
          label={`Start over: “${template.title}”`}
          about={`${template.about}. Can be undone.`}
          onSelect={() => void begin(template)}
        />
      ))}
      <MenuItem
        icon={<FileUp size={16} aria-hidden="true" />}
        label="Empty notebook"
        onSelect={() => replace({ version: 1, title: 'Untitled', cells: [] })}
      />
      <MenuItem
        icon={<FolderUp size={16} aria-hidden="true" />}
        label="Open a notebook file…"
        onSelect={() => picker.current?.click()}
      />
      <MenuItem icon={<FileDown size={16} aria-hidden="true" />} label="Save as a file" onSelect={save} />
      <MenuItem
        icon={<Keyboard size={16} aria-hidden="true" />}
        label="Keyboard shortcuts"
        onSelect={() => setShowsKeys(true)}
      />
      <input
        ref={picker}
        type="file"
        hidden
        accept=".json"
        aria-label="Notebook file"
        onChange={({ currentTarget }) => void open(currentTarget.files?.[0])}
      />
      {showsKeys && <ShortcutsDialog onClose={() => setShowsKeys(false)} />}
    </>
  );
}

function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="shortcuts">
        {shortcuts.map(([keys, meaning]) => (
          <ShortcutRow key={keys} keys={keys} meaning={meaning} />
        ))}
      </dl>
      <p className="hint">They act on the focused cell. Press Tab to reach the first one.</p>
    </Dialog>
  );
}

function ShortcutRow({ keys, meaning }: { readonly keys: string; readonly meaning: string }) {
  return (
    <>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{meaning}</dd>
    </>
  );
}
