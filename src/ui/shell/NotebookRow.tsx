import { CopyPlus, Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { NotebookEntry } from '../../notebook/library/repository.ts';
import { templates } from '../../notebook/templates/templates.ts';
import { isActive } from '../../runs/reducer.ts';
import { runsOfNotebook } from '../../runs/store.ts';
import { IconButton } from '../components/IconButton.tsx';
import { moment, plural } from '../format.ts';
import { useServices } from '../services.ts';
import { NotebookLink } from './NotebookLink.tsx';
import { binNotebook, openExample } from './navigation.ts';
import { useExampleUpdate } from './SavedLine.tsx';

interface NotebookRowProps {
  readonly entry: NotebookEntry;
  readonly onOpened: () => void;
}

/** A notebook in the list: the way to it, what it is, and what can be done with it. */
export function NotebookRow({ entry, onOpened }: NotebookRowProps) {
  const services = useServices();
  const { library, notices, announcements } = services;
  const [isRenaming, setRenaming] = useState(false);
  const title = entry.title || 'Untitled';
  const duplicate = () =>
    library.duplicate(entry.id).then(() => announcements.say(`“${title}” duplicated.`), notices.add);
  return (
    <li>
      {isRenaming ? (
        <Rename entry={entry} onDone={() => setRenaming(false)} />
      ) : (
        <div className="library-entry">
          <NotebookLink notebookId={entry.id} onOpen={onOpened}>
            {title}
          </NotebookLink>
          <About entry={entry} onOpened={onOpened} />
        </div>
      )}
      <div className="library-actions">
        <IconButton icon={Pencil} label={`Rename “${title}”`} onPress={() => setRenaming(!isRenaming)} />
        <IconButton icon={CopyPlus} label={`Duplicate “${title}”`} onPress={duplicate} />
        <IconButton icon={Trash2} label={`Move “${title}” to the bin`} onPress={() => binNotebook(services, entry)} />
      </div>
    </li>
  );
}

function About({ entry, onOpened }: NotebookRowProps) {
  const services = useServices();
  const runs = useStore(services.runs, (state) => state.runs);
  const isUpdated = useExampleUpdate(entry.example);
  const template = templates.find(({ id }) => id === entry.example?.id);
  const own = runsOfNotebook(runs, entry.id);
  const words = [
    `Changed ${moment(entry.savedAt)}`,
    ...(own.length > 0 ? [plural(own.length, 'run')] : []),
    ...(own.some(isActive) ? ['running now'] : []),
  ];
  const seeNew = () => {
    onOpened();
    if (template) void openExample(services, template);
  };
  return (
    <small>
      {words.join(' · ')}
      {isUpdated && (
        <>
          {' · '}
          <span className="tag">Example updated</span>{' '}
          <button type="button" className="link-button" onClick={seeNew}>
            See the new one beside it
          </button>
        </>
      )}
    </small>
  );
}

function Rename({ entry, onDone }: { readonly entry: NotebookEntry; readonly onDone: () => void }) {
  const { library, notices } = useServices();
  const [title, setTitle] = useState(entry.title);
  const rename = (event: FormEvent) => {
    event.preventDefault();
    onDone();
    if (title !== entry.title) library.rename(entry.id, title).catch(notices.add);
  };
  return (
    <form className="library-rename" onSubmit={rename}>
      <input
        className="input"
        aria-label={`New title of “${entry.title}”`}
        // biome-ignore lint/a11y/noAutofocus: it takes the place of the link whose Rename was pressed
        autoFocus
        value={title}
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => setTitle(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault(); // which would close the dialog
          onDone();
        }}
      />
      <button type="submit" className="button">
        Rename
      </button>
    </form>
  );
}
