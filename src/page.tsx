// Where stores, worker client and page meet. Workers come from outside: real ones, or a test's.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createCellStatusStore } from './notebook/cell-status-store.ts';
import { emptyNotebook } from './notebook/document.ts';
import { createLibrary } from './notebook/library/library.ts';
import { openNotebookRepository } from './notebook/library/repository.ts';
import { createUnsavedStore } from './notebook/library/unsaved.ts';
import { createNotebookStore } from './notebook/store.ts';
import { createBackendStore } from './runs/backend.ts';
import { createClient, type WorkerPort } from './runs/client.ts';
import { createHubJobs, type HubPort } from './runs/hub-jobs.ts';
import { createAnswersStore } from './runs/loadable.ts';
import { openRunRepository } from './runs/repository.ts';
import { createRunsStore } from './runs/store.ts';
import { createTranslationStore, type TranslatorPort } from './runs/translation-store.ts';
import { App } from './ui/App.tsx';
import { DocumentProvider } from './ui/DocumentProvider.tsx';
import { keepFiles } from './ui/files/keep-files.ts';
import { preloadCharts } from './ui/run/LiveChart.tsx';
import { ServicesContext } from './ui/services.ts';
import { announcementOf } from './ui/shell/Announcer.tsx';
import { createAnnouncementsStore } from './ui/shell/announcements.ts';
import { storedBackendPreference } from './ui/shell/backend-preference.ts';
import { createHubSettings } from './ui/shell/hub-settings.ts';
import { createMemoryBudgetStore } from './ui/shell/memory-budget.ts';
import { followAddress } from './ui/shell/navigation.ts';
import { createNoticesStore } from './ui/shell/notices.ts';
import { createNotifyStore, watchEnds } from './ui/shell/notify-ends.ts';
import { createStorageStore } from './ui/shell/storage.ts';
import { startTheme } from './ui/shell/theme.ts';
import { createViewStore } from './ui/shell/view.ts';
import '@fontsource-variable/source-sans-3/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import '@fontsource-variable/source-code-pro/wght.css';
import './ui/theme.css';
import './ui/base.css';

export interface Workers {
  readonly engine: () => WorkerPort;
  readonly translator: () => TranslatorPort;
  readonly hub: () => HubPort;
}

export async function openPage(root: HTMLElement, spawn: Workers): Promise<void> {
  startTheme();
  const notices = createNoticesStore();
  const client = createClient(spawn.engine);
  const backend = createBackendStore(client, storedBackendPreference());
  const runs = createRunsStore({ client, repository: openRunRepository(), backend, onError: notices.add });
  const notebook = createNotebookStore(emptyNotebook);
  const repository = openNotebookRepository();
  const unsaved = createUnsavedStore(localStorage);
  const library = createLibrary({ notebook, repository, unsaved, onError: notices.add, onNote: notices.tell });
  const answers = createAnswersStore(client);
  const translation = createTranslationStore(spawn.translator);
  const storage = createStorageStore(answers);
  const hub = createHubJobs(spawn.hub, storage.added);
  const hubSettings = createHubSettings(localStorage, sessionStorage);
  const memoryBudget = createMemoryBudgetStore(localStorage);
  const notify = createNotifyStore(localStorage, globalThis.Notification);
  watchEnds(runs, {
    isWanted: () => document.hidden && notify.getState().type === 'on',
    tell(run) {
      try {
        new Notification(announcementOf(run), { tag: run.id });
      } catch (problem) {
        notices.add(problem); // on phones the constructor may throw
      }
    },
  });
  const own = { announcements: createAnnouncementsStore(), view: createViewStore() };
  const statuses = createCellStatusStore(notebook, runs);
  const services = {
    notebook,
    library,
    runs,
    statuses,
    backend,
    answers,
    translation,
    hub,
    hubSettings,
    storage,
    notices,
    memoryBudget,
    notify,
    client,
    keepFiles,
    ...own,
  };
  await runs.load().catch(notices.add);
  await library.recover().catch(notices.add);
  await library.load().catch(notices.add);
  await followAddress(services);
  window.addEventListener('popstate', () => void followAddress(services));
  window.addEventListener('pagehide', () => {
    library.leave();
    runs.persist();
  });
  createRoot(root).render(
    <StrictMode>
      <ServicesContext value={services}>
        <DocumentProvider>
          <App />
        </DocumentProvider>
      </ServicesContext>
    </StrictMode>,
  );
  setTimeout(preloadCharts, 1500);
}
