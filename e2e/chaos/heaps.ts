// What JavaScript holds, after a collection: on the page, and in the worker with the engine, which has tools of its own.
import type { CDPSession, Page } from '@playwright/test';

/** Bytes: objects, what the browser holds for them, and the buffers of typed arrays. */
export interface Heaps {
  readonly page: number;
  readonly engine: number;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize: number;
  readonly backingStorageSize: number;
}

type Send = (method: string) => Promise<unknown>;

/** To be opened before the engine's worker starts anew. */
export async function openHeaps(page: Page): Promise<() => Promise<Heaps>> {
  const session = await page.context().newCDPSession(page);
  const engine = await engineTools(session);
  return async () => ({
    page: await heldBy((method) => session.send(method as 'Runtime.getHeapUsage')),
    engine: await heldBy(engine),
  });
}

async function heldBy(send: Send): Promise<number> {
  await send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = (await send('Runtime.getHeapUsage')) as HeapUsage;
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

/** A worker is spoken to by messages that its page's session hands on. */
async function engineTools(session: CDPSession): Promise<Send> {
  const pending = new Map<number, (result: unknown) => void>();
  const engine = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.url.includes('/assets/worker-')) resolve(sessionId);
    });
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    pending.get(id)?.(result);
    pending.delete(id);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await engine;
  let nextId = 1;
  return async (method) => {
    const id = nextId++;
    const answer = new Promise((resolve) => pending.set(id, resolve));
    await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    return answer;
  };
}
