// Page of the bench's suite `infer`: one engine with one model, which the command lets take turns with others.
import { type GpuTraffic, trafficBetween, watchGpu } from './bench/gpu-traffic.ts';
import type { Dialect } from './bench/infer/bert-onnx.ts';
import type { InferBackend, Inference } from './bench/infer/inference.ts';
import { type InferModelName, loadInferModel } from './bench/infer/models.ts';
import type { Workload } from './bench/workload.ts';

export type InferContestant =
  | { readonly engine: 'winnow'; readonly keepFraction: number | null }
  /** `folder` is the address of ONNX Runtime's files. */
  | { readonly engine: 'onnxruntime'; readonly dialect: Dialect; readonly folder: string };

const watch = watchGpu();
let inference: Inference | null = null;

const page = {
  async enter(contestant: InferContestant, backend: InferBackend, model: InferModelName): Promise<InferEntry> {
    const workload = await loadInferModel(model);
    inference = await create(contestant, backend, workload);
    return { device: inference.device, batch: workload.batch.batchSize, threads: threads() };
  },

  async time(): Promise<InferTiming> {
    const before = watch.counts();
    const startedAt = performance.now();
    await entered().run();
    const ms = performance.now() - startedAt;
    watch.assertNoErrors();
    return { ms, traffic: trafficBetween(before, watch.counts()) };
  },

  /** Times of batches whose dispatches are empty, in ms: what the calls alone cost. */
  async emptyTimes(count: number): Promise<number[]> {
    watch.setEmptyDispatches(true);
    const times: number[] = [];
    for (let i = 0; i < count; i++) times.push((await page.time()).ms);
    watch.setEmptyDispatches(false);
    return times;
  },

  logits: async (): Promise<number[]> => [...(await entered().run())],
};

export interface InferEntry {
  readonly device: string;
  readonly batch: number;
  /** That either engine may use on the processor. */
  readonly threads: number;
}

export interface InferTiming {
  /** From the batch on the host to its logits on the host. */
  readonly ms: number;
  readonly traffic: GpuTraffic;
}

export type InferPage = typeof page;

function entered(): Inference {
  if (!inference) throw new Error('inference: expected an engine, enter one first');
  return inference;
}

const threads = (): number => (crossOriginIsolated ? navigator.hardwareConcurrency : 1);

/** Loads only what this engine is made of. */
async function create(contestant: InferContestant, backend: InferBackend, workload: Workload): Promise<Inference> {
  if (contestant.engine === 'winnow') {
    const { createWinnowInference } = await import('./bench/infer/winnow.ts');
    return createWinnowInference({ backend, workload, keepFraction: contestant.keepFraction });
  }
  const { createOnnxRuntimeInference } = await import('./bench/infer/onnxruntime.ts');
  const { dialect, folder } = contestant;
  return createOnnxRuntimeInference({ backend, workload, dialect, threads: threads(), folder });
}

Object.assign(globalThis, page);
