// What a tab has whether it works or watches: how it looks and is set, what it asks, and what it tells.
import { createCheckpointsStore } from './runs/checkpoints.ts';
import type { Client } from './runs/client.ts';
import { createHubJobs, type HubPort } from './runs/hub-jobs.ts';
import { createAnswersStore } from './runs/loadable.ts';
import type { RunsStore } from './runs/store.ts';
import { createTranslationStore, type TranslatorPort } from './runs/translation-store.ts';
import { createAnnouncementsStore } from './ui/shell/announcements.ts';
import { checkpointRoom, createGibSetting, gpuMemory } from './ui/shell/gib-setting.ts';
import { createHubSettings } from './ui/shell/hub-settings.ts';
import { createNotifyStore } from './ui/shell/notify-ends.ts';
import { createStorageStore } from './ui/shell/storage.ts';
import { createViewStore } from './ui/shell/view.ts';

interface PageOptions {
  readonly client: Pick<Client, 'request'>;
  readonly runs: RunsStore;
  readonly spawn: { readonly translator: () => TranslatorPort; readonly hub: () => HubPort };
}

export function pageServices({ client, runs, spawn }: PageOptions) {
  const answers = createAnswersStore(client);
  const storage = createStorageStore(answers);
  return {
    client,
    runs,
    answers,
    storage,
    checkpoints: createCheckpointsStore({ client, runs }),
    translation: createTranslationStore(spawn.translator),
    hub: createHubJobs(spawn.hub, storage.added),
    hubSettings: createHubSettings(localStorage, sessionStorage),
    memoryBudget: createGibSetting(gpuMemory, localStorage),
    checkpointBudget: createGibSetting(checkpointRoom, localStorage),
    notify: createNotifyStore(localStorage, globalThis.Notification),
    announcements: createAnnouncementsStore(),
    view: createViewStore(),
  };
}
