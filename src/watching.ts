// A tab that watches: the same page, read again from storage whenever the tab that works has saved, without workers, and
// without anything that writes.
import { createStore } from 'zustand/vanilla';
import { WinnowError } from './engine/error.ts';
import { createCellStatusStore } from './notebook/cell-status-store.ts';
import { emptyNotebook } from './notebook/document.ts';
import { readAddress } from './notebook/library/address.ts';
import { openNotebookRepository } from './notebook/library/repository.ts';
import { createNotebookStore } from './notebook/store.ts';
import { onlyWatches, type Part, type Tab } from './notebook/tabs/tab.ts';
import { createWatchedLibrary } from './notebook/tabs/watched-library.ts';
import { createWatchedRuns } from './notebook/tabs/watched-runs.ts';
import { pageServices } from './page-services.ts';
import type { BackendState } from './runs/backend.ts';
import { oneAfterTheOther } from './runs/one-after-the-other.ts';
import { openRunRepository } from './runs/repository.ts';
import type { Services } from './ui/services.ts';
import { followAddress } from './ui/shell/navigation.ts';
import { createNoticesStore } from './ui/shell/notices.ts';

/** Until `signal` is aborted: the lock has come, and another page is made for it. */
export async function watch(tab: Tab, signal: AbortSignal): Promise<Services> {
  const notices = createNoticesStore();
  const sayNo = () => notices.tell(onlyWatches);
  const notebook = { ...createNotebookStore(emptyNotebook), apply: sayNo, undo: sayNo, redo: sayNo };
  const library = createWatchedLibrary({ notebook, repository: openNotebookRepository() });
  const runs = createWatchedRuns(openRunRepository(notices.add));
  const client = { request: async () => refuse() };
  const services = {
    ...pageServices({ client, runs, spawn: { translator: refuse, hub: refuse } }),
    tab,
    notebook,
    library,
    statuses: createCellStatusStore(notebook, runs),
    backend: { ...createStore<BackendState>(() => ({ type: 'elsewhere' })), choose: sayNo, restart: sayNo },
    notices,
    keepFiles: async () => refuse(),
  };

  async function readNotebooks(): Promise<void> {
    await library.readAgain();
    // Before the other tab had any notebook stored, an example may have been shown in the place of it.
    if (!library.isStored() && readAddress(new URL(location.href)).kind !== 'shared') await followAddress(services);
  }

  const readAgain: Readonly<Record<Part, () => void>> = {
    notebooks: oneAfterTheOther(() => readNotebooks().catch(notices.add)),
    runs: oneAfterTheOther(() => runs.load().catch(notices.add)),
  };
  tab.onMessage((message) => {
    if (signal.aborted) return;
    if (message.type === 'saved') readAgain[message.part]();
    if (message.type === 'pending') runs.hear(message.runs);
  });
  await runs.load().catch(notices.add);
  await library.load().catch(notices.add);
  await followAddress(services);
  window.addEventListener('popstate', () => void followAddress(services), { signal });
  tab.tell({ type: 'watching' });
  return services;
}

function refuse(): never {
  throw new WinnowError('storage', onlyWatches);
}
