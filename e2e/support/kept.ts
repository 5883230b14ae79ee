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
async function keptRuns(page: Page): Promise<KeptRun[]> {
  const runs = (await recordsIn(page, 'winnow-runs')).map(async ([id, { run, series }]) => ({
    id,
    createdAt: run.createdAt as number,
    status: run.status,
    startedAt: run.startedAt ?? 0,
    savedStep: run.savedStep,
    resumedAt: run.started?.resumedAt ?? 0,
    weights: await hashOnDisk(page, ['runs', id, 'weights.safetensors']),
    losses: Array.from<number>(series['train/loss'] ?? []).filter((_, index) => index % 2 === 1),
  }));
  return (await Promise.all(runs)).sort((a, b) => a.createdAt - b.createdAt);
}

export async function newestRun(page: Page): Promise<KeptRun> {
  const [newest] = (await keptRuns(page)).slice(-1);
  if (!newest) throw new Error('kept runs: expected one, got none');
  return newest;
}

/** Updates that those checkpoints of a run have which are whole, the newest first. */
export async function checkpointSteps(page: Page, runId: string): Promise<number[]> {
  const record = (await recordsIn(page, 'winnow-checkpoints')).find(([id]) => id === runId)?.[1];
  const steps: number[] = [];
  for (const { file, step, hash } of record?.generations ?? []) {
    if ((await hashOnDisk(page, ['checkpoints', runId, file])) === hash) steps.push(step);
  }
  return steps;
}

/** SHA-256 of a file in the origin-private file system, hexadecimal; null where there is none. */
export const hashOnDisk = (page: Page, path: readonly string[]): Promise<string | null> =>
  page.evaluate(async (names) => {
    try {
      let folder = await navigator.storage.getDirectory();
      for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
      const file = await (await folder.getFileHandle(names.at(-1) ?? '')).getFile();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
      return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return null;
      throw error;
    }
  }, path);

// biome-ignore lint/suspicious/noExplicitAny: as another page may have written it
const recordsIn = (page: Page, database: string): Promise<[key: string, record: any][]> =>
  page.evaluate(
    (name) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const store = opening.result.transaction('records').objectStore('records');
          const [keys, values] = [store.getAllKeys(), store.getAll()];
          store.transaction.onabort = () => reject(store.transaction.error);
          store.transaction.oncomplete = () => {
            opening.result.close();
            resolve(keys.result.map((key, index) => [String(key), values.result[index]]));
          };
        };
      }),
    database,
  );
