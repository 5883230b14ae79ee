// Where stores, worker client and page meet. The worker comes from outside: a real one, or a test's.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openNotebookRepository, startAutosave } from './notebook/autosave.ts';
import { createCellStatusStore } from './notebook/cell-status-store.ts';
import { sizeIds } from './notebook/sizes.ts';
import { createNotebookStore } from './notebook/store.ts';
import { templateNamed } from './notebook/templates/templates.ts';
import { createBackendStore } from './runs/backend.ts';
import { createClient, type WorkerPort } from './runs/client.ts';
import { createAnswersStore } from './runs/loadable.ts';
import { firstNotebookId, openRunRepository } from './runs/repository.ts';
import { createRunsStore } from './runs/store.ts';
import { App } from './ui/App.tsx';
import { keepFiles } from './ui/files/keep-files.ts';
import { preloadCharts } from './ui/run/LiveChart.tsx';
import { ServicesContext } from './ui/services.ts';
import { createAnnouncementsStore } from './ui/shell/announcements.ts';
import { storedBackendPreference } from './ui/shell/backend-preference.ts';
import { createMemoryBudgetStore } from './ui/shell/memory-budget.ts';
import { createNoticesStore, type NoticesStore } from './ui/shell/notices.ts';
import { startTheme } from './ui/shell/theme.ts';
import { createViewStore } from './ui/shell/view.ts';
import '@fontsource-variable/source-sans-3/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import '@fontsource-variable/source-code-pro/wght.css';
import './ui/theme.css';
import './ui/base.css';

export async function openPage(root: HTMLElement, spawnWorker: () => WorkerPort): Promise<void> {
  startTheme();
  const notices = createNoticesStore();
  const client = createClient(spawnWorker);
  const backend = createBackendStore(client, storedBackendPreference());
  const runs = createRunsStore({ client, repository: openRunRepository(), backend, onError: notices.add });
  const notebookRepository = openNotebookRepository();
  const notebook = createNotebookStore(await loadNotebook(notebookRepository, notices), firstNotebookId);
  await runs.load().catch(notices.add);
  const autosave = startAutosave({ store: notebook, repository: notebookRepository, onError: notices.add });
  window.addEventListener('pagehide', () => {
    autosave.flush();
    runs.persist();
  });
  const answers = createAnswersStore(client);
  const memoryBudget = createMemoryBudgetStore(localStorage);
  const own = { announcements: createAnnouncementsStore(), view: createViewStore() };
  const statuses = createCellStatusStore(notebook, runs);
  const services = { notebook, runs, statuses, backend, answers, notices, memoryBudget, client, keepFiles, ...own };
  createRoot(root).render(
    <StrictMode>
      <ServicesContext value={services}>
        <App />
      </ServicesContext>
    </StrictMode>,
  );
  setTimeout(preloadCharts, 1500);
}

/** The saved notebook; on a first visit a template, which `?template=` may name, at the size of `?preset=`. */
async function loadNotebook(repository: ReturnType<typeof openNotebookRepository>, notices: NoticesStore) {
  const address = new URLSearchParams(location.search);
  const size = sizeIds.find((id) => id === address.get('preset')) ?? 'full';
  try {
    const { document, unreadable } = await repository.load();
    if (unreadable) notices.add('Saved notebook: the last version could not be read, so an older one was opened.');
    if (document) return document;
  } catch (problem) {
    notices.add(problem);
  }
  return templateNamed(address.get('template')).open(size);
}
