// A browser full of finished runs, as weeks of work leave it.
import type { Page } from '@playwright/test';

/** Copies the one run that the browser keeps, with a learning rate, curves of two thousand steps and a result of their own. */
export async function copyRun(page: Page, copies: number): Promise<void> {
  await page.evaluate(async (count) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('winnow-runs'));
    const records = () => database.transaction('records', 'readwrite').objectStore('records');
    const [original] = await done(records().getAll());
    const steps = 2000;
    const store = records();
    for (let copy = 0; copy < count; copy++) {
      const curve = (value: (share: number) => number) =>
        Float64Array.from({ length: 2 * steps }, (_, i) => (i % 2 === 0 ? i / 2 + 1 : value((i - 1) / (2 * steps))));
      const loss = (share: number) => Math.exp(-3 * share) + 0.1 * Math.sin(1000 * share + copy) + 0.01 * copy;
      const { run } = original;
      const variant = `learning_rate ${copy + 1}e-5`;
      const spec = { ...run.spec, name: `${run.spec.name} ${variant}` };
      const training = { ...spec.training, learning_rate: (copy + 1) * 1e-5 };
      const accuracy = 0.5 + 0.008 * copy;
      const summary = {
        metrics: { 'test/accuracy': accuracy, 'test/f1': accuracy },
        encoderKept: 2 * copy + 1,
        encoderTotal: 100,
        keptByMatrix: [],
        modelNonZero: 1,
        modelTotal: 2,
        classes: null,
        elapsedMs: 1000,
      };
      const id = `copy-${copy}`;
      const copied = { ...run, id, variant, spec: { ...spec, training }, status: 'done', rowCount: steps, summary };
      await done(
        store.put(
          { run: copied, series: { 'train/loss': curve(loss), 'train/remaining': curve((share) => 1 - share) } },
          id,
        ),
      );
    }
    database.close();
  }, copies);
}
