// Cut-offs of several numbers of scores, ready to be found again and again.
import type { Backend } from '../../src/engine/gpu/backend.ts';
import { type GpuTraffic, type GpuWatch, trafficBetween } from './gpu-traffic.ts';
import { drawScores, KEEP_FRACTION, type ScoreKind, sortedCutOff } from './scores.ts';

export interface SelectFigures {
  readonly ms: number;
  readonly traffic: GpuTraffic;
}

export function selectPage(watch: GpuWatch) {
  let backend: Backend | null = null;
  const runs = new Map<number, () => Promise<unknown>>();
  const runOf = (n: number) => {
    const run = runs.get(n);
    if (!run) throw new Error(`select: expected ${n} scores to be prepared first`);
    return run;
  };

  async function openOurs(): Promise<Backend> {
    const { openStrictBackend } = await import('./winnow.ts');
    backend ??= await openStrictBackend('webgpu');
    return backend;
  }

  return {
    /** Returns the adapter's name. */
    async prepareSelection(n: number): Promise<string> {
      const ours = await openOurs();
      const { createSelection } = await import('./selection.ts');
      const selection = await createSelection(ours, n);
      runs.set(n, () => selection.run());
      return ours.adapter;
    },

    async prepareTopK(n: number): Promise<void> {
      const { createTopK } = await import('./rivals/topk.ts');
      const topK = await createTopK(n);
      const expected = sortedCutOff(drawScores(n, 'fine'), Math.floor(KEEP_FRACTION * n));
      runs.set(n, async () => {
        const got = await topK.run();
        if (got !== expected) throw new Error(`tf.topk of ${n}: expected the cut-off ${expected}, got ${got}`);
      });
    },

    async select(n: number): Promise<SelectFigures> {
      const before = watch.counts();
      const startedAt = performance.now();
      await runOf(n)();
      const ms = performance.now() - startedAt;
      watch.assertNoErrors();
      return { ms, traffic: trafficBetween(before, watch.counts()) };
    },

    async isExact(n: number, kind: ScoreKind): Promise<boolean> {
      return (await import('./selection.ts')).isExact(await openOurs(), n, kind);
    },
  };
}
