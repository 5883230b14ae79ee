// The worker's message loop. It owns every tensor; what leaves are plain numbers, large ones by transfer.
import { type FromWorker, type Responses, requestSchema, type ToWorker } from '../runs/protocol.ts';
import { describeError } from './describe-error.ts';
import { REPORT_EVERY_MS } from './phases.ts';
import { createSession } from './session.ts';

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

const session = createSession({
  event: (runId, event) => post({ type: 'event', runId, event }),
  deviceLost: (message) => post({ type: 'device-lost', message }),
});

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  void answer(data);
});

async function answer({ id, request }: ToWorker): Promise<void> {
  try {
    const value = await session.handle(requestSchema.parse(request), progressOf(id));
    post({ type: 'response', id, value }, transferable(value));
  } catch (error) {
    const described = describeError(error);
    if (request.type === 'start-run') {
      post({ type: 'event', runId: request.runId, event: { type: 'failed', error: described } });
    }
    post({ type: 'error', id, error: described });
  }
}

/** A page that hears nothing for minutes takes the engine for hung. */
const ALIVE_EVERY_MS = 5000;
setInterval(() => post({ type: 'alive' }), ALIVE_EVERY_MS);

/** Chunks arrive by the hundred: the page hears of the first, of the last, and of some between. */
function progressOf(id: number) {
  let sentAt = Number.NEGATIVE_INFINITY;
  return (done: number, total: number) => {
    if (done !== total && performance.now() - sentAt < REPORT_EVERY_MS) return;
    sentAt = performance.now();
    post({ type: 'progress', id, done, total });
  };
}

/** Zips travel without a copy; matrices stay here too, so they are copied. */
function transferable(value: Responses[keyof Responses]): Transferable[] {
  return value !== null && 'zip' in value ? [value.zip.buffer] : [];
}
