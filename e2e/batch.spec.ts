// Batch mode as a person at a terminal meets it: a specification in, curves, a summary and a model folder out.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../scripts/lib/paths.ts';
import { readSafetensors } from '../src/engine/model/safetensors.ts';
import { expect, test } from './support/test.ts';

const goldenText = join(repositoryRoot, '../shared/golden/text');

/** Rejects where the command exits with an error. */
async function run(script: string, ...args: string[]): Promise<string> {
  const command = ['--import', 'tsx', `scripts/${script}.ts`, ...args];
  return (await promisify(execFile)(process.execPath, command, { cwd: repositoryRoot })).stdout;
}

test('an experiment leaves its curves, its summary and a pruned model', async () => {
  const spec = {
    name: 'short run',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: 1 },
    data: {
      kind: 'embedded',
      id: 'spam-assassin',
      slices: { train: 'train[:16]', dev: 'dev[:8]', test: 'test[:8]' },
    },
    training: { max_steps: 3, max_seq_length: 16 },
    pruning: { pruning_method: 'topK', final_threshold: 0.25, initial_warmup: 0, final_warmup: 0 },
  };
  const path = test.info().outputPath('spec.json');
  writeFileSync(path, JSON.stringify(spec));
  const table = await run('experiment', path, '--out', test.info().outputPath('out'), '--backend', 'wasm');
  expect(table).toContain('| short run | 25.00 % |');

  const read = (name: string) => readFileSync(join(test.info().outputPath('out'), 'short-run', name));
  const rows = read('metrics.jsonl')
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(rows.map(({ step }) => step))).toEqual(new Set([1, 2, 3]));
  const { summary, verifiedZeros } = JSON.parse(read('summary.json').toString());
  expect(verifiedZeros).toBe(summary.encoderTotal - summary.encoderKept);
  expect(readSafetensors(read('model/model.safetensors')).entries.size).toBeGreaterThan(10);
});

test('a run goes on from one that filled in words of the same texts', async () => {
  const shared = {
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: 1 },
    data: {
      kind: 'embedded',
      id: 'wordnet-glosses',
      slices: { train: 'train[:200]', dev: 'dev[:16]', test: 'test[:16]' },
    },
    training: { max_steps: 2, max_seq_length: 16 },
    pruning: { pruning_method: 'none' },
  };
  const fewLabels = { few_shot: { labels_per_class: 3 }, uda: {}, starts_from: 'pre-training' };
  const path = test.info().outputPath('spec.json');
  const specs = [
    { ...shared, name: 'pre-training', mlm: {} },
    { ...shared, name: 'few labels', ...fewLabels },
  ];
  writeFileSync(path, JSON.stringify(specs));
  const out = test.info().outputPath('out');
  const table = await run('experiment', path, '--out', out, '--backend', 'wasm', '--seeds', '7');
  expect(table).toContain('eval/perplexity');
  const head = (name: string) => [
    ...readSafetensors(readFileSync(join(out, name, 'model/model.safetensors'))).entries.keys(),
  ];
  expect(head('pre-training-seed-7')).toContain('cls.predictions.bias');
  expect(head('few-labels-seed-7')).toContain('classifier.bias');
  expect(existsSync(join(out, 'few-labels-seed-7', 'log.txt'))).toBe(true);
});

test('an experiment that cannot be says why', async () => {
  const path = test.info().outputPath('spec.json');
  writeFileSync(path, '{"name": "short run"}');
  await expect(run('experiment', path, '--out', test.info().outputPath('out'))).rejects.toThrow(/model/);
});

test('the text golden vectors are met (needs ../shared)', async () => {
  test.skip(!existsSync(goldenText), `${goldenText} is not there`);
  expect(JSON.parse(await run('text-golden', goldenText))).toMatchObject({
    wordpieceMismatches: 0,
    featureMismatches: 0,
    metricMismatches: 0,
  });
});
