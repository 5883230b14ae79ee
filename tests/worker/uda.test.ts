// Few labels and UDA as whole runs of the worker: what is learnt from, what is reported, and what is never read.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClassificationExample } from '../../src/engine/text/types.ts';
import { splitFewShot } from '../../src/engine/uda/few-shot.ts';
import { createClassBalance } from '../../src/worker/class-balance.ts';
import { previewAugmentation } from '../../src/worker/preview.ts';
import { loadArtefact } from '../../src/worker/run-store.ts';
import { course, finishedOf, prepareStorage, rowsOf, saveCsv, specOf } from './course.ts';

const WORDS = ['keep', 'what', 'moves', 'move'];
/** Four words each, all different texts; `label` of the i-th is i % 2 unless told. */
const textOf = (i: number) => [0, 1, 2, 3].map((place) => WORDS[(i >> (2 * place)) % 4]).join(' ');
const rows = (from: number, count: number, label = (i: number) => i % 2) =>
  Array.from({ length: count }, (_, i) => `${textOf(from + i)},${label(i)}`);

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  await prepareStorage();
  await saveCsv('texts', { train: rows(0, 40), dev: rows(100, 12), test: rows(140, 10) });
});
afterEach(() => vi.unstubAllGlobals());

const few_shot = { labels_per_class: 3 };
const dense = { pruning_method: 'none' };
const udaSpec = (o: Parameters<typeof specOf>[0] = {}) =>
  specOf({ data: 'texts', few_shot, uda: { unsup_ratio: 2, aug_ops: 'tf_idf-0.5' }, pruning: dense, ...o });

describe('a run with UDA', () => {
  it('reports both losses, η, shares and the balance of predictions, and its progress in texts', async () => {
    const done = await course(udaSpec());
    const training = rowsOf(done).filter(({ values }) => 'train/loss' in values);
    expect(training.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    const { values } = training[3]!;
    expect(values['train/tsa_threshold']).toBeCloseTo(0.5 * 0.5 + 0.5, 12); // three of six updates done
    expect(values['train/loss']).toBeCloseTo(values['train/supervised_loss']! + values['train/consistency_loss']!, 6);
    expect(values['train/high_prob_ratio']).toBeCloseTo(1, 6);
    expect(values['train/sup_trained_ratio']).toBeLessThanOrEqual(1);
    expect(values).not.toHaveProperty('train/task_loss');
    const evaluation = rowsOf(done).find(({ step, values }) => step === 3 && 'eval/accuracy' in values);
    expect(evaluation!.values['predicted/0']! + evaluation!.values['predicted/1']!).toBeCloseTo(1, 12);
  });

  it('says nothing of texts in the test split where there are none', async () => {
    const { events } = await course(udaSpec());
    expect(events.some((event) => event.type === 'warning' && event.warning.code === 'test-overlap')).toBe(false);
  });

  it('gives the same curve twice', async () => {
    const losses = async () => rowsOf(await course(udaSpec())).map(({ values }) => values['train/loss']);
    expect(await losses()).toEqual(await losses());
  });

  it('never reads the labels of unlabelled texts: poisoned ones change nothing', async () => {
    const example = (i: number): ClassificationExample => ({ id: `${i}`, text: textOf(i), label: i % 2 });
    const splits = { train: Array.from({ length: 40 }, (_, i) => example(i)), dev: [], test: [] };
    const dataset = { kind: 'text-classification', labels: ['0', '1'], splits } as const;
    const { unlabelled } = splitFewShot(dataset, { labelsPerClass: 3, seed: 42 });
    const hidden = new Set(unlabelled.map(({ id }) => Number(id)));
    // Neighbours trade labels: which texts keep theirs depends on the order within a class, and that stays.
    const isTraded = (i: number) => hidden.has(i - (i % 2)) && hidden.has(i - (i % 2) + 1);
    expect([...hidden].filter(isTraded).length).toBeGreaterThan(20);
    const poisoned = rows(0, 40, (i) => (isTraded(i) ? 1 - (i % 2) : i % 2));
    await saveCsv('poisoned', { train: poisoned, dev: rows(100, 12), test: rows(140, 10) });
    const clean = rowsOf(await course(udaSpec()));
    expect(rowsOf(await course(udaSpec({ data: 'poisoned' })))).toEqual(clean);
    const other = rowsOf(await course(udaSpec({ few_shot: { labels_per_class: 3, seed: 7 } })));
    expect(other).not.toEqual(clean);
  });

  it('composes with pruning, and micro-batches', async () => {
    const training = { gradient_accumulation_steps: 2, pooling: 'mean', optim: 'bert_adam' };
    const done = await course(udaSpec({ pruning: {}, training }));
    expect(finishedOf(done).summary.encoderKept).toBe(64);
    expect(finishedOf(done).summary.metrics).not.toHaveProperty('selected/step');
  });

  it('learns from texts whose label the data hides, where no labels are to be drawn', async () => {
    await saveCsv('hidden', { train: rows(0, 6), dev: rows(100, 4), test: rows(140, 4) });
    await expect(course(udaSpec({ data: 'hidden', few_shot: null }))).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('unlabelled texts: expected some, got none'),
    });
  });
});

