// Catches the worker in the middle of saving: it stands still there until something happens to it.
import type { Page, Worker } from '@playwright/test';

/** What is done for a checkpoint, one after the other, and the call that does it. */
export const savingPhases = {
  'as its file is made': ['FileSystemFileHandle', 'createSyncAccessHandle'],
  'as its bytes are written': ['FileSystemSyncAccessHandle', 'write'],
  'before they are on the disk': ['FileSystemSyncAccessHandle', 'flush'],
  'as they are read back': ['FileSystemSyncAccessHandle', 'read'],
  'before its record is written': ['IDBObjectStore', 'put'],
  'as older ones are removed': ['FileSystemDirectoryHandle', 'removeEntry'],
} as const;

export type SavingPhase = keyof typeof savingPhases;

const CHANNEL = 'caught';
const STANDS_STILL_MS = 2500;
const CAUGHT_WITHIN_MS = 20_000;

/** False where the run ended before it came to that phase. The worker goes on by itself after a while. */
export async function catchSaving(page: Page, phase: SavingPhase): Promise<boolean> {
  const caught = page.evaluate(
    ([name, within]) =>
      new Promise<boolean>((resolve) => {
        const channel = new BroadcastChannel(name);
        const end = (isCaught: boolean) => {
          channel.close();
          resolve(isCaught);
        };
        channel.onmessage = () => end(true);
        setTimeout(end, within, false);
      }),
    [CHANNEL, CAUGHT_WITHIN_MS] as const,
  );
  const [type, method] = savingPhases[phase];
  await engineOf(page).evaluate(
    ([typeName, methodName, channelName, ms]) => {
      const { prototype } = (self as unknown as Record<string, { prototype: Record<string, unknown> }>)[typeName] ?? {};
      if (!prototype) throw new Error(`worker: expected ${typeName}, got none`);
      const original = prototype[methodName] as (...args: unknown[]) => unknown;
      prototype[methodName] = function (this: unknown, ...args: unknown[]) {
        prototype[methodName] = original;
        new BroadcastChannel(channelName).postMessage(methodName);
        const until = performance.now() + ms;
        while (performance.now() < until); // a promise could be left waiting; a thread that spins does nothing else
        return original.apply(this, args);
      };
    },
    [type, method, CHANNEL, STANDS_STILL_MS] as const,
  );
  return caught;
}

/** The newest: of one that was terminated the tools learn late. */
function engineOf(page: Page): Worker {
  const engine = page.workers().findLast((worker) => worker.url().includes('/assets/worker-'));
  if (!engine) throw new Error('worker: expected one, got none');
  return engine;
}
