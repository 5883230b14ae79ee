// Continued pre-training as whole runs of the worker: what is read, what is reported, and what may follow.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { unzipSync } from 'fflate';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSafetensors } from '../../src/engine/model/safetensors.ts';
import { readImport, saveImport } from '../../src/hub/file-store.ts';
import type { RunSpec } from '../../src/runs/spec.ts';
import { loadEarlierRun } from '../../src/worker/earlier-run.ts';
import { exportRun } from '../../src/worker/export.ts';
import { createMatrixReader } from '../../src/worker/matrix.ts';
import { loadArtefact } from '../../src/worker/run-store.ts';
import { vocabulary } from '../engine/model/export/sample.ts';
import { course, finishedOf, prepareStorage, rowsOf, saveCsv, specOf } from './course.ts';

const WORDS = ['keep', 'what', 'moves', 'move'];
/** Four words each, all different texts. */
const textOf = (i: number) => [0, 1, 2, 3].map((place) => WORDS[(i >> (2 * place)) % 4]).join(' ');
const rows = (from: number, count: number, label = (i: number) => `${i % 2}`) =>
  Array.from({ length: count }, (_, i) => `${textOf(from + i)},${label(i)}`);
const splits = { train: rows(0, 40), dev: rows(100, 12), test: rows(140, 10) };

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  await prepareStorage();
  await saveCsv('texts', splits);
});
afterEach(() => vi.unstubAllGlobals());

const dense = { pruning_method: 'none' };
const mlmSpec = (o: Parameters<typeof specOf>[0] = {}) =>
  specOf({ name: 'pre-training', data: 'texts', mlm: {}, pruning: dense, ...o });
const weightsOf = async (runId: string) => (await loadArtefact(runId)).weights;

