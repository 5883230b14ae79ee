import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchAt,
  batchesPerEpoch,
  endlessOrder,
  epochOrder,
  padBatch,
  paddedLength,
  padTogether,
} from '../../../src/engine/text/batches.ts';
import type { ClassificationFeature, QuestionFeature } from '../../../src/engine/text/types.ts';

const feature = (length: number, label: number | null = 0): ClassificationFeature => ({
  exampleIndex: 0,
  inputIds: new Array<number>(length).fill(7),
  tokenTypeIds: Array.from({ length }, (_, i) => (i === length - 1 ? 1 : 0)),
  label,
});

const padding = { padId: 9, maxSeqLength: 20 };

describe('padding', () => {
  it('fills rows up to the next length', () => {
    const batch = padBatch([feature(2, 1), feature(9, null)], padding);
    expect([batch.batchSize, batch.tokens]).toEqual([2, 16]);
    expect([...batch.inputIds]).toEqual([...row(7, 2, 9), ...row(7, 9, 9)]);
    expect([...batch.attentionMask]).toEqual([...row(1, 2, 0), ...row(1, 9, 0)]);
    expect([...batch.tokenTypeIds.slice(0, 4)]).toEqual([0, 1, 0, 0]);
    expect(batch.labels).toEqual(Int32Array.of(1, -1));
    expect(batch.startPositions).toBeUndefined();
  });
  const row = (value: number, length: number, fill: number) =>
    Array.from({ length: 16 }, (_, i) => (i < length ? value : fill));

  it('knows few lengths, coarser as they grow', () => {
    expect([1, 8, 9, 64].map((length) => paddedLength(length, 512))).toEqual([8, 8, 16, 64]);
    expect([65, 81, 128].map((length) => paddedLength(length, 512))).toEqual([80, 96, 128]);
    expect([129, 161, 256].map((length) => paddedLength(length, 512))).toEqual([160, 192, 256]);
    expect([257, 384, 385, 512].map((length) => paddedLength(length, 512))).toEqual([320, 384, 448, 512]);
    const all = Array.from({ length: 512 }, (_, index) => paddedLength(index + 1, 512));
    expect(new Set(all).size).toBe(8 + 4 + 4 + 4);
  });

  it('never exceeds the longest length allowed, or fills it where told to', () => {
    expect(padBatch([feature(19)], padding).tokens).toBe(20);
    expect(padBatch([feature(2)], { ...padding, padTo: 'max' }).tokens).toBe(20);
  });

  it('carries the positions of questions', () => {
    const question = (startPosition: number): QuestionFeature => {
      const { label: _, ...rest } = feature(8);
      return { ...rest, startPosition, endPosition: startPosition + 1, contextFrom: 3, offsets: [] };
    };
    const batch = padBatch([question(4), question(5)], padding);
    expect(batch.startPositions).toEqual(Int32Array.of(4, 5));
    expect(batch.endPositions).toEqual(Int32Array.of(5, 6));
    expect(batch.labels).toBeUndefined();
  });
});

describe('the order of an epoch', () => {
  const options = { seed: 1, epoch: 0, batchSize: 4 };

  it('is the same for the same seed and epoch, and differs with either', () => {
    const order = epochOrder(50, options);
    expect(epochOrder(50, options)).toEqual(order);
    expect(epochOrder(50, { ...options, epoch: 1 })).not.toEqual(order);
    expect(epochOrder(50, { ...options, seed: 2 })).not.toEqual(order);
  });

  it('holds every example once, grouped by length or not', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 300 });
    fc.assert(
      fc.property(lengths, fc.boolean(), (all, grouped) => {
        const order = epochOrder(all.length, { ...options, ...(grouped ? { lengths: all } : {}) });
        expect(order.toSorted((a, b) => a - b)).toEqual(all.map((_, i) => i));
        if (grouped && all.length > 0) expect(all[order[0]!]).toBe(Math.max(...all));
      }),
    );
  });

  it('grouped by length, the rows of a batch need little padding', () => {
    const lengths = Array.from({ length: 400 }, (_, i) => 1 + (i % 40));
    const wasted = (order: readonly number[]) => {
      let tokens = 0;
      for (let step = 0; step < 100; step++) {
        const rows = order.slice(4 * step, 4 * step + 4).map((i) => lengths[i]!);
        tokens += rows.reduce((sum, length) => sum + Math.max(...rows) - length, 0);
      }
      return tokens;
    };
    // 100 batches: 25 share one mega-batch of 100 examples, sorted.
    expect(wasted(epochOrder(400, { ...options, lengths }))).toBeLessThan(wasted(epochOrder(400, options)) / 5);
  });

  it('is cut into batches, the last of which may be smaller', () => {
    const features = [1, 2, 3, 4, 5].map((length) => feature(length, length));
    const order = [4, 0, 3, 1, 2];
    const labels = [0, 1, 2].map((step) => [...batchAt(features, order, { step, batchSize: 2, ...padding }).labels!]);
    expect(labels).toEqual([[5, 1], [4, 2], [3]]);
    expect(batchesPerEpoch(5, 2)).toBe(3);
  });
});

describe('an endless order', () => {
  it('goes on with the next epoch where one ends', () => {
    const order = endlessOrder(3, { seed: 5, batchSize: 2 });
    const draws = Array.from({ length: 7 }, () => order.next().value);
    expect(draws.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1, 1, 2]);
    const epochs = [0, 1].map((epoch) => draws.filter((draw) => draw.epoch === epoch).map(({ index }) => index));
    expect(epochs).toEqual([0, 1].map((epoch) => epochOrder(3, { seed: 5, epoch, batchSize: 2 })));
  });
});

describe('batches padded together', () => {
  it('have the length of the longest row of any', () => {
    const groups = [[feature(2, 1), feature(3, 0)], [feature(9, null)]];
    const [labelled, unlabelled] = padTogether(groups, padding);
    expect([labelled!.batchSize, labelled!.tokens, unlabelled!.batchSize, unlabelled!.tokens]).toEqual([2, 16, 1, 16]);
    expect([...labelled!.inputIds.slice(16, 20)]).toEqual([7, 7, 7, 9]);
    expect([...unlabelled!.attentionMask]).toEqual([...Array(9).fill(1), ...Array(7).fill(0)]);
    expect([[...labelled!.labels!], [...unlabelled!.labels!]]).toEqual([[1, 0], [-1]]);
  });
});
