// AdamW's update on hand-worked numbers.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamWUpdate } from '../../../src/engine/gpu/adamw.ts';

beforeAll(() => tf.setBackend('cpu'));

/** How far one parameter of value 0 moves in update `step`, from moments 0 and a gradient of 2, at learning rate 1. */
function moved(step: number, correctsBias: boolean): number {
  const state = { value: tf.scalar(0), first: tf.scalar(0), second: tf.scalar(0) };
  const { value } = adamWUpdate({
    state,
    gradient: tf.scalar(2),
    clip: tf.scalar(1),
    group: { names: [], learningRate: 1, weightDecay: 0.01 },
    settings: { groups: [], step, beta1: 0.9, beta2: 0.999, epsilon: 0, maxGradNorm: 0, correctsBias },
  });
  return value.dataSync()[0]!;
}

describe('AdamW', () => {
  it('moves by the learning rate in its first update', () => {
    expect(moved(1, true)).toBeCloseTo(-1, 5);
  });

  it('without bias correction moves by (1 − β₁)/√(1 − β₂) of it, whatever the number of the update', () => {
    const expected = -0.1 / Math.sqrt(0.001); // −3.16
    expect(moved(1, false)).toBeCloseTo(expected, 4);
    expect(moved(1000, false)).toBeCloseTo(expected, 4);
  });
});