describe('a run that fills in words', () => {
  it('reports its loss at every step, and loss and perplexity on dev alone', async () => {
    const done = await course(mlmSpec());
    const training = rowsOf(done).filter(({ values }) => 'train/loss' in values);
    expect(training.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    const { metrics, classes } = finishedOf(done).summary;
    expect(metrics['eval/perplexity']).toBeCloseTo(Math.exp(metrics['eval/loss']!), 9);
    expect(Object.keys(metrics).filter((tag) => /^(test|predicted|selected)/.test(tag))).toEqual([]);
    expect(Object.keys(metrics)).not.toContain('eval/accuracy');
    expect(classes).toBeNull();
    expect(rowsOf(done).some(({ step, values }) => step === 3 && 'eval/perplexity' in values)).toBe(true);
  });

  it('needs no labels; what does says so', async () => {
    const texts = (from: number, count: number) =>
      new Blob([`text\n${Array.from({ length: count }, (_, i) => textOf(from + i)).join('\n')}\n`]);
    await saveImport('bare', [
      { name: 'train.csv', blob: texts(0, 40) },
      { name: 'dev.csv', blob: texts(100, 12) },
    ]);
    const bare = (o: Parameters<typeof specOf>[0]) => {
      const spec = mlmSpec({ data: 'bare', ...o });
      return { ...spec, data: { ...spec.data, columns: {} } } as RunSpec;
    };
    expect(finishedOf(await course(bare({}))).outcome).toBe('done');
    const refused = { code: 'bad-data', message: expect.stringContaining('expected labels to learn, got none') };
    await expect(course(bare({ mlm: null }))).rejects.toMatchObject(refused);
    await expect(course(bare({ mlm: null, few_shot: { labels_per_class: 2 } }))).rejects.toMatchObject(refused);
  });

  it('learns the words of its texts', async () => {
    const repeated = Array.from({ length: 12 }, (_, i) => `keep what keep what,${i % 2}`);
    await saveCsv('repeated', { train: repeated, dev: repeated, test: repeated });
    const training = { max_steps: 150, learning_rate: 2e-2, eval_steps: 1000, hidden_dropout_prob: 0 };
    const lossAfter = async (change: object) => {
      const done = await course(mlmSpec({ data: 'repeated', training: { ...training, ...change } }));
      return finishedOf(done).summary.metrics['eval/loss']!;
    };
    expect(await lossAfter({})).toBeLessThan(0.5 * (await lossAfter({ max_steps: 1, learning_rate: 0 })));
  });

  it('gives the same curve twice, and another with another seed', async () => {
    const losses = async (seed = 42) =>
      rowsOf(await course(mlmSpec({ training: { seed } }))).map(({ values }) => values['train/loss']);
    expect(await losses()).toEqual(await losses());
    expect(await losses(7)).not.toEqual(await losses());
  });

  it('reads every training text, few labels or not, and neither a label nor a test text', async () => {
    const clean = rowsOf(await course(mlmSpec()));
    const poisoned = (i: number) => `${(i >> 1) % 2}`;
    await saveCsv('poisoned', { train: rows(0, 40, poisoned), dev: rows(100, 12, poisoned), test: rows(200, 10) });
    expect(rowsOf(await course(mlmSpec({ data: 'poisoned' })))).toEqual(clean);
    expect(rowsOf(await course(mlmSpec({ few_shot: { labels_per_class: 3 } })))).toEqual(clean);
    await saveCsv('another', { ...splits, train: [...splits.train.slice(0, 6), ...rows(60, 34)] });
    expect(rowsOf(await course(mlmSpec({ data: 'another' })))).not.toEqual(clean);
  });

  it('hides other words of a text in another epoch', async () => {
    await saveCsv('one', { train: ['keep what moves,0'], dev: ['what,1'], test: ['what,1'] });
    const still = { learning_rate: 0, max_steps: 8, hidden_dropout_prob: 0 };
    const done = await course(mlmSpec({ data: 'one', training: still }));
    const losses = rowsOf(done).flatMap(({ values }) => values['train/loss'] ?? []);
    expect(new Set(losses).size).toBeGreaterThan(1);
  });

  it('reads questions with their contexts where the data asks them', async () => {
    const context = 'keep what moves';
    const qas = [0, 1, 2].map((id) => ({
      id: `${id}`,
      question: 'what',
      answers: [{ text: 'keep', answer_start: 0 }],
    }));
    const squad = JSON.stringify({ version: '1.1', data: [{ title: 'a', paragraphs: [{ context, qas }] }] });
    const names = ['train-v1.json', 'dev-v1.json', 'test-v1.json'];
    await saveImport(
      'squad',
      names.map((name) => ({ name, blob: new Blob([squad]) })),
    );
    const data = { ...mlmSpec().data, key: 'squad', task: 'question-answering', columns: {} } as RunSpec['data'];
    const training = { max_seq_length: 10, doc_stride: 2 };
    const { metrics } = finishedOf(await course({ ...mlmSpec({ training }), data })).summary;
    expect(metrics['eval/perplexity']).toBeGreaterThan(1);
    expect(Object.keys(metrics).some((tag) => tag.endsWith('exact_match'))).toBe(false);
    expect((await exportRun('run', 'F32')).fileName).toBe('pre-training.zip');
  });

  it('composes with pruning and micro-batches', async () => {
    const done = await course(mlmSpec({ pruning: {}, training: { gradient_accumulation_steps: 2 } }));
    const { summary } = finishedOf(done);
    expect(summary.encoderKept).toBe(64);
    expect(summary.metrics['eval/perplexity']).toBeGreaterThan(1);
    expect((await exportRun('run', 'F32')).verifiedZeros).toBe(256 - 64);
  });

  it('can be shown and downloaded as a model for masked words, with the decoder left to be tied', async () => {
    await course(mlmSpec());
    const matrix = await createMatrixReader().read('run', 'bert.encoder.layer.0.intermediate.dense.weight');
    expect(matrix.finetuned).not.toEqual(matrix.pretrained);
    const { zip } = await exportRun('run', 'F32');
    const file = (name: string) => unzipSync(zip)[`pre-training/${name}`]!;
    const text = (name: string) => new TextDecoder().decode(file(name));
    const config: unknown = JSON.parse(text('config.json'));
    expect(config).toMatchObject({ architectures: ['BertForMaskedLM'], tie_word_embeddings: true });
    expect(config).not.toHaveProperty('id2label');
    expect(text('README.md')).toContain('pipeline_tag: fill-mask');
    expect(text('README.md')).toMatch(/Pre-trained further .* by filling in words of texts/);
    const keys = [...readSafetensors(file('model.safetensors')).entries.keys()];
    expect(keys.filter((key) => !key.startsWith('bert.')).sort()).toEqual([
      'cls.predictions.bias',
      'cls.predictions.transform.LayerNorm.bias',
      'cls.predictions.transform.LayerNorm.weight',
      'cls.predictions.transform.dense.bias',
      'cls.predictions.transform.dense.weight',
    ]);
  });
});

describe('a run after pre-training', () => {
  const still = { max_steps: 1, learning_rate: 0, weight_decay: 0 };
  const query = 'bert.encoder.layer.0.attention.self.query.weight';

  it('starts with the encoder that filled in words, its head new', async () => {
    await course(mlmSpec({ training: { freeze_embeddings: false } }), undefined, 'first');
    const next = { few_shot: { labels_per_class: 3 }, data: 'texts', pruning: dense, training: still } as const;
    await course(specOf({ ...next, name: 'own' }), undefined, 'own');
    await course(specOf({ ...next, name: 'next', starts_from: 'pre-training' }), undefined, 'next');
    await course(specOf({ ...next, name: 'uda', uda: {}, starts_from: 'pre-training' }), undefined, 'uda');
    const [first, own, later, uda] = await Promise.all(['first', 'own', 'next', 'uda'].map(weightsOf));
    for (const name of [query, 'bert.embeddings.word_embeddings.weight']) {
      expect(first!.get(name)).not.toEqual(own!.get(name));
      expect(later!.get(name)).toEqual(first!.get(name));
      expect(uda!.get(name)).toEqual(first!.get(name));
    }
    for (const name of ['bert.pooler.dense.weight', 'classifier.weight']) {
      expect(later!.get(name)).toEqual(own!.get(name));
    }
    expect([...later!.keys()].some((name) => name.startsWith('cls.'))).toBe(false);
  });

  it('is looked for among the runs of its notebook alone', async () => {
    await course(mlmSpec(), undefined, 'ours');
    await course(mlmSpec({ training: { seed: 7 } }), undefined, 'theirs');
    const { weights } = await loadEarlierRun('Start', 'pre-training', ['ours', 'gone']);
    expect(weights).toEqual(await weightsOf('ours'));
    expect((await loadEarlierRun('Start', 'pre-training', null)).weights).toEqual(await weightsOf('theirs'));
    await expect(loadEarlierRun('Start', 'pre-training', [])).rejects.toMatchObject({ code: 'bad-settings' });
  });

  it('can go on filling in words, with the same head', async () => {
    await course(mlmSpec(), undefined, 'first');
    await course(mlmSpec({ name: 'more', training: still, starts_from: 'pre-training' }), undefined, 'more');
    expect(await weightsOf('more')).toEqual(await weightsOf('first'));
  });

  it('is not taught by it', async () => {
    await course(mlmSpec(), undefined, 'first');
    const distillation = { teacher: 'pre-training', alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 };
    await expect(course({ ...specOf({}), distillation })).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('got a model for fill-mask'),
    });
  });
});

