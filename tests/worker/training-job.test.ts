// What the settings of a run make of its batches and its graphs.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import { createProgram } from '../../src/engine/train/program.ts';
import { saveImport } from '../../src/hub/file-store.ts';
import { runSpecSchema, type TrainingArguments } from '../../src/runs/spec.ts';
import { blueprintOf } from '../../src/worker/blueprint.ts';
import { loadRunInputs } from '../../src/worker/inputs.ts';
import { planOf, programOptions, trainingJob } from '../../src/worker/training-job.ts';
import { vocabulary } from '../engine/model/export/sample.ts';
import { bertJson, tinyFile, tinyTensors } from '../engine/model/tiny.ts';
import { FakeDirectory } from '../hub/fake-opfs.ts';

const config = { ...bertJson, max_position_embeddings: 40 };
const blob = (content: string | Uint8Array) => new Blob([content as BlobPart]);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

beforeEach(async () => {
  const root = new FakeDirectory();
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } });
  await saveImport('tiny', [
    { name: 'config.json', blob: blob(JSON.stringify(config)) },
    { name: 'vocab.txt', blob: blob(vocabulary.join('\n')) },
    { name: 'model.safetensors', blob: blob(tinyFile(tinyTensors(parseConfig(config), 'text-classification'))) },
  ]);
  // Every fourth text has 30 words, the others two: 32 tokens with [CLS] and [SEP], or 4 and padding up to 8.
  const rows = Array.from({ length: 128 }, (_, index) => `${'what moves '.repeat(index % 4 ? 1 : 15)},${index % 2}`);
  await saveImport('csv', [
    { name: 'train.csv', blob: blob(`text,label\n${rows.join('\n')}\n`) },
    { name: 'dev.csv', blob: blob(`text,label\n${rows[0]}\n${rows[1]}\n`) },
    { name: 'test.csv', blob: blob(`text,label\n${rows[0]}\n`) },
  ]);
});

afterEach(() => vi.unstubAllGlobals());

async function jobOf(training: Partial<TrainingArguments>) {
  const spec = runSpecSchema.parse({
    name: 'tiny run',
    model: { kind: 'files', key: 'tiny' },
    data: { kind: 'files', key: 'csv', task: 'text-classification', columns: { text: 'text', label: 'label' } },
    training: { per_device_train_batch_size: 4, num_train_epochs: 1, max_seq_length: 40, ...training },
    pruning: { pruning_method: 'none' },
  });
  const inputs = await loadRunInputs(spec, null, () => undefined);
  const program = createProgram(programOptions(spec, blueprintOf(inputs)));
  const plan = planOf(spec, inputs.features.train.length);
  const executor = createReferenceExecutor('wasm');
  return trainingJob({ spec, inputs, program, plan, executor, schedule: null, teacher: null }, 0);
}

const padded = async (training: Partial<TrainingArguments>) =>
  [...(await jobOf(training)).updates].flat().map(({ batchSize, tokens }) => batchSize * tokens);

describe('the batches of a run', () => {
  it('hold texts of like length where group_by_length asks for it, the longest first', async () => {
    const [grouped, mixed] = [await padded({ group_by_length: true }), await padded({ group_by_length: false })];
    expect(grouped[0]).toBe(4 * 32);
    expect(grouped).toHaveLength(32);
    // In any order 1 − ¾⁴ of the batches, about 22, have a long text; sorted within mega-batches of 32 it is about 10.
    const long = (sizes: readonly number[]) => sizes.filter((size) => size === 4 * 32).length;
    expect(long(grouped)).toBeLessThan(16);
    expect(long(mixed)).toBeGreaterThan(16);
  });
});
