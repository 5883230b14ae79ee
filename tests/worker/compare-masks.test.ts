// Two finished runs of a tiny model beside each other, matrix by matrix.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { maskBit } from '../../src/engine/pruning/agreement.ts';
import { rankCorrelation } from '../../src/engine/pruning/rank-correlation.ts';
import { compareMasks } from '../../src/worker/compare-masks.ts';
import { createMatrixReader } from '../../src/worker/matrix.ts';
import { course, prepareStorage, specOf } from './course.ts';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(prepareStorage);
afterEach(() => vi.unstubAllGlobals());

const whole = Number.POSITIVE_INFINITY;
const silent = { onProgress: () => undefined, breathe: async () => undefined };

describe('compareMasks', () => {
  it('counts agreement and correlates scores and masks with the pretrained weights', async () => {
    await course(specOf({ name: 'magnitude', pruning: { pruning_method: 'magnitude' } }), whole, 'left');
    await course(specOf({ name: 'movement' }), whole, 'right');
    const reader = createMatrixReader();
    const rows = await compareMasks(reader, { left: 'left', right: 'right', ...silent });
    expect(rows.length).toBe(12);
    for (const { info, agreement, scores, magnitude } of rows) {
      const [left, right] = [await reader.read('left', info.name), await reader.read('right', info.name)];
      const bits = ({ mask }: typeof left) => left.pretrained.map((_, index) => maskBit(mask, index));
      const [a, b] = [bits(left), bits(right)];
      expect(agreement.both).toBe(a.filter((bit, index) => bit === 1 && b[index] === 1).length);
      const size = left.pretrained.map(Math.abs);
      expect(magnitude[0]).toBeCloseTo(rankCorrelation(size, a), 6);
      expect(magnitude[1]).toBeCloseTo(rankCorrelation(size, b), 6);
      expect(scores).toBeCloseTo(rankCorrelation(left.finetuned.map(Math.abs), right.scores!), 6);
    }
  });

  it('finds a run equal to itself', async () => {
    await course(specOf({}), whole, 'left');
    for (const { agreement, scores } of await compareMasks(createMatrixReader(), {
      left: 'left',
      right: 'left',
      ...silent,
    })) {
      expect([agreement.onlyA, agreement.onlyB]).toEqual([0, 0]);
      expect(scores).toBeCloseTo(1, 6);
    }
  });
});
