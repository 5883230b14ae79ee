// All notebooks of this browser, the examples to begin with, and the bin.
import { FilePlus2, FolderUp } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { templates } from '../../notebook/templates/templates.ts';
import { Dialog } from '../components/Dialog.tsx';
import { useServices } from '../services.ts';
import { Bin } from './Bin.tsx';
import { NotebookRow } from './NotebookRow.tsx';
import { openEmpty, openExample, shelved } from './navigation.ts';
import { openNotebookFile } from './notebook-files.ts';
import { Sealed } from './Sealed.tsx';
import './library.css';

export function Notebooks({ onClose }: { readonly onClose: () => void }) {
  const services = useServices();
  const { library, notices } = services;
  const entries = useStore(library, (state) => state.entries);
  // Other tabs may have added some.
  useEffect(() => void library.load().catch(notices.add), [library, notices]);
  const close = (act: () => unknown) => () => {
    onClose();
    act();
  };
  return (
    <Dialog title="Notebooks" onClose={onClose}>
      <Sealed>
        <div className="library-tools">
          <button type="button" className="button" onClick={close(() => openEmpty(services))}>
            <FilePlus2 size={15} aria-hidden="true" /> New notebook
          </button>
          <button type="button" className="button" onClick={close(() => openNotebookFile(services))}>
            <FolderUp size={15} aria-hidden="true" /> Open a file
          </button>
        </div>
        <ul className="library-list" aria-label="Your notebooks">
          {shelved(entries).map((entry) => (
            <NotebookRow key={entry.id} entry={entry} onOpened={onClose} />
          ))}
        </ul>
        <h3 className="eyebrow library-heading">Examples</h3>
        <ul className="library-list" aria-label="Examples">
          {templates.map((template) => (
            <li key={template.id}>
              <div className="library-entry">
                {template.title}
                <small>{template.about}</small>
              </div>
              <button
                type="button"
                className="button"
                aria-label={`Open a copy of “${template.title}”`}
                onClick={close(() => openExample(services, template))}
              >
                Open a copy
              </button>
            </li>
          ))}
        </ul>
        <Bin />
      </Sealed>
    </Dialog>
  );
}