describe('a run with few labels', () => {
  it('trains on them alone without UDA, and reports the final and the dev-selected result', async () => {
    const done = await course(udaSpec({ uda: null, training: { eval_steps: 1 } }));
    const { metrics, classes } = finishedOf(done).summary;
    const evaluations = rowsOf(done).flatMap(({ step, values }) => {
      const accuracy = values['eval/accuracy'];
      return accuracy === undefined ? [] : [{ step, accuracy }];
    });
    const best = Math.max(...evaluations.map(({ accuracy }) => accuracy));
    expect(metrics['eval_selected/accuracy']).toBe(best);
    expect(metrics['selected/step']).toBe(evaluations.findLast(({ accuracy }) => accuracy === best)!.step);
    expect(metrics['test_selected/accuracy']).toBeGreaterThanOrEqual(0);
    expect(classes!.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(10);
    const wrong = classes!.confusion[0]![1]! + classes!.confusion[1]![0]!;
    expect(classes!.errors).toHaveLength(wrong);
    const probabilities = classes!.errors.map(({ probability }) => probability);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    expect((await loadArtefact('run')).summary.classes).toEqual(classes);
  });

  it('keeps its final weights when dev selects earlier ones', async () => {
    const weights = async (eval_steps: number) => {
      await course(udaSpec({ uda: null, training: { eval_steps, learning_rate: 0.3 } }));
      return (await loadArtefact('run')).weights;
    };
    expect(await weights(1)).toEqual(await weights(100));
  });

  it('says how many training texts are in the test split too', async () => {
    await saveCsv('overlap', { train: rows(0, 40), dev: rows(100, 4), test: rows(0, 10) });
    const done = await course(udaSpec({ data: 'overlap' }));
    const warnings = done.events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['test-overlap']));
    const counts = warnings.map(({ message }) => Number(/^(\d+) of the/.exec(message)?.[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  it('refuses more labels than a class has, and questions', async () => {
    await expect(course(udaSpec({ few_shot: { labels_per_class: 21 } }))).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('got 20 of "0", 20 of "1"'),
    });
  });
});

describe('a preview of augmentation', () => {
  const request = {
    type: 'preview-augmentation',
    model: udaSpec().model,
    data: udaSpec().data,
    few_shot: { labels_per_class: 3, seed: null },
    uda: udaSpec().uda!,
    seed: 42,
    rows: 5,
  } as const;
  const preview = (copy: number) => previewAugmentation({ ...request, copy }, () => undefined);

  it('counts both kinds of texts and shows the first unlabelled ones, changed words marked', async () => {
    const { labelled, unlabelled, pairs, warnings } = await preview(0);
    expect([labelled, unlabelled, pairs.length, warnings]).toEqual([6, 34, 5, []]);
    const first = rows(0, 40).map((row) => row.split(',')[0]);
    for (const { original } of pairs) expect(first).toContain(original.map(({ text }) => text).join(' '));
    expect(pairs.some(({ augmented }) => augmented.some(({ change }) => change === 'replaced'))).toBe(true);
  });

  it('draws another twin for another copy, and the same for the same', async () => {
    expect(await preview(0)).toEqual(await preview(0));
    expect((await preview(1)).pairs).not.toEqual((await preview(0)).pairs);
  });
});

describe('the balance of predictions', () => {
  const logits = (...classes: number[]) =>
    classes.map((label) => Float32Array.of(label === 0 ? 1 : 0, 1 - (label === 0 ? 1 : 0)));
  const features = [{ label: 0 }, { label: 1 }];

  it('warns once, at the second collapsed evaluation in a row after the warm-up', () => {
    const balance = createClassBalance({ labels: ['no', 'yes'], features, warmupSteps: 10 });
    const warned = [10, 20, 30, 40].map((step) => balance.look(step, logits(1, 1)) !== null);
    expect(warned).toEqual([false, false, true, false]);
    expect(balance.shares(logits(1, 0, 1, 1))).toEqual({ 'predicted/no': 0.25, 'predicted/yes': 0.75 });
  });

  it('is silent where an evaluation between was balanced, or the texts are of one class themselves', () => {
    const balance = createClassBalance({ labels: ['no', 'yes'], features, warmupSteps: 0 });
    expect([logits(1, 1), logits(0, 1), logits(1, 1)].map((found, i) => balance.look(i + 1, found))).toEqual([
      null,
      null,
      null,
    ]);
    const oneSided = createClassBalance({ labels: ['no', 'yes'], features: [{ label: 1 }], warmupSteps: 0 });
    expect([1, 2, 3].map((step) => oneSided.look(step, logits(1, 1)))).toEqual([null, null, null]);
  });
});
