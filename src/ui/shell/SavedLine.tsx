// Under the title: whether the notebook is kept, its versions, and whether the example it began as has changed since.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { isExampleUpdated } from '../../notebook/library/examples.ts';
import type { LibraryState } from '../../notebook/library/library.ts';
import type { ExampleCopy } from '../../notebook/library/repository.ts';
import { templates } from '../../notebook/templates/templates.ts';
import { moment } from '../format.ts';
import { useServices } from '../services.ts';
import { openExample } from './navigation.ts';

export function SavedLine() {
  const services = useServices();
  const { library, notebook, view } = services;
  const id = useStore(notebook, (state) => state.id);
  const saving = useStore(library, (state) => state.saving);
  const entry = useStore(library, ({ entries }) => entries.find((one) => one.id === id));
  const isUpdated = useExampleUpdate(entry?.example ?? null);
  const template = templates.find((one) => one.id === entry?.example?.id);
  return (
    <div className="saved-line">
      <span className={saving === 'failed' ? 'saved-failed' : undefined}>{savingWords(saving, entry?.savedAt)}</span>
      <button type="button" className="link-button" onClick={() => view.set({ dialog: 'versions' })}>
        Versions
      </button>
      {isUpdated && template && (
        <span>
          <span className="tag">Example updated</span>{' '}
          <button type="button" className="link-button" onClick={() => openExample(services, template)}>
            See the new one beside yours
          </button>
        </span>
      )}
    </div>
  );
}

function savingWords(saving: LibraryState['saving'], savedAt: number | undefined): string {
  if (saving === 'waiting') return 'Saving…';
  return saving === 'failed' || savedAt === undefined ? 'Not saved' : `Saved ${moment(savedAt)}`;
}

/** False until it is known. */
export function useExampleUpdate(example: ExampleCopy | null): boolean {
  const [updated, setUpdated] = useState<ExampleCopy | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (example) void isExampleUpdated(example).then((is) => isCurrent && setUpdated(is ? example : null));
    return () => {
      isCurrent = false;
    };
  }, [example]);
  return example !== null && updated === example;
}
