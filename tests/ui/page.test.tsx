// The whole page drawn once to HTML, from the same services as in the browser, with the fake worker behind them.
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { createCellStatusStore } from '../../src/notebook/cell-status-store.ts';
import type { NotebookDocument } from '../../src/notebook/document.ts';
import { createLibrary } from '../../src/notebook/library/library.ts';
import { openNotebookRepository } from '../../src/notebook/library/repository.ts';
import { createNotebookStore } from '../../src/notebook/store.ts';
import { openTab } from '../../src/notebook/tabs/tab.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { twentyLabels } from '../../src/notebook/templates/twenty-labels.ts';
import { updateCell } from '../../src/notebook/transitions.ts';
import { createBackendStore } from '../../src/runs/backend.ts';
import { createCheckpointsStore } from '../../src/runs/checkpoints.ts';
import { createClient } from '../../src/runs/client.ts';
import { createHubJobs } from '../../src/runs/hub-jobs.ts';
import { createAnswersStore } from '../../src/runs/loadable.ts';
import { createRunsStore } from '../../src/runs/store.ts';
import { createTranslationStore } from '../../src/runs/translation-store.ts';
import { CellView } from '../../src/ui/cells/CellView.tsx';
import { DocumentProvider } from '../../src/ui/DocumentProvider.tsx';
import { type Services, ServicesContext } from '../../src/ui/services.ts';
import { createAnnouncementsStore } from '../../src/ui/shell/announcements.ts';
import { checkpointRoom, createGibSetting, gpuMemory } from '../../src/ui/shell/gib-setting.ts';
import { createHubSettings } from '../../src/ui/shell/hub-settings.ts';
import { createNoticesStore } from '../../src/ui/shell/notices.ts';
import { createNotifyStore } from '../../src/ui/shell/notify-ends.ts';
import { createStorageStore } from '../../src/ui/shell/storage.ts';
import { createViewStore } from '../../src/ui/shell/view.ts';
import { createFakeBrowser } from '../notebook/tabs/browser.ts';
import { createFakePort } from './fake-port.ts';
import { createFakeTranslator } from './fake-translator.ts';
import { createFakeWorker } from './fake-worker.ts';

const tab = await openTab({ locks: undefined, channel: createFakeBrowser().open().channel });

function servicesFor(document: NotebookDocument): Services {
  const client = createClient(() => createFakeWorker());
  const repository = {
    load: async () => [],
    ids: async () => [],
    save: async () => undefined,
    remove: async () => undefined,
  };
  const backend = createBackendStore(client, 'auto');
  const notebook = createNotebookStore(document);
  const runs = createRunsStore({ client, repository, backend, onError: () => undefined });
  const answers = createAnswersStore(client);
  const storage = createStorageStore(answers);
  const nowhere = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  return {
    tab,
    client,
    notebook,
    library: createLibrary({
      notebook,
      repository: openNotebookRepository(),
      unsaved: { keep: () => undefined, drop: () => undefined, all: () => [] },
      onError: () => undefined,
      onNote: () => undefined,
    }),
    backend,
    runs,
    statuses: createCellStatusStore(notebook, runs),
    answers,
    storage,
    hub: createHubJobs(() => createFakePort(), storage.added),
    hubSettings: createHubSettings(nowhere, nowhere),
    translation: createTranslationStore(() => createFakeTranslator()),
    notices: createNoticesStore(),
    announcements: createAnnouncementsStore(),
    view: createViewStore(),
    memoryBudget: createGibSetting(gpuMemory, nowhere),
    checkpointBudget: createGibSetting(checkpointRoom, nowhere),
    checkpoints: createCheckpointsStore({ client, runs }),
    notify: createNotifyStore(nowhere, undefined),
    keepFiles: async () => ({ kind: 'model', key: 'key', names: [] }),
  };
}

function drawn(document: NotebookDocument, cellId: string): string {
  const index = document.cells.findIndex(({ id }) => id === cellId);
  return renderToString(
    <ServicesContext value={servicesFor(document)}>
      <DocumentProvider>
        <CellView cell={document.cells[index]!} index={index} />
      </DocumentProvider>
    </ServicesContext>,
  );
}

const template = magnitudeOrMovement('quick');
const fewLabels = twentyLabels('quick');

describe('cells before anything has run', () => {
  it.each(template.cells.map(({ id }) => id))('draw %s', (id) => {
    expect(drawn(template, id)).toContain(`id="cell-${id}"`);
  });

  it.each(fewLabels.cells.map(({ id }) => id))('draw %s of “Twenty labels”', (id) => {
    expect(drawn(fewLabels, id)).toContain(`id="cell-${id}"`);
  });

  it('offer the settings of UDA, of few labels and of filling in words where they apply', () => {
    expect(drawn(fewLabels, 'uda')).toContain('3 labels per class · UDA by tf_idf-0.3');
    expect(drawn(fewLabels, 'supervised')).not.toContain('UDA by');
    const pretraining = updateCell('uda', 'run', { mlm: { mlm_probability: 0.15 }, uda: null })(fewLabels);
    expect(drawn(pretraining, 'uda')).toContain('fills in words, 15 % of them hidden');
    expect(drawn(pretraining, 'uda')).toContain('Reads every training text, and no label.');
  });

  it('say what masks and downloads wait for', () => {
    expect(drawn(template, 'masks')).toContain('Appears when magnitude or movement has finished.');
    expect(drawn(template, 'download-movement')).toContain('Can be downloaded when movement has finished.');
  });

  it('warn, with its numbers, of what a short run cannot do', () => {
    // 40 − (1 + 2) · 4 = 28 steps of ramp
    expect(drawn(template, 'movement')).toContain('40 − (1 + 2) × 4 = 28 steps');
  });

  it('say what keeps a run from starting, and where', () => {
    const orphan = updateCell('movement', 'run', { modelCell: null })(template);
    expect(drawn(orphan, 'movement')).toContain('movement: no model. Choose a model cell.');
  });
});
