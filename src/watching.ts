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
import type { BackendState } from './runs/backend.ts';
import { createHubJobs } from './runs/hub-jobs.ts';
import { createAnswersStore } from './runs/loadable.ts';
import { openRunRepository } from './runs/repository.ts';
import { createTranslationStore } from './runs/translation-store.ts';
import type { Services } from './ui/services.ts';
import { createAnnouncementsStore } from './ui/shell/announcements.ts';
import { createHubSettings } from './ui/shell/hub-settings.ts';
import { createMemoryBudgetStore } from './ui/shell/memory-budget.ts';
import { followAddress } from './ui/shell/navigation.ts';
import { createNoticesStore } from './ui/shell/notices.ts';
import { createNotifyStore } from './ui/shell/notify-ends.ts';
import { createStorageStore } from './ui/shell/storage.ts';
import { createViewStore } from './ui/shell/view.ts';

/** Until `signal` is aborted: the lock has come, and another page is made for it. */
export async function watch(tab: Tab, signal: AbortSignal): Promise<Services> {
  const notices = createNoticesStore();
  const sayNo = () => notices.tell(onlyWatches);
  const notebook = { ...createNotebookStore(emptyNotebook), apply: sayNo, undo: sayNo, redo: sayNo };
  const library = createWatchedLibrary({ notebook, repository: openNotebookRepository() });
  const runs = createWatchedRuns(openRunRepository(notices.add));
  const client = { request: async () => refuse() };
  const answers = createAnswersStore(client);
  const storage = createStorageStore(answers);
  const services = {
    tab,
    notebook,
    library,
    runs,
    statuses: createCellStatusStore(notebook, runs),
    backend: { ...createStore<BackendState>(() => ({ type: 'elsewhere' })), choose: sayNo, restart: sayNo },
    answers,
    translation: createTranslationStore(refuse),
    hub: createHubJobs(refuse, storage.added),
    hubSettings: createHubSettings(localStorage, sessionStorage),
    storage,
    notices,
    memoryBudget: createMemoryBudgetStore(localStorage),
    notify: createNotifyStore(localStorage, globalThis.Notification),
    client,
    keepFiles: async () => refuse(),
    announcements: createAnnouncementsStore(),
    view: createViewStore(),
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

/** Calls while one is under way become one call after it: what it read may be older than they are. */
function oneAfterTheOther(act: () => Promise<void>): () => void {
  let isUnderWay = false;
  let isWanted = false;
  return async () => {
    isWanted = true;
    if (isUnderWay) return;
    isUnderWay = true;
    while (isWanted) {
      isWanted = false;
      await act();
    }
    isUnderWay = false;
  };
}
