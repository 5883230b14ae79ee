import { describe, expect, it } from 'vitest';
import { buildFolder } from '../../../../src/engine/model/export/folder.ts';
import type { FolderSource } from '../../../../src/engine/model/export/source.ts';
import { readSafetensors } from '../../../../src/engine/model/safetensors.ts';
import { readTokenizer } from '../../../../src/engine/text/vocabulary.ts';
import { tinyConfig } from '../tiny.ts';
import { sampleSource, vocabulary } from './sample.ts';

const filesOf = (source: FolderSource) => new Map(buildFolder(source).map(({ path, bytes }) => [path, bytes]));
const textOf = (source: FolderSource, path: string) => new TextDecoder().decode(filesOf(source).get(path));
const jsonOf = (source: FolderSource, path: string) => JSON.parse(textOf(source, path));

const classifier = sampleSource('bert', 'text-classification');
const reader = sampleSource('distilbert', 'question-answering');

describe('buildFolder', () => {
  it('has the files of a Hub folder, and those that tell of the run', () => {
    expect([...filesOf(classifier).keys()].sort()).toEqual([
      'README.md',
      'config.json',
      'masks.safetensors',
      'model.safetensors',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'trainer_state.json',
      'vocab.txt',
      'winnow-run.json',
    ]);
  });

  it('leaves out masks where none were', () => {
    expect(filesOf({ ...classifier, masks: new Map() }).has('masks.safetensors')).toBe(false);
  });

  it('stores the weights under the names of transformers, format "pt", pruned ones as zeros', () => {
    const { metadata, entries } = readSafetensors(filesOf(classifier).get('model.safetensors')!);
    expect(metadata).toEqual({ format: 'pt' });
    expect([...entries.keys()].sort()).toEqual([...classifier.tensors.keys()].sort());
    const query = entries.get('bert.encoder.layer.0.attention.self.query.weight')!.data;
    const values = new Float32Array(query.slice().buffer);
    expect([...values].map((value) => value !== 0)).toEqual([...values].map((_, i) => i % 3 === 0));
  });

  it('packs the masks, with the shape of each matrix in the metadata', () => {
    const { metadata, entries } = readSafetensors(filesOf(classifier).get('masks.safetensors')!);
    const name = 'bert.encoder.layer.1.output.dense.weight';
    expect(metadata[name]).toBe('[4,8]');
    expect(entries.get(name)).toMatchObject({ dtype: 'U8', shape: [4] });
    expect([...entries.get(name)!.data.slice(0, 2)]).toEqual([0b01001001, 0b10010010]); // 0 3 6 | 9 12 15
  });
});

describe('config.json', () => {
  it('names class and labels of a classifier', () => {
    expect(jsonOf(classifier, 'config.json')).toMatchObject({
      model_type: 'bert',
      architectures: ['BertForSequenceClassification'],
      id2label: { 0: 'ham', 1: 'spam' },
      label2id: { ham: 0, spam: 1 },
      num_hidden_layers: 2,
      dtype: 'float32',
      torch_dtype: 'float32',
    });
  });

  it("drops the base model's labels from a span model, whose head they would size", () => {
    const raw = { ...tinyConfig('distilbert').raw, id2label: { 0: 'a', 1: 'b', 2: 'c' }, num_labels: 3 };
    const config = jsonOf({ ...reader, config: { ...reader.config, raw }, dtype: 'F16' }, 'config.json');
    expect(config.architectures).toEqual(['DistilBertForQuestionAnswering']);
    expect(config.dtype).toBe('float16');
    expect('id2label' in config || 'num_labels' in config).toBe(false);
  });
});

describe('the tokenizer', () => {
  it('is the same from vocab.txt and from the tokenizer.json that is made of it', () => {
    const text = 'Keep what movess É';
    const expected = classifier.tokenizer.encode(text);
    for (const path of ['vocab.txt', 'tokenizer.json']) {
      const files = {
        [path]: textOf(classifier, path),
        'tokenizer_config.json': textOf(classifier, 'tokenizer_config.json'),
      };
      expect(readTokenizer(files).encode(text)).toEqual(expected);
    }
    expect(textOf(classifier, 'vocab.txt').trimEnd().split('\n')).toEqual(vocabulary);
  });

  it("keeps the base model's tokenizer.json, without the lengths baked in", () => {
    const original = {
      version: '1.0',
      truncation: { max_length: 128 },
      padding: { strategy: { Fixed: 128 } },
      model: {},
    };
    const written = jsonOf({ ...classifier, tokenizerJson: JSON.stringify(original) }, 'tokenizer.json');
    expect(written).toEqual({ version: '1.0', truncation: null, padding: null, model: {} });
  });

  it('is of the class that knows whether the model has token types', () => {
    expect(jsonOf(classifier, 'tokenizer_config.json')).toMatchObject({
      tokenizer_class: 'BertTokenizer',
      do_lower_case: true,
      model_max_length: 6,
    });
    expect(jsonOf(reader, 'tokenizer_config.json').tokenizer_class).toBe('DistilBertTokenizer');
  });
});

describe('trainer_state.json', () => {
  it("logs in the Trainer's keys, with epochs", () => {
    expect(jsonOf(classifier, 'trainer_state.json')).toMatchObject({
      global_step: 4,
      epoch: 2,
      log_history: [
        { step: 1, epoch: 0.5, loss: 0.75, learning_rate: 1e-4 },
        { step: 4, epoch: 2, loss: 0.5, eval_f1: 0.875 },
      ],
    });
  });
});

describe('winnow-run.json', () => {
  it('is the specification that made the run', () => {
    expect(jsonOf(classifier, 'winnow-run.json')).toEqual(classifier.spec);
  });
});
