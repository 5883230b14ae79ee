// One contestant of a race in a page of its own: rivals get neither our device nor our memory.
import type { MemoryUse } from '../../src/engine/gpu/executor.ts';
import type { Contestant } from './contestant.ts';
import { type GpuTraffic, type GpuWatch, trafficBetween } from './gpu-traffic.ts';
import { loadModel, type ModelName } from './models.ts';
import { randomWorkload, type Sizes, sizesOf, type Workload } from './workload.ts';

export type ContestantName =
  | 'winnow_webgpu'
  | 'winnow_topK'
  | 'winnow_magnitude'
  | 'winnow_wasm'
  | 'tfjs'
  | 'jax_webgpu'
  | 'jax_wasm';

export interface EntryFigures {
  /** Only our own engine names it. */
  readonly adapter: string | null;
  readonly sizes: Sizes;
}

export interface TurnFigures {
  /** Of a step: from the first one's call until the last one's loss is on the host, which the device reaches after all else. */
  readonly ms: number;
  /** Of the last step. */
  readonly loss: number;
  /** Until the last step was handed over. */
  readonly traffic: GpuTraffic;
  /** With its loss read. */
  readonly trafficWithLoss: GpuTraffic;
}

export function racePage(watch: GpuWatch) {
  let entry: Entry | null = null;

  /** As a run does between two reports: steps are handed over one after another, and one loss is read. */
  async function turn(steps: number): Promise<TurnFigures> {
    if (!entry) throw new Error('turn: expected a contestant, let one enter first');
    const { contestant } = entry;
    const startedAt = performance.now();
    for (let step = 1; step < steps; step++) await contestant.step();
    const before = watch.counts();
    await contestant.step();
    const handedOver = watch.counts();
    const loss = await contestant.loss();
    const ms = (performance.now() - startedAt) / steps;
    watch.assertNoErrors();
    return {
      ms,
      loss,
      traffic: trafficBetween(before, handedOver),
      trafficWithLoss: trafficBetween(before, watch.counts()),
    };
  }

  return {
    async enter(name: ContestantName, model: ModelName | Sizes): Promise<EntryFigures> {
      const workload = typeof model === 'string' ? await loadModel(model) : randomWorkload(model);
      entry = await create(name, workload);
      return { adapter: entry.adapter, sizes: sizesOf(workload) };
    },

    turn,

    /** Times of steps whose dispatches are empty, in ms. The model is of no use afterwards. */
    async emptySteps(count: number): Promise<number[]> {
      watch.setEmptyDispatches(true);
      const times: number[] = [];
      for (let i = 0; i < count; i++) times.push((await turn(1)).ms);
      watch.setEmptyDispatches(false);
      return times;
    },

    /** What our own engine holds. */
    memory(): MemoryUse {
      if (!entry?.memory) throw new Error('memory: expected our own engine, got none or a rival');
      return entry.memory();
    },
  };
}

interface Entry {
  readonly contestant: Contestant;
  readonly adapter: string | null;
  readonly memory: (() => MemoryUse) | null;
}

/** Loads only what this contestant is made of. */
async function create(name: ContestantName, workload: Workload): Promise<Entry> {
  switch (name) {
    case 'winnow_webgpu':
      return winnow('webgpu', workload, null);
    case 'winnow_topK':
      return winnow('webgpu', workload, 'topK');
    case 'winnow_magnitude':
      return winnow('webgpu', workload, 'magnitude');
    case 'winnow_wasm':
      return winnow('wasm', workload, null);
    case 'tfjs':
      return rival(await (await import('./rivals/tfjs.ts')).createTfjs(workload));
    case 'jax_webgpu':
      return rival(await (await import('./rivals/jax.ts')).createJax('webgpu', workload));
    case 'jax_wasm':
      return rival(await (await import('./rivals/jax.ts')).createJax('wasm', workload));
  }
}

const rival = (contestant: Contestant): Entry => ({ contestant, adapter: null, memory: null });

async function winnow(
  preference: 'webgpu' | 'wasm',
  workload: Workload,
  method: 'topK' | 'magnitude' | null,
): Promise<Entry> {
  const { createWinnow, openStrictBackend } = await import('./winnow.ts');
  const backend = await openStrictBackend(preference);
  const contestant = createWinnow({ backend, workload, method });
  return { contestant, adapter: backend.adapter, memory: () => contestant.executor.memory() };
}
