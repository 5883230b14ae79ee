// Answers of the worker by request (descriptions of models and data, matrices of finished runs), asked for once.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { WinnowError } from '../engine/error.ts';
import type { Client } from './client.ts';
import type { RunError } from './events.ts';
import type { Request, Responses } from './protocol.ts';

export type Loadable<T> =
  /** In bytes, while files are read, or in examples; their total is 0 while unknown. */
  | { readonly type: 'loading'; readonly progress: { readonly done: number; readonly total: number } | null }
  | { readonly type: 'loaded'; readonly value: T }
  | { readonly type: 'failed'; readonly error: RunError };

/** Requests whose answer stays true while the page is open. */
export type Readable = Extract<
  Request,
  {
    type:
      | 'describe-model'
      | 'describe-data'
      | 'measure-lengths'
      | 'tokenize-row'
      | 'read-matrix'
      | 'compare-masks'
      | 'describe-weights'
      | 'evaluate-run';
  }
>;
type Answer<R extends Readable> = Loadable<Responses[R['type']]>;

export interface AnswersStore extends Pick<StoreApi<AnswersState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Asks the worker unless it was asked before. */
  ask(request: Readable): void;
  /** Asks again, after a failure that may have passed. */
  retry(request: Readable): void;
  /** Drops answers that may no longer hold; what is on show is asked for again. */
  forget(isMeant: (request: Readable, answer: Loadable<unknown>) => boolean): void;
}

export interface AnswersState {
  readonly answers: ReadonlyMap<string, Loadable<Responses[Readable['type']]>>;
}

/** Matrices are megabytes each: only so many are kept; what is on show and was dropped is asked for again. */
const mostMatrices = 16;

export function createAnswersStore(client: Pick<Client, 'request'>): AnswersStore {
  const store = createStore<AnswersState>(() => ({ answers: new Map() }));
  const put = (key: string, answer: Loadable<Responses[Readable['type']]>) =>
    store.setState(({ answers }) => ({ answers: withoutOldMatrices(new Map([...answers, [key, answer] as const])) }));

  async function fetchAnswer(request: Readable): Promise<void> {
    const key = keyOf(request);
    put(key, { type: 'loading', progress: null });
    try {
      const value = await client.request(request, (done, total) =>
        put(key, { type: 'loading', progress: { done, total } }),
      );
      put(key, { type: 'loaded', value });
    } catch (error) {
      const code = error instanceof WinnowError ? error.code : 'internal';
      put(key, { type: 'failed', error: { code, message: error instanceof Error ? error.message : String(error) } });
    }
  }

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    ask(request) {
      if (!store.getState().answers.has(keyOf(request))) void fetchAnswer(request);
    },
    retry: (request) => void fetchAnswer(request),
    forget: (isMeant) =>
      store.setState(({ answers }) => ({
        answers: new Map([...answers].filter(([key, answer]) => !isMeant(JSON.parse(key) as Readable, answer))),
      })),
  };
}

export function answerTo<R extends Readable>({ answers }: AnswersState, request: R): Answer<R> | null {
  // The key holds the request's type, so what lies under it has the type of its response.
  return (answers.get(keyOf(request)) as Answer<R> | undefined) ?? null;
}

function withoutOldMatrices<T>(answers: Map<string, T>): Map<string, T> {
  const matrices = [...answers.keys()].filter((key) => key.startsWith('{"type":"read-matrix"'));
  for (const key of matrices.slice(0, -mostMatrices)) answers.delete(key);
  return answers;
}

const keyOf = (request: Readable): string => JSON.stringify(request);
