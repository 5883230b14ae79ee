import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { readSafetensors, writeSafetensors } from '../../src/engine/model/safetensors.ts';
import type { PruningMethod } from '../../src/engine/pruning/masked-linear.ts';
import { checkQaGolden, type GoldenFiles } from './qa.ts';
import { qaTinyFiles as files } from './qa-tiny.ts';

const check = (changed: Partial<GoldenFiles>, only?: readonly PruningMethod[]) =>
  checkQaGolden({ ...files, ...changed }, () => createReferenceExecutor('wasm'), only);

/** The tensors with one element of one of them changed by `change`. */
function withOneNumber(name: string, change: (value: number) => number): Uint8Array {
  const { entries } = readSafetensors(files.expectedTensors, 'expected.safetensors');
  const changed = new Map(entries);
  const entry = changed.get(name)!;
  const numbers = new Float32Array(entry.data.slice().buffer);
  const largest = numbers.reduce(
    (best, value, index) => (Math.abs(value) > Math.abs(numbers[best]!) ? index : best),
    0,
  );
  numbers[largest] = change(numbers[largest]!);
  changed.set(name, { ...entry, data: new Uint8Array(numbers.buffer) });
  return writeSafetensors(changed);
}

function withJson(edit: (json: GoldenJson) => void): string {
  const json = JSON.parse(files.expected) as GoldenJson;
  edit(json);
  return JSON.stringify(json);
}

interface GoldenJson {
  readonly dense: { loss: number };
  readonly topK: { trajectory: { history: { loss: number }[]; final_loss: number } };
}

const QUERY = 'bert.encoder.layer.0.attention.self.query';

describe('the op-by-op engine', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('agrees with PyTorch on golden vectors', { timeout: 300_000 }, async () => {
    expect(await check({})).toMatchObject({ passed: true });
  });
});

describe('the golden check finds one wrong number in', () => {
  const wrong: readonly (readonly [string, () => Partial<GoldenFiles>])[] = [
    ['the dense loss', () => ({ expected: withJson(({ dense }) => (dense.loss *= 1.01)) })],
    ['a hidden state', () => ({ expectedTensors: withOneNumber('dense.hidden.1', (x) => x * 1.1) })],
    ['a logit', () => ({ expectedTensors: withOneNumber('topK.start_logits', (x) => x * 1.1) })],
    ['a gradient', () => ({ expectedTensors: withOneNumber('dense.grad.qa_outputs.weight', (x) => x * 1.1) })],
    ['a score gradient', () => ({ expectedTensors: withOneNumber(`topK.grad_scores.${QUERY}`, (x) => x * 1.1) })],
    ['a mask', () => ({ expectedTensors: withOneNumber(`topK.mask.${QUERY}`, (x) => 1 - x) })],
    ['a trajectory', () => ({ expected: withJson(({ topK }) => (topK.trajectory.history[30]!.loss *= 1.03)) })],
    ['a final loss', () => ({ expected: withJson(({ topK }) => (topK.trajectory.final_loss *= 1.03)) })],
  ];

  it.each(wrong)('%s', { timeout: 60_000 }, async (_, change) => {
    expect(await check(change(), ['topK'])).toMatchObject({ passed: false });
  });
});
