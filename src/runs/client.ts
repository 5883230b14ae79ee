// The page's side of the protocol: one promise per request, events beside. A run may take hours, so no request
// times out; when the worker dies, every open request is rejected.
import { WinnowError } from '../engine/error.ts';
import type { RunEvent } from './events.ts';
import type { FromWorker, ReportBytes, Request, Responses, ToWorker } from './protocol.ts';

/** What the client needs of a Worker; tests pass a fake. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

export type RequestType = Request['type'];
export type RequestOf<T extends RequestType> = Extract<Request, { type: T }>;

export interface Client {
  request<T extends RequestType>(request: RequestOf<T>, onProgress?: ReportBytes): Promise<Responses[T]>;
  onEvent(listener: (runId: string, event: RunEvent) => void): () => void;
  /** The GPU or the worker itself is gone; `restart` brings a fresh one. */
  onLost(listener: (message: string) => void): () => void;
  restart(): void;
}

const TICK_MS = 10_000;
/** A step of a large model on a slow processor takes long; so long none does. */
const HUNG_AFTER_TICKS = 30;

interface Pending {
  readonly onProgress: ReportBytes | undefined;
  readonly resolve: (value: Responses[RequestType]) => void;
  readonly reject: (error: WinnowError) => void;
}

export function createClient(spawn: () => WorkerPort): Client {
  const pending = new Map<number, Pending>();
  const eventListeners = new Set<(runId: string, event: RunEvent) => void>();
  const lostListeners = new Set<(message: string) => void>();
  let nextId = 1;
  /** Ticks, not minutes: a machine that slept has not waited. */
  let silentTicks = 0;
  let port = connect();
  setInterval(() => {
    silentTicks = pending.size > 0 ? silentTicks + 1 : 0;
    if (silentTicks < HUNG_AFTER_TICKS) return;
    const minutes = (HUNG_AFTER_TICKS * TICK_MS) / 60_000;
    lose(`worker: expected a sign of life every few seconds, got none for ${minutes} minutes.`);
  }, TICK_MS);

  function connect(): WorkerPort {
    const fresh = spawn();
    // A terminated worker's last messages may still be in flight: only the current port is heard.
    fresh.addEventListener('message', ({ data }) => fresh === port && receive(data));
    fresh.addEventListener('error', (event) => fresh === port && lose(`worker: ${event.message || 'it stopped'}.`));
    return fresh;
  }

  function receive(message: FromWorker): void {
    silentTicks = 0;
    switch (message.type) {
      case 'progress':
        pending.get(message.id)?.onProgress?.(message.done, message.total);
        break;
      case 'response':
        settle(message.id, ({ resolve }) => resolve(message.value));
        break;
      case 'error':
        settle(message.id, ({ reject }) => reject(new WinnowError(message.error.code, message.error.message)));
        break;
      case 'event':
        for (const listener of eventListeners) listener(message.runId, message.event);
        break;
      case 'device-lost':
        announceLoss(message.message);
        break;
      case 'alive':
        break;
      default:
        message satisfies never;
    }
  }

  function settle(id: number, how: (entry: Pending) => void): void {
    const entry = pending.get(id);
    pending.delete(id);
    if (entry) how(entry);
  }

  function rejectAll(message: string): void {
    const entries = [...pending.values()];
    pending.clear();
    for (const { reject } of entries) reject(new WinnowError('internal', message));
  }

  function lose(message: string): void {
    rejectAll(`${message} Restart the engine; finished runs are kept.`);
    announceLoss(message);
  }

  function announceLoss(message: string): void {
    for (const listener of lostListeners) listener(message);
  }

  return {
    request: (request, onProgress) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        // The id ties this promise to the response of its own request type.
        pending.set(id, { resolve: resolve as Pending['resolve'], reject, onProgress });
        port.postMessage({ id, request });
      }),
    onEvent: (listener) => subscribe(eventListeners, listener),
    onLost: (listener) => subscribe(lostListeners, listener),
    restart() {
      silentTicks = 0;
      port.terminate();
      rejectAll('worker: restarted while this was under way. Start it again.');
      port = connect();
    },
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
