// Our own engine's inference, as evaluation in a run does it.
import { createExecutor } from '../../../src/engine/gpu/create-executor.ts';
import { feedsOf } from '../../../src/engine/train/feeds.ts';
import { createProgram } from '../../../src/engine/train/program.ts';
import { openStrictBackend } from '../winnow.ts';
import type { Workload } from '../workload.ts';
import type { InferBackend, Inference } from './inference.ts';

export interface WinnowInferenceOptions {
  readonly backend: InferBackend;
  readonly workload: Workload;
  /** Share of each matrix that magnitude pruning keeps; null for the dense model. */
  readonly keepFraction: number | null;
}

export async function createWinnowInference(options: WinnowInferenceOptions): Promise<Inference> {
  const { workload, keepFraction } = options;
  const backend = await openStrictBackend(options.backend);
  const executor = createExecutor(backend);
  for (const [name, tensor] of workload.tensors) executor.setParameter(name, tensor);
  const program = createProgram({
    config: workload.config,
    task: 'question-answering',
    labels: 0,
    pruning: keepFraction === null ? null : { method: 'magnitude', isGlobal: false, regularization: null },
    samplesGates: false,
    temperature: null,
  });
  const logits = program.logits(workload.batch);
  const inputs = { feeds: feedsOf(workload.batch), threshold: keepFraction ?? 1, seed: 0 };
  return {
    device: backend.adapter,
    async run() {
      const [rows] = await executor.evaluate([logits], inputs);
      return rows!;
    },
  };
}