describe('filling in words refuses', () => {
  it('a vocabulary without [MASK]', async () => {
    const json = {
      normalizer: { type: 'BertNormalizer' },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      model: {
        type: 'WordPiece',
        vocab: Object.fromEntries(vocabulary.map((token, id) => [token.replace('[MASK]', 'mask'), id])),
      },
    };
    const files = (await readImport('tiny')).filter(({ name }) => name !== 'vocab.txt');
    await saveImport('maskless', [...files, { name: 'tokenizer.json', blob: new Blob([JSON.stringify(json)]) }]);
    const model = { kind: 'files', key: 'maskless', layers: null } as const;
    await expect(course({ ...mlmSpec(), model })).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('expected a token such as [MASK]'),
    });
  });

  it('texts without words, and says how many it leaves out of others', async () => {
    await saveCsv('empty', { train: ['"",0', '" ",1'], dev: ['what,1'], test: ['what,1'] });
    await expect(course(mlmSpec({ data: 'empty' }))).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('got 2 empty ones'),
    });
    await saveCsv('sparse', { train: ['"",0', ...rows(0, 8)], dev: ['"",1', ...rows(100, 4)], test: rows(140, 2) });
    const { events } = await course(mlmSpec({ data: 'sparse' }));
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
    expect(warnings).toMatchObject([
      {
        code: 'empty-texts',
        message: expect.stringContaining('train: expected words in each of 9 texts, got 1 empty'),
      },
      { code: 'empty-texts', message: expect.stringContaining('dev: expected words in each of 5 texts, got 1 empty') },
    ]);
  });

  it('UDA and distillation beside it', async () => {
    await expect(course(mlmSpec({ uda: {} }))).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('got UDA beside it'),
    });
  });

  it('shares of words outside 0 to 1', () => {
    for (const mlm_probability of [0, 1, -0.1, 1.5]) {
      expect(() => mlmSpec({ mlm: { mlm_probability } })).toThrow('Choose a share above 0 and below 1.');
    }
    expect(mlmSpec().mlm).toEqual({ mlm_probability: 0.15 });
  });

  it('nothing where training texts are in the test split too, but says so', async () => {
    await saveCsv('overlap', { train: rows(0, 12), dev: rows(100, 4), test: rows(6, 10) });
    const { events } = await course(mlmSpec({ data: 'overlap' }));
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.warning.message] : []));
    expect(warnings).toEqual([expect.stringContaining('6 of the 12 training texts are in the test split too')]);
  });
});
