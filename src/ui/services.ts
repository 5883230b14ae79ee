// What the page's components work with, made in one place and handed down; tests hand down fakes.
import { createContext, useContext, useEffect } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { CellStatus } from '../notebook/cell-status.ts';
import type { CellStatusStore } from '../notebook/cell-status-store.ts';
import type { NotebookDocument } from '../notebook/document.ts';
import type { Library } from '../notebook/library/library.ts';
import { type RunChoice, resultOf } from '../notebook/run-choice.ts';
import type { NotebookStore } from '../notebook/store.ts';
import type { Tab } from '../notebook/tabs/tab.ts';
import type { BackendState, BackendStore } from '../runs/backend.ts';
import type { CheckpointsStore } from '../runs/checkpoints.ts';
import type { Client } from '../runs/client.ts';
import type { HubJobs } from '../runs/hub-jobs.ts';
import { type AnswersStore, answerTo, type Readable } from '../runs/loadable.ts';
import { queueOf } from '../runs/queue.ts';
import { isActive, type Run } from '../runs/reducer.ts';
import type { DataChoice, ModelChoice } from '../runs/spec.ts';
import { latestRunOf, type RunsStore, variantsOf } from '../runs/store.ts';
import type { TranslationStore } from '../runs/translation-store.ts';
import type { KeepFiles } from './files/keep-files.ts';
import type { AnnouncementsStore } from './shell/announcements.ts';
import type { GibSetting } from './shell/gib-setting.ts';
import type { HubSettingsStore } from './shell/hub-settings.ts';
import type { NoticesStore } from './shell/notices.ts';
import type { NotifyStore } from './shell/notify-ends.ts';
import type { StorageStore } from './shell/storage.ts';
import type { ViewStore } from './shell/view.ts';

export interface Services {
  readonly tab: Tab;
  readonly notebook: NotebookStore;
  readonly library: Library;
  readonly runs: RunsStore;
  readonly checkpoints: CheckpointsStore;
  readonly statuses: CellStatusStore;
  readonly backend: BackendStore;
  readonly answers: AnswersStore;
  readonly translation: TranslationStore;
  readonly hub: HubJobs;
  readonly hubSettings: HubSettingsStore;
  readonly storage: StorageStore;
  readonly notices: NoticesStore;
  readonly announcements: AnnouncementsStore;
  readonly view: ViewStore;
  /** What the GPU has, and what checkpoints may take. */
  readonly memoryBudget: GibSetting<null>;
  readonly checkpointBudget: GibSetting<number>;
  readonly notify: NotifyStore;
  readonly client: Pick<Client, 'request'>;
  readonly keepFiles: KeepFiles;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices: expected a ServicesContext around the component, got none.');
  return services;
}

export const DocumentContext = createContext<NotebookDocument | null>(null);

/**
 * The notebook, for what follows from other cells than the component's own. While a change is being drawn it may be the
 * one before; what is being typed comes by `cell` and never waits.
 */
export function useDocument(): NotebookDocument {
  const document = useContext(DocumentContext);
  if (!document) throw new Error('useDocument: expected a DocumentProvider around the component, got none.');
  return document;
}

/** False in a tab that only watches. */
export function useMayChange(): boolean {
  return useStore(useServices().tab, ({ type }) => type === 'works');
}

export function useBackend(): BackendState {
  return useStore(useServices().backend);
}

/** How a cell stands; null for one that never runs nor shows what runs. */
export function useCellStatus(cellId: string): CellStatus | null {
  return useStore(
    useServices().statuses,
    useShallow((statuses) => statuses.get(cellId) ?? null),
  );
}

/** The run of a cell that is under way, else the next that waits, else the newest. */
export function useRunOf(cellId: string): Run | null {
  return useStore(useServices().runs, ({ runs }) => {
    const waiting = queueOf(runs).find((run) => run.cellId === cellId) ?? null;
    return latestRunOf(runs, cellId, isActive) ?? waiting ?? latestRunOf(runs, cellId);
  });
}

/** Of each variant of a cell the newest run, of those that count. */
export const useVariantsOf = (cellId: string | null, counts?: (run: Run) => boolean): readonly Run[] =>
  useStore(
    useServices().runs,
    useShallow(({ runs }) => (cellId === null ? [] : variantsOf(runs, cellId, counts))),
  );

/** What the page asks about models and data, everywhere alike, so that it is asked once. */
export const modelRequest = (model: ModelChoice) => ({ type: 'describe-model', model }) as const;
export const dataRequest = (data: DataChoice) => ({ type: 'describe-data', data, previewRows: 5 }) as const;

export const useResultOf = (choice: RunChoice): Run | null =>
  useStore(useServices().runs, ({ runs }) => resultOf(runs, choice));

/** The worker's answer; asks once the backend is up. Null: not asked yet. */
export function useAnswer<R extends Readable>(request: R | null) {
  const { answers } = useServices();
  const isReady = useBackend().type === 'ready';
  const key = JSON.stringify(request);
  const answer = useStore(answers, (state) => (request ? answerTo(state, request) : null));
  const isMissing = answer === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the request's content
  useEffect(() => {
    if (request && isReady && isMissing) answers.ask(request);
  }, [answers, isReady, isMissing, key]);
  return answer;
}
