// What the page keeps on the disk, read beside it.
import type { Page } from '@playwright/test';

export interface KeptRun {
  readonly id: string;
  readonly status: string;
  /** When it last began or went on. */
  readonly startedAt: number;
  readonly savedStep: number;
  /** Updates made before it last went on; 0 where it never did. */
  readonly resumedAt: number;
  /** SHA-256 of its weights; null while there are none. */
  readonly weights: string | null;
  /** Losses as they were logged, step by step. */
  readonly losses: readonly number[];
}

/** All runs, the oldest first. */
const keptRuns = (page: Page): Promise<KeptRun[]> =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('winnow-runs'));
    const records = await done(database.transaction('records').objectStore('records').getAll());
    database.close();
    const root = await navigator.storage.getDirectory();
    async function hashOf(id: string): Promise<string | null> {
      try {
        const folder = await (await root.getDirectoryHandle('runs')).getDirectoryHandle(id);
        const file = await (await folder.getFileHandle('weights.safetensors')).getFile();
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
        return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      } catch (error) {
        if (error instanceof DOMException && error.name === 'NotFoundError') return null;
        throw error;
      }
    }
    const runs = records.map(async ({ run, series }) => ({
      id: run.id,
      createdAt: run.createdAt,
      status: run.status,
      startedAt: run.startedAt ?? 0,
      savedStep: run.savedStep,
      resumedAt: run.started?.resumedAt ?? 0,
      weights: await hashOf(run.id),
      losses: [...(series['train/loss'] ?? [])].filter((_, index) => index % 2 === 1),
    }));
    return (await Promise.all(runs)).sort((a, b) => a.createdAt - b.createdAt);
  });

export async function newestRun(page: Page): Promise<KeptRun> {
  const [newest] = (await keptRuns(page)).slice(-1);
  if (!newest) throw new Error('kept runs: expected one, got none');
  return newest;
}

/** Updates that those checkpoints of a run have which are whole, the newest first. */
export const checkpointSteps = (page: Page, runId: string): Promise<number[]> =>
  page.evaluate(async (id) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('winnow-checkpoints', 1));
    const record = await done(database.transaction('records').objectStore('records').get(id));
    database.close();
    const root = await navigator.storage.getDirectory();
    const whole: number[] = [];
    for (const { file, step, hash } of record?.generations ?? []) {
      try {
        const folder = await (await root.getDirectoryHandle('checkpoints')).getDirectoryHandle(id);
        const bytes = await (await (await folder.getFileHandle(file)).getFile()).arrayBuffer();
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        if ([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === hash) whole.push(step);
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
      }
    }
    return whole;
  }, runId);
