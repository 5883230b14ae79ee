// Of all tabs of a browser one works: it holds the lock `winnow` for as long as it lives, edits, trains and writes. Every
// other watches until that lock is its own. The lock alone decides; messages carry news, and the wish to change places.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { WinnowError } from '../../engine/error.ts';
import type { Run } from '../../runs/reducer.ts';

export type TabState =
  | { readonly type: 'works' }
  /** Another tab asked: what is unsaved is being written, and nothing may change any more. */
  | { readonly type: 'leaves' }
  /** It has let go: nothing may be written any more. */
  | { readonly type: 'left' }
  | { readonly type: 'watches'; readonly request: HandoverRequest };

export type HandoverRequest =
  | { readonly type: 'none' }
  | { readonly type: 'asked' }
  /** The tab that works said nothing: it hangs, or is being closed. */
  | { readonly type: 'unanswered' }
  | { readonly type: 'refused'; readonly reason: string };

/** What of the browser's storage has changed. */
export type Part = 'notebooks' | 'runs';

export type TabMessage =
  /** A tab that begins to watch. */
  | { readonly type: 'watching' }
  | { readonly type: 'saved'; readonly part: Part }
  /** All runs that are under way or wait, of which storage knows less. */
  | { readonly type: 'pending'; readonly runs: readonly Run[] }
  | { readonly type: 'ask'; readonly from: string }
  | { readonly type: 'handing-over'; readonly to: string }
  | { readonly type: 'refused'; readonly to: string; readonly reason: string };

/** What is needed of a BroadcastChannel; tests have their own. */
export interface TabChannel {
  postMessage(message: TabMessage): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<TabMessage>) => void): void;
}

/** What is needed of navigator.locks. */
export interface TabLocks {
  request<T>(
    name: string,
    options: { readonly ifAvailable?: boolean },
    use: (lock: Lock | null) => T,
  ): Promise<unknown>;
}

export interface Tab extends Pick<StoreApi<TabState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Does a write and tells the tabs that watch. Throws WinnowError `storage`, and writes nothing, in a tab that does not work. */
  write<T>(part: Part, act: () => Promise<T>): Promise<T>;
  /** Of a tab that watches: asks the one that works to change places. */
  ask(): void;
  tell(message: TabMessage): void;
  onMessage(listener: (message: TabMessage) => void): void;
  /**
   * What a tab that works does when another asks for its place: saves what is unsaved and answers null, or answers why
   * it cannot leave. An error counts as a refusal.
   */
  beforeLeaving(prepare: () => Promise<string | null>): void;
}

export interface TabOptions {
  /** Absent in browsers that have none, and on pages that are not served securely: every tab then works. */
  readonly locks: TabLocks | undefined;
  readonly channel: TabChannel;
  readonly answerMs?: number;
}

const lockName = 'winnow';
const notAsked = { type: 'none' } as const;

/** Resolves when it is known whether this tab works or watches. */
export async function openTab({ locks, channel, answerMs = 4000 }: TabOptions): Promise<Tab> {
  const id = crypto.randomUUID();
  const store = createStore<TabState>(() => ({ type: 'watches', request: notAsked }));
  const enter = (state: TabState) => store.setState(state, true);
  const listeners: ((message: TabMessage) => void)[] = [];
  const writing = new Set<Promise<unknown>>();
  let prepare = async (): Promise<string | null> => null;
  let release = (): void => undefined;
  /** The tab that is to have the lock next, where one was named. */
  let heir: string | null = null;

  function work(): Promise<void> {
    enter({ type: 'works' });
    return new Promise((resolve) => {
      release = resolve;
    });
  }

  /** Those that have waited longer let the heir go first, by waiting again behind it. */
  async function waitForLock(queue: TabLocks): Promise<void> {
    for (let isOwn = false; !isOwn; ) {
      await queue.request(lockName, {}, () => {
        isOwn = heir === null || heir === id;
        heir = null;
        return isOwn ? work() : null;
      });
    }
  }

  async function handOver(to: string): Promise<void> {
    enter({ type: 'leaves' });
    channel.postMessage({ type: 'handing-over', to });
    const reason = await prepare().catch((problem: unknown) => String(problem));
    if (reason !== null) {
      enter({ type: 'works' });
      channel.postMessage({ type: 'refused', to, reason });
      return;
    }
    while (writing.size > 0) await Promise.allSettled(writing);
    enter({ type: 'left' });
    release();
  }

  function request(next: HandoverRequest): void {
    if (store.getState().type === 'watches') enter({ type: 'watches', request: next });
  }

  function receive(message: TabMessage): void {
    const { type } = store.getState();
    if (message.type === 'ask' && type === 'works') void handOver(message.from);
    if (message.type === 'handing-over') heir = message.to;
    if (message.type === 'refused') {
      heir = null;
      if (message.to === id) request({ type: 'refused', reason: message.reason });
    }
    for (const listener of listeners) listener(message);
  }

  channel.addEventListener('message', ({ data }) => receive(data));
  if (!locks) enter({ type: 'works' });
  else if (!(await takeIfFree(locks, work))) void waitForLock(locks);

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    async write(part, act) {
      const { type } = store.getState();
      if (type !== 'works' && type !== 'leaves') throw new WinnowError('storage', onlyWatches);
      const written = act();
      writing.add(written);
      try {
        const result = await written;
        channel.postMessage({ type: 'saved', part });
        return result;
      } finally {
        writing.delete(written);
      }
    },
    ask() {
      request({ type: 'asked' });
      channel.postMessage({ type: 'ask', from: id });
      setTimeout(() => {
        const state = store.getState();
        if (state.type === 'watches' && state.request.type === 'asked') request({ type: 'unanswered' });
      }, answerMs);
    },
    tell: (message) => channel.postMessage(message),
    onMessage: (listener) => void listeners.push(listener),
    beforeLeaving(own) {
      prepare = own;
    },
  };
}

export const onlyWatches = 'This tab only watches, so it changes nothing. Press “Use Winnow here” first.';

/** Whether the lock was free; it then is this tab's. */
function takeIfFree(locks: TabLocks, work: () => Promise<void>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    locks
      .request(lockName, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && work();
      })
      .catch(reject);
  });
}
