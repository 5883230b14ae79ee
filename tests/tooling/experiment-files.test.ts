import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findImports, readPlans, specsOf, withImportKeys, withSeeds } from '../../scripts/lib/experiment-files.ts';
import { type RunPlan, runPlanSchema } from '../../src/runs/sweep.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'experiment-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const embedded = { kind: 'embedded', id: 'all-MiniLM-L6-v2' };
const dropped = { kind: 'files', key: 'sst2', task: 'text-classification' };
const spec = (changes: object = {}): RunPlan =>
  runPlanSchema.parse({ name: 'movement', model: embedded, data: dropped, ...changes });

describe('an experiment file', () => {
  it('holds one specification or a list', () => {
    const path = join(folder, 'spec.json');
    writeFileSync(path, JSON.stringify(spec()));
    expect(readPlans(path)).toEqual([spec()]);
    writeFileSync(path, JSON.stringify([spec(), spec({ name: 'magnitude' })]));
    expect(readPlans(path).map(({ name }) => name)).toEqual(['movement', 'magnitude']);
  });

  it('is refused with the reason where a setting is wrong', () => {
    const path = join(folder, 'spec.json');
    writeFileSync(path, JSON.stringify({ ...spec(), pruning: { pruning_method: 'guess' } }));
    expect(() => readPlans(path)).toThrow(/pruning_method/);
  });

  it('names its files by a path, of a folder or of one file', () => {
    mkdirSync(join(folder, 'sst2/nested'), { recursive: true });
    writeFileSync(join(folder, 'sst2/train.tsv'), 'a\t1');
    writeFileSync(join(folder, 'sst2/dev.tsv'), 'b\t0');
    const specs = [spec(), spec({ data: { ...dropped, key: 'sst2/dev.tsv' } }), spec({ name: 'again' })];
    expect(findImports(specs, folder)).toEqual([
      { key: 'sst2', folder: join(folder, 'sst2'), names: ['dev.tsv', 'train.tsv'] },
      { key: 'sst2/dev.tsv', folder: join(folder, 'sst2'), names: ['dev.tsv'] },
    ]);
    expect(() => findImports([spec()], join(folder, 'sst2'))).toThrow(/^sst2: expected a folder or a file/);
  });
});

describe('the specifications that reach the page', () => {
  it('name files by the key under which the browser keeps them', () => {
    const changed = withImportKeys(spec(), new Map([['sst2', 'd1g35t']]));
    expect(changed).toEqual(spec({ data: { ...dropped, key: 'd1g35t' } }));
  });

  it('are repeated per seed, each student with the teacher of its own seed', () => {
    const student = spec({ name: 'student', distillation: { teacher: 'movement' } });
    const all = withSeeds([spec(), student], [1, 2]);
    expect(all.map(({ name, training, distillation }) => [name, training.seed, distillation?.teacher])).toEqual([
      ['movement seed 1', 1, undefined],
      ['student seed 1', 1, 'movement seed 1'],
      ['movement seed 2', 2, undefined],
      ['student seed 2', 2, 'movement seed 2'],
    ]);
  });

  it('are those of a sweep, as the page makes them', () => {
    const settings = [{ kind: 'list', path: 'pruning.final_threshold', values: [0.1, 0.03] }];
    const swept = spec({ sweep: { settings } });
    expect(specsOf([swept]).map(({ name }) => name)).toEqual([
      'movement final_threshold 0.1',
      'movement final_threshold 0.03',
    ]);
    expect(withSeeds([swept], [7]).map(({ name }) => name)).toEqual([
      'movement final_threshold 0.1, seed 7',
      'movement final_threshold 0.03, seed 7',
    ]);
  });
});
