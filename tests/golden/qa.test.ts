import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { checkQaGolden } from './qa.ts';
import { qaTinyFiles } from './qa-tiny.ts';

describe('the op-by-op engine', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('agrees with PyTorch on golden vectors', { timeout: 300_000 }, async () => {
    const report = await checkQaGolden(qaTinyFiles, () => createReferenceExecutor('wasm'));
    console.log(JSON.stringify(report));
    expect(report.passed).toBe(true);
  });
});
