// Finished runs asked about texts and whole splits, on a tiny dropped model.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { saveImport } from '../../src/hub/file-store.ts';
import { dataChoiceSchema, runSpecSchema } from '../../src/runs/spec.ts';
import { evaluateRun, tryRun } from '../../src/worker/ask.ts';
import { createFinishedModels } from '../../src/worker/finished-model.ts';
import { course, finishedOf, prepareStorage, saveCsv, specOf } from './course.ts';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(prepareStorage);
afterEach(() => vi.unstubAllGlobals());

const openModels = () => createFinishedModels(() => createReferenceExecutor('wasm'));
const silent = { onProgress: () => undefined, breathe: async () => undefined };
const ask = (first: string, second = '') => ({ type: 'try-run', runId: 'run', first, second }) as const;

describe('a finished classifier', () => {
  it('scores a split as its run did, with the masks in its weights', async () => {
    const done = await course(specOf({ pruning: { final_threshold: 0.5 } }));
    const { metrics } = finishedOf(done).summary;
    const progress: number[] = [];
    const { data } = specOf({});
    const evaluation = await evaluateRun(
      openModels(),
      { type: 'evaluate-run', runId: 'run', data, split: 'test' },
      { ...silent, onProgress: (count) => void progress.push(count) },
    );
    expect(evaluation.metrics.accuracy).toBe(metrics['test/accuracy']);
    expect(evaluation.metrics.loss).toBeCloseTo(metrics['test/loss']!, 6);
    expect(progress.at(-1)).toBe(6);
    expect(evaluation.judgements.map(({ text }) => text).slice(0, 2)).toEqual(['what moves', 'keep what']);
    const right = evaluation.judgements.filter(({ isRight }) => isRight).length;
    expect(right / 6).toBeCloseTo(evaluation.metrics.accuracy!, 12);
  });

  it('gives the probabilities of one text, which agree with its judgement of it', async () => {
    await course(specOf({}));
    const models = openModels();
    const { data } = specOf({});
    const { judgements } = await evaluateRun(
      models,
      { type: 'evaluate-run', runId: 'run', data, split: 'dev' },
      silent,
    );
    const tried = await tryRun(models, ask('what moves'));
    if (tried.kind !== 'text-classification') throw new Error('expected classes');
    expect(tried.probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    const surest = tried.labels[tried.probabilities.indexOf(Math.max(...tried.probabilities))];
    expect(surest).toBe(judgements[0]!.predicted);
  });

  it('refuses an empty text, data with other labels, and a split without labels', async () => {
    await course(specOf({}));
    const models = openModels();
    await expect(tryRun(models, ask('  '))).rejects.toThrow('text: expected some words, got none.');
    await saveCsv('moods', { train: ['keep what,glad'], dev: ['keep what,glad'], test: ['what moves,sad'] });
    const evaluate = (key: string) =>
      evaluateRun(
        models,
        { type: 'evaluate-run', runId: 'run', data: specOf({ data: key }).data, split: 'dev' },
        silent,
      );
    await expect(evaluate('moods')).rejects.toThrow('"tiny run": expected the labels glad, sad, got 0, 1.');
  });

  it('refuses to be asked after continued pre-training', async () => {
    await course(specOf({ pruning: { pruning_method: 'none' }, mlm: {} }));
    await expect(tryRun(openModels(), ask('keep what'))).rejects.toThrow('got continued pre-training');
  });
});

describe('a finished run on questions', () => {
  const passage = 'keep what moves';
  const question = { id: 'q', question: 'what moves', answers: [{ text: 'keep', answer_start: 0 }] };
  const file = (title: string) =>
    new Blob([
      JSON.stringify({ version: '1.1', data: [{ title, paragraphs: [{ context: passage, qas: [question] }] }] }),
    ]);

  it('marks the answer in the passage with its probability, and judges by exact match', async () => {
    await saveImport('squad', [
      { name: 'train.json', blob: file('train') },
      { name: 'dev.json', blob: file('dev') },
      { name: 'test.json', blob: file('test') },
    ]);
    const data = dataChoiceSchema.parse({ kind: 'files', key: 'squad', task: 'question-answering' });
    const spec = runSpecSchema.parse({ ...specOf({ training: { max_seq_length: 10, doc_stride: 1 } }), data });
    await course(spec);
    const models = openModels();
    const tried = await tryRun(models, ask('what moves', passage));
    if (tried.kind !== 'question-answering') throw new Error('expected an answer');
    const [from, to] = tried.span!;
    expect(passage.slice(from, to)).toBe(tried.text);
    expect(tried.probability).toBeGreaterThan(0);
    expect(tried.probability).toBeLessThanOrEqual(1);
    const { judgements } = await evaluateRun(
      models,
      { type: 'evaluate-run', runId: 'run', data, split: 'dev' },
      silent,
    );
    expect(judgements).toEqual([
      { id: 'q', text: 'what moves', expected: 'keep', predicted: tried.text, isRight: tried.text === 'keep' },
    ]);
    await expect(tryRun(models, ask('what moves'))).rejects.toThrow('passage: expected a text');
  });
});
