// A notification when a long run ends while the page is out of sight: only for who asked for it here, and allowed it in
// the browser.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Run } from '../../runs/reducer.ts';
import type { RunsStore } from '../../runs/store.ts';

const key = 'winnow-notify';

/** Who waited less has probably not gone away. */
const longRunMs = 2 * 60_000;

export interface NotifyState {
  /** `blocked`: the browser refuses for this page; `unsupported`: it has no notifications. */
  readonly type: 'off' | 'on' | 'blocked' | 'unsupported';
}

export interface NotifyStore extends Pick<StoreApi<NotifyState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Asks the browser for its permission where that is needed, so only call it when the reader has chosen it. */
  choose(isWanted: boolean): Promise<void>;
}

/** The browser's `Notification`, of which tests have their own. */
export interface Notifier {
  readonly permission: NotificationPermission;
  requestPermission(): Promise<NotificationPermission>;
}

export function createNotifyStore(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  notifier: Notifier | undefined,
): NotifyStore {
  const stateNow = (): NotifyState => {
    if (!notifier) return { type: 'unsupported' };
    if (notifier.permission === 'denied') return { type: 'blocked' };
    return { type: notifier.permission === 'granted' && storage.getItem(key) === 'on' ? 'on' : 'off' };
  };
  const store = createStore<NotifyState>(stateNow);
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    async choose(isWanted) {
      storage.setItem(key, isWanted ? 'on' : 'off');
      if (isWanted && notifier?.permission === 'default') await notifier.requestPermission();
      store.setState(stateNow(), true);
    },
  };
}

/** Calls `tell` with each long run that ends while `isWanted`. */
export function watchEnds(
  runs: Pick<RunsStore, 'getState' | 'subscribe'>,
  { isWanted, tell }: { readonly isWanted: () => boolean; readonly tell: (run: Run) => void },
): void {
  let before = runs.getState().runs;
  runs.subscribe(({ runs: after }) => {
    const ended = Object.values(after).filter((run) => !hasEnded(before[run.id]) && hasEnded(run) && isLong(run));
    before = after;
    if (isWanted()) ended.forEach(tell);
  });
}

const hasEnded = (run: Run | undefined): boolean =>
  run?.status === 'done' || run?.status === 'stopped' || run?.status === 'failed';

const isLong = ({ startedAt }: Run): boolean => startedAt !== null && Date.now() - startedAt >= longRunMs;
