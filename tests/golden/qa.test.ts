import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { checkQaGolden, type GoldenFiles } from './qa.ts';

const folder = join(import.meta.dirname, '../fixtures/qa-tiny');
const bytes = (path: string) => new Uint8Array(readFileSync(join(folder, path)));
const files: GoldenFiles = {
  config: readFileSync(join(folder, 'model/config.json'), 'utf8'),
  weights: bytes('model/model.safetensors'),
  expected: readFileSync(join(folder, 'expected.json'), 'utf8'),
  expectedTensors: bytes('expected.safetensors'),
};

describe('the op-by-op engine', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('agrees with PyTorch on golden vectors', { timeout: 300_000 }, async () => {
    const report = await checkQaGolden(files, () => createReferenceExecutor('wasm'));
    console.log(JSON.stringify(report));
    expect(report.passed).toBe(true);
  });
});
