import { describe, expect, it } from 'vitest';
import { classifyFiles, type DroppedFile } from '../../src/hub/classify-files.ts';

const file = (path: string, head = '', size = 100): DroppedFile => ({
  path,
  size,
  head: new TextEncoder().encode(head),
});
const files = (...paths: string[]) => paths.map((path) => file(path));
const messageOf = (dropped: readonly DroppedFile[]) => {
  const result = classifyFiles(dropped);
  return result.kind === 'neither' ? result.message : `unexpectedly a ${result.kind}`;
};

describe('classifyFiles takes for a model', () => {
  it('a Hub folder, and keeps only what Winnow reads', () => {
    const dropped = files('m/README.md', 'm/config.json', 'm/vocab.txt', 'm/model.safetensors', 'm/training_args.bin');
    expect(classifyFiles(dropped)).toEqual({
      kind: 'model',
      paths: ['m/README.md', 'm/config.json', 'm/vocab.txt', 'm/model.safetensors'],
    });
  });

  it('the outermost folder, not the copies for other runtimes below it', () => {
    const dropped = files('m/onnx/config.json', 'm/config.json', 'm/tokenizer.json', 'm/model.safetensors');
    expect(classifyFiles(dropped)).toMatchObject({
      kind: 'model',
      paths: ['m/config.json', 'm/tokenizer.json', 'm/model.safetensors'],
    });
  });

  it('loose files with the shards of one checkpoint', () => {
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    expect(classifyFiles(files('config.json', 'tokenizer.json', ...shards))).toEqual({
      kind: 'model',
      paths: ['config.json', 'tokenizer.json', ...shards],
    });
  });

  it("a folder with RoBERTa's vocabulary and merges, which alone are none", () => {
    const names = ['m/config.json', 'm/vocab.json', 'm/merges.txt', 'm/model.safetensors'];
    expect(classifyFiles(files(...names))).toEqual({ kind: 'model', paths: names });
    expect(messageOf(files(...names.filter((name) => name !== 'm/merges.txt')))).toContain(
      'vocab.json with merges.txt',
    );
  });

  it('a folder in which the Finder left its files', () => {
    const dropped = files('m/.DS_Store', '__MACOSX/m/._config.json', 'm/config.json', 'm/vocab.txt', 'm/a.safetensors');
    expect(classifyFiles(dropped).kind).toBe('model');
  });
});

describe('classifyFiles takes for data', () => {
  it.each(['reviews.csv', 'reviews.tsv', 'train-v1.1.json', 'rows.jsonl', 'ROWS.CSV', 'rows.parquet'])('%s', (name) => {
    expect(classifyFiles(files(name))).toEqual({ kind: 'dataset', paths: [name] });
  });

  it('a folder of splits with its card', () => {
    expect(classifyFiles(files('d/train.csv', 'd/test.csv', 'd/README.md'))).toEqual({
      kind: 'dataset',
      paths: ['d/train.csv', 'd/test.csv'],
    });
  });
});

describe('classifyFiles explains', () => {
  it('PyTorch weights', () => {
    expect(messageOf(files('m/config.json', 'm/vocab.txt', 'm/pytorch_model.bin'))).toBe(
      'pytorch_model.bin: expected a model folder or a data file, got PyTorch weights. Winnow reads model.safetensors: `model.save_pretrained(folder, safe_serialization=True)` in transformers writes it.',
    );
  });

  it.each([
    ['data.arrow', 'to_parquet'],
    ['model.onnx', 'trains'],
    ['all/bert.zip', 'an archive in an archive'],
    ['bert.tar.gz', 'Unpack'],
    ['table.xlsx', 'CSV'],
    ['photo.png', 'got photo.png'],
  ])('%s', (name, words) => {
    expect(messageOf(files(name))).toContain(words);
  });

  it('which parts of a model are missing', () => {
    expect(messageOf(files('config.json'))).toContain(
      'missing: model.safetensors, tokenizer.json, vocab.txt or vocab.json with merges.txt',
    );
    expect(messageOf(files('model.safetensors'))).toContain(
      'missing: config.json, tokenizer.json, vocab.txt or vocab.json',
    );
  });

  it('a Git LFS pointer in place of the weights', () => {
    const pointer = file('model.safetensors', 'version https://git-lfs.github.com/spec/v1', 134);
    expect(messageOf([...files('config.json', 'vocab.txt'), pointer])).toContain('pointer of 134 bytes');
  });

  it('a web page saved in place of the weights', () => {
    const page = file('model.safetensors', '<!DOCTYPE html>');
    expect(messageOf([...files('config.json', 'vocab.txt'), page])).toContain('got a web page');
  });

  it('an empty data file', () => {
    expect(messageOf([file('rows.csv', '', 0)])).toContain('rows.csv: expected rows, got an empty file');
  });

  it('text that is longer than a page can hold, before a byte of it is read, but no parquet of that size', () => {
    const size = 2 ** 28 + 1;
    expect(messageOf([file('rows.csv', '', 12), file('d/long.jsonl', '', 3e9)])).toMatch(
      /^long\.jsonl: expected at most 256 MiB of text, got 2\.79 GiB\. Save it as parquet/,
    );
    expect(classifyFiles([file('a.tsv', '', size - 1), file('b.parquet', '', size)]).kind).toBe('dataset');
  });

  it('two data files that would be kept under one name', () => {
    expect(messageOf(files('d/en/train.csv', 'd/de/train.csv'))).toMatch(/^train\.csv: expected one file of this name/);
  });

  it('data and something else dropped at once, and nothing at all', () => {
    expect(messageOf(files('rows.csv', 'photo.png'))).toContain('rows.csv, photo.png');
    expect(messageOf([])).toContain('got nothing');
  });
});
