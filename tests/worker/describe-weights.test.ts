// The weights of a finished run of a tiny model in numbers, counted again here.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { maskBit } from '../../src/engine/pruning/agreement.ts';
import { MaskPlayer } from '../../src/engine/pruning/mask-history.ts';
import type { MatrixData } from '../../src/runs/protocol.ts';
import { describeWeights } from '../../src/worker/describe-weights.ts';
import { createMatrixReader } from '../../src/worker/matrix.ts';
import { course, prepareStorage, specOf } from './course.ts';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(prepareStorage);
afterEach(() => vi.unstubAllGlobals());

const silent = { onProgress: () => undefined, breathe: async () => undefined };

/** Kept weights that some recorded mask had pruned. */
function oncePruned({ mask, history, finetuned }: MatrixData): number {
  const player = new MaskPlayer(history!);
  const masks = history!.steps.map((step) => player.seek(step).slice());
  return finetuned.filter((_, i) => maskBit(mask, i) === 1 && masks.some((one) => maskBit(one, i) === 0)).length;
}

describe('describeWeights', () => {
  it('counts over one matrix, and over all of them', async () => {
    await course(specOf({ name: 'movement' }), Number.POSITIVE_INFINITY, 'run');
    const reader = createMatrixReader();
    const names = await reader.namesOf('run');
    const matrices = await Promise.all(names.map((name) => reader.read('run', name)));
    for (const [name, chosen] of [
      [names[0]!, matrices.slice(0, 1)],
      [null, matrices],
    ] as const) {
      const { total, kept, finetuned, movedAway, returns } = await describeWeights(reader, {
        runId: 'run',
        name,
        ...silent,
      });
      expect(total).toBe(chosen.reduce((sum, matrix) => sum + matrix.finetuned.length, 0));
      expect(kept).toBe(chosen.reduce((sum, matrix) => sum + matrix.kept, 0));
      expect(finetuned.counts.reduce((sum, count) => sum + count, 0)).toBe(kept);
      const away = chosen.map(
        ({ mask, pretrained, finetuned: after }) =>
          after.filter((value, i) => maskBit(mask, i) === 1 && Math.abs(value) > Math.abs(pretrained[i]!)).length,
      );
      expect(movedAway).toBe(away.reduce((sum, count) => sum + count, 0));
      const forGood = returns!.forGood.reduce((sum, count) => sum + count, 0);
      expect(forGood).toBe(chosen.map(oncePruned).reduce((sum, count) => sum + count, 0));
      expect(returns!.returned.every((count, record) => count >= returns!.forGood[record]!)).toBe(true);
    }
  });
});
