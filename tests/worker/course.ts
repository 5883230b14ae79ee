// Whole runs as the worker makes them, on a tiny dropped model and dropped data.
import { vi } from 'vitest';
import type { ExecutorOptions } from '../../src/engine/gpu/create-executor.ts';
import type { Executor } from '../../src/engine/gpu/executor.ts';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import { writeSafetensors } from '../../src/engine/model/safetensors.ts';
import { saveImport } from '../../src/hub/file-store.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { type RunSpec, runSpecSchema } from '../../src/runs/spec.ts';
import { packCheckpoint, type RunCheckpoint, unpackCheckpoint } from '../../src/worker/checkpoint.ts';
import { executeRun } from '../../src/worker/run.ts';
import { saveRun } from '../../src/worker/run-store.ts';
import { vocabulary } from '../engine/model/export/sample.ts';
import { bertJson, tinyFile, tinyTensors } from '../engine/model/tiny.ts';
import { FakeDirectory } from '../hub/fake-opfs.ts';

const blob = (content: string | Uint8Array) => new Blob([content as BlobPart]);

const json = { ...bertJson, max_position_embeddings: 10 };

/** An empty disk but for the model `tiny` and the data `csv`; undone by `vi.unstubAllGlobals()`. */
export async function prepareStorage(): Promise<void> {
  const root = new FakeDirectory();
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } });
  await saveImport('tiny', [
    { name: 'config.json', blob: blob(JSON.stringify(json)) },
    { name: 'vocab.txt', blob: blob(vocabulary.join('\n')) },
    { name: 'model.safetensors', blob: blob(tinyFile(noisy(tinyTensors(parseConfig(json), 'text-classification')))) },
  ]);
  const rows = Array.from({ length: 12 }, (_, index) =>
    index % 2 ? `keep what,${index % 2}` : `what moves,${index % 2}`,
  );
  await saveCsv('csv', { train: rows, dev: rows.slice(0, 4), test: rows.slice(0, 6) });
}

/** Rows of text and label. */
export async function saveCsv(
  key: string,
  splits: Readonly<Record<'train' | 'dev' | 'test', readonly string[]>>,
): Promise<void> {
  const files = Object.entries(splits).map(([split, rows]) => ({
    name: `${split}.csv`,
    blob: blob(`text,label\n${rows.join('\n')}\n`),
  }));
  await saveImport(key, files);
}

/** Small weights without a pattern, so that no activation saturates and no two masks agree by chance. */
function noisy(tensors: ReturnType<typeof tinyTensors>) {
  let n = 0;
  for (const [name, { data }] of tensors) {
    const centre = name.endsWith('LayerNorm.weight') ? 1 : 0;
    for (const index of data.keys()) data[index] = centre + 0.5 * Math.sin(++n * 12.9898);
  }
  return tensors;
}

export function specOf(o: {
  readonly data?: string;
  readonly pruning?: object;
  readonly training?: object;
  readonly name?: string;
  readonly few_shot?: object | null;
  readonly uda?: object | null;
  readonly mlm?: object | null;
  readonly starts_from?: string;
}): RunSpec {
  return runSpecSchema.parse({
    name: o.name ?? 'tiny run',
    model: { kind: 'files', key: 'tiny' },
    data: {
      kind: 'files',
      key: o.data ?? 'csv',
      task: 'text-classification',
      columns: { text: 'text', label: 'label' },
    },
    training: {
      per_device_train_batch_size: 4,
      max_steps: 6,
      warmup_steps: 1,
      learning_rate: 1e-2,
      max_seq_length: 8,
      eval_steps: 3,
      ...o.training,
    },
    pruning: { pruning_method: 'topK', final_threshold: 0.25, ...o.pruning },
    few_shot: o.few_shot ?? null,
    uda: o.uda ?? null,
    mlm: o.mlm ?? null,
    starts_from: o.starts_from ?? null,
  });
}

export interface Course {
  /** How the run asked for its executors. */
  readonly executors: readonly ExecutorOptions[];
  readonly events: readonly RunEvent[];
  readonly steps: number;
  readonly checkpoints: readonly RunCheckpoint[];
}

/** Runs to the end, or until stopped, step by step where paused; after update `breakAfter` a weight becomes infinite, as by a runaway update. */
export async function course(
  spec: RunSpec,
  stopAfter = Number.POSITIVE_INFINITY,
  runId = 'run',
  breakAfter = 0,
  isPaused = false,
  resumes: RunCheckpoint | null = null,
  freeBytes: number | null = null,
): Promise<Course> {
  const checkpoints: RunCheckpoint[] = [];
  const events: RunEvent[] = [];
  const executors: ExecutorOptions[] = [];
  let steps = 0;
  let executor: Executor | null = null;
  const run = executeRun(spec, {
    backend: 'wasm',
    adapter: 'test',
    sources: null,
    memoryTarget: { backend: 'wasm', threads: 1 },
    createExecutor: (options = {}) => {
      executors.push(options);
      executor = createReferenceExecutor('wasm');
      return executor;
    },
    isStopped: () => steps >= stopAfter,
    isPaused: () => isPaused,
    resumes,
    freeBytes: async () => freeBytes,
    save: async (checkpoint) => {
      const file = writeSafetensors(packCheckpoint(checkpoint));
      checkpoints.push(unpackCheckpoint(file, 'checkpoint'));
    },
    breathe: async () => undefined,
  });
  for (;;) {
    const { done, value } = await run.next();
    if (done) {
      await saveRun(runId, value);
      return { events, steps, executors, checkpoints };
    }
    if (value !== 'step') {
      events.push(value);
      continue;
    }
    steps++;
    if (steps === breakAfter) {
      const bias = Float32Array.of(Number.POSITIVE_INFINITY, 0);
      (executor as Executor | null)?.setParameter('classifier.bias', { shape: [2], data: bias });
    }
  }
}

export const finishedOf = ({ events }: Pick<Course, 'events'>) => {
  const last = events.at(-1);
  if (last?.type !== 'finished') throw new Error(`expected the run to finish, got ${last?.type}`);
  return last;
};

export const rowsOf = ({ events }: Pick<Course, 'events'>) =>
  events.flatMap((event) => (event.type === 'metrics' ? event.rows : []));
