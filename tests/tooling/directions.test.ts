// The direction rules themselves: in a small house of its own, each wrong import must be refused, and no right one.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../scripts/lib/paths.ts';

/** Writes a house of files, given by path and source; returns `rule: file` for each violation of the rules. */
function violations(config: string, files: Readonly<Record<string, string>>): string[] {
  const house = mkdtempSync(join(tmpdir(), 'directions-'));
  try {
    copyFileSync(join(repositoryRoot, 'tsconfig.json'), join(house, 'tsconfig.json'));
    symlinkSync(join(repositoryRoot, 'node_modules'), join(house, 'node_modules'), 'junction');
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), source);
    }
    return cruise(house, config);
  } finally {
    rmSync(house, { recursive: true });
  }
}

function cruise(house: string, config: string): string[] {
  const binary = join(repositoryRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [binary, '--config', join(repositoryRoot, config), '--output-type', 'json', 'src'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' });
  const found: { rule: { name: string }; from: string }[] = JSON.parse(stdout).summary.violations;
  return [...new Set(found.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
}

const valueFrom = (path: string) => `import { value } from '${path}';\nexport const user = value;\n`;
const typeFrom = (path: string) => `import type { value } from '${path}';\nexport type User = typeof value;\n`;
const tensors = "import { tensor } from '@tensorflow/tfjs-core';\nexport const value = tensor([1]);\n";

const house = {
  'src/main.tsx': valueFrom('./ui/app.ts'),
  'src/ui/app.ts': valueFrom('../notebook/cells.ts'),
  'src/notebook/cells.ts': valueFrom('../runs/client.ts'),
  'src/runs/client.ts': typeFrom('../engine/train/trainer.ts'),
  'src/worker/worker.ts': valueFrom('../engine/train/trainer.ts'),
  'src/engine/train/trainer.ts': valueFrom('../pruning/masks.ts'),
  'src/engine/pruning/masks.ts': valueFrom('../model/encoder.ts'),
  'src/engine/model/encoder.ts': valueFrom('../gpu/ops.ts'),
  'src/engine/gpu/ops.ts': tensors,
  'tests/fake.ts': 'export const value = 1;\n',
};
const startsWorker =
  "export const start = () => new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });\n";

describe('directions', { timeout: 60_000 }, () => {
  const rules = '.dependency-cruiser.cjs';

  it('allow the house as it is planned', () => {
    expect(violations(rules, house)).toEqual([]);
  });

  it('refuse each import that points the other way, of types as well', () => {
    const wrong = {
      'src/engine/text/wrong.ts': valueFrom('../model/encoder.ts'),
      'src/engine/gpu/wrong.ts': valueFrom('../model/encoder.ts'),
      'src/engine/model/wrong.ts': typeFrom('../pruning/masks.ts'),
      'src/engine/pruning/wrong.ts': valueFrom('../train/trainer.ts'),
      'src/engine/train/wrong.ts': typeFrom('../../runs/client.ts'),
      'src/hub/wrong.ts': valueFrom('../worker/worker.ts'),
      'src/runs/wrong.ts': typeFrom('../notebook/cells.ts'),
      'src/worker/wrong.ts': valueFrom('../ui/app.ts'),
      'src/notebook/wrong.ts': typeFrom('../ui/app.ts'),
      'src/ui/wrong.ts': valueFrom('../worker/worker.ts'),
      'src/ui/fake.ts': valueFrom('../../tests/fake.ts'),
    };
    expect(violations(rules, { ...house, ...wrong })).toEqual([
      'engine-stands-alone: src/engine/train/wrong.ts',
      'gpu-below-model: src/engine/gpu/wrong.ts',
      'hub-on-engine: src/hub/wrong.ts',
      'model-below-pruning: src/engine/model/wrong.ts',
      'notebook-below-ui: src/notebook/wrong.ts',
      'product-free-of-tests: src/ui/fake.ts',
      'pruning-below-train: src/engine/pruning/wrong.ts',
      'runs-below-notebook: src/runs/wrong.ts',
      'text-below-all: src/engine/text/wrong.ts',
      'ui-below-main: src/ui/wrong.ts',
      'worker-has-no-page: src/worker/wrong.ts',
    ]);
  });

  it('refuse the rivals of the bench in the product', () => {
    const wrong = {
      'src/engine/gpu/wrong.ts': "import { init } from '@jax-js/jax';\nexport const value = init;\n",
      'src/engine/train/wrong.ts': "import { add } from '@tensorflow/tfjs';\nexport const value = add;\n",
    };
    const found = violations(rules, { ...house, ...wrong }).filter((violation) => violation.startsWith('rivals'));
    expect(found).toEqual([
      'rivals-stay-in-the-bench: src/engine/gpu/wrong.ts',
      'rivals-stay-in-the-bench: src/engine/train/wrong.ts',
    ]);
  });

  it('refuse tfjs outside the engine, and files that nothing uses', () => {
    const wrong = {
      'src/engine/text/wrong.ts': tensors,
      'src/ui/wrong.ts': tensors,
      'src/ui/forgotten.ts': 'export const value = 1;\n',
    };
    expect(violations(rules, { ...house, ...wrong })).toEqual([
      'no-orphans: src/ui/forgotten.ts',
      'tensors-stay-in-the-engine: src/engine/text/wrong.ts',
      'tensors-stay-in-the-engine: src/ui/wrong.ts',
    ]);
  });
});

describe('what the page loads', { timeout: 60_000 }, () => {
  const rules = '.dependency-cruiser.values.cjs';

  it('may name types of what computes, and start the worker', () => {
    expect(violations(rules, { ...house, 'src/runs/start.ts': startsWorker })).toEqual([]);
  });

  it('never holds tfjs, however far away it is imported', () => {
    const found = violations(rules, { ...house, 'src/runs/client.ts': valueFrom('../engine/train/trainer.ts') });
    expect(found).toContain('page-never-reaches-tensors: src/main.tsx');
    expect(found).toContain('page-never-reaches-tensors: src/runs/client.ts');
  });

  it('has no modules that wait for each other', () => {
    const wrong = {
      'src/ui/left.ts': "import { right } from './right.ts';\nexport const left = () => right;\n",
      'src/ui/right.ts': "import { left } from './left.ts';\nexport const right = () => left;\n",
    };
    expect(violations(rules, { ...house, ...wrong })).toContain('no-cycles: src/ui/left.ts');
  });
});
