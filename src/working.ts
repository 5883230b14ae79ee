// The tab that works: its stores, its workers, and what it reads and resumes of earlier visits.
import { createCellStatusStore } from './notebook/cell-status-store.ts';
import { emptyNotebook } from './notebook/document.ts';
import { createLibrary } from './notebook/library/library.ts';
import { openNotebookRepository } from './notebook/library/repository.ts';
import { createUnsavedStore } from './notebook/library/unsaved.ts';
import { createNotebookStore } from './notebook/store.ts';
import { sharedNotebooks, sharedRuns, tellRuns, underWay } from './notebook/tabs/shared.ts';
import type { Tab } from './notebook/tabs/tab.ts';
import { pageServices } from './page-services.ts';
import { createBackendStore } from './runs/backend.ts';
import { readSavedSteps } from './runs/checkpoint-records.ts';
import { keepWithinBudget, tidyCheckpoints } from './runs/checkpoints.ts';
import { createClient, type WorkerPort } from './runs/client.ts';
import { type HubPort, isUnderWay } from './runs/hub-jobs.ts';
import { isPending } from './runs/reducer.ts';
import { openRunRepository, type RunRepository } from './runs/repository.ts';
import { createRunsStore } from './runs/store.ts';
import { isTranslating, type TranslatorPort } from './runs/translation-store.ts';
import { keepFiles } from './ui/files/keep-files.ts';
import type { Services } from './ui/services.ts';
import { announcementOf } from './ui/shell/Announcer.tsx';
import { storedBackendPreference } from './ui/shell/backend-preference.ts';
import { followAddress } from './ui/shell/navigation.ts';
import { createNoticesStore } from './ui/shell/notices.ts';
import { watchEnds } from './ui/shell/notify-ends.ts';

export interface Workers {
  readonly engine: () => WorkerPort;
  readonly translator: () => TranslatorPort;
  readonly hub: () => HubPort;
}

export async function work(tab: Tab, spawn: Workers): Promise<Services> {
  const notices = createNoticesStore();
  const client = createClient(spawn.engine);
  const backend = createBackendStore(client, storedBackendPreference());
  const records = sharedRuns(openRunRepository(notices.add), tab);
  const runs = createRunsStore({
    client,
    savedSteps: readSavedSteps,
    repository: records,
    backend,
    onError: notices.add,
  });
  const notebook = createNotebookStore(emptyNotebook);
  const repository = sharedNotebooks(openNotebookRepository(), tab);
  const unsaved = createUnsavedStore(localStorage);
  const library = createLibrary({ notebook, repository, unsaved, onError: notices.add, onNote: notices.tell });
  const common = pageServices({ client, runs, spawn });
  const { translation, hub, notify } = common;
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
  const services = {
    ...common,
    tab,
    notebook,
    library,
    statuses: createCellStatusStore(notebook, runs),
    backend,
    notices,
    keepFiles,
  };
  tellRuns(tab, runs);
  askToPersist(runs);
  tab.beforeLeaving(async () => {
    const reason = underWay(Object.values(runs.getState().runs), {
      isTranslating: isTranslating(translation.getState()),
      isFetching: [...hub.getState().reports.values()].some(isUnderWay),
    });
    if (reason) return reason;
    await library.flush();
    return library.getState().saving === 'saved' ? null : 'Changes could not be saved';
  });
  await runs.load().then(() => lookAfterCheckpoints(services, records), notices.add);
  await library.recover().catch(notices.add);
  await library.load().catch(notices.add);
  await followAddress(services);
  window.addEventListener('popstate', () => void followAddress(services));
  window.addEventListener('pagehide', () => {
    library.leave();
    runs.persist();
  });
  return services;
}

/** Not waited for: it is the worker's to do, which takes a while to begin. */
function lookAfterCheckpoints(services: Services, records: Pick<RunRepository, 'ids'>): void {
  const { runs, checkpoints, checkpointBudget, announcements, notices } = services;
  void tidyCheckpoints(services, records)
    .catch(notices.add)
    .then(() =>
      keepWithinBudget({
        checkpoints,
        runs,
        budget: checkpointBudget,
        tell(text) {
          notices.tell(text);
          announcements.say(text);
        },
        onError: notices.add,
      }),
    );
}

/** At the first run of a visit, which is worth keeping: some browsers ask the reader, others decide by themselves. */
function askToPersist(runs: Services['runs']): void {
  const end = runs.subscribe((state) => {
    if (!Object.values(state.runs).some(isPending)) return;
    end();
    // A refusal, as by default, only means that the browser may clear the storage when the disk is full.
    void navigator.storage?.persist?.();
  });
}
