import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  finalReturns,
  MaskPlayer,
  MaskRecorder,
  revivals,
  turnover,
} from '../../../src/engine/pruning/mask-history.ts';
import { thresholdAt } from '../../../src/engine/pruning/schedule.ts';
import { createRandom } from '../../../src/engine/random.ts';

const bits = (...values: number[]) => Uint8Array.from(values);

/** Masks of `weights` weights; those past the last one are 0. */
const masksOf = (weights: number) =>
  fc.uint8Array({ minLength: Math.ceil(weights / 8), maxLength: Math.ceil(weights / 8) }).map((mask) => {
    if (weights & 7) mask[mask.length - 1]! &= (1 << (weights & 7)) - 1;
    return mask;
  });

/** Keeps the largest of scores that random gradients move, anew at each call. */
function driftingMask(weights: number, seed: number): (keptShare: number) => Uint8Array {
  let state = seed;
  // A linear congruential generator: millions of draws a record, none of which must be good.
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const scores = new Float32Array(weights);
  const drift = Float32Array.from(scores, () => 0.1 * (uniform() + uniform()));
  return (keptShare) => {
    const mask = new Uint8Array(weights / 8);
    for (let i = 0; i < weights; i++) scores[i]! += drift[i]! + 0.2 * uniform();
    const sample = scores.filter((_, i) => i % 32 === 0).sort();
    const cut = keptShare === 1 ? Number.NEGATIVE_INFINITY : sample[Math.floor((1 - keptShare) * sample.length)]!;
    for (let i = 0; i < weights; i++) if (scores[i]! > cut) mask[i >> 3]! |= 1 << (i & 7);
    return mask;
  };
}

describe('MaskRecorder', () => {
  it('gives back every recorded mask, in any order', () => {
    const runs = fc.integer({ min: 1, max: 90 }).chain((weights) =>
      fc.record({
        weights: fc.constant(weights),
        masks: fc.array(masksOf(weights), { minLength: 1, maxLength: 12 }),
        order: fc.array(fc.nat({ max: 12 }), { maxLength: 20 }),
      }),
    );
    fc.assert(
      fc.property(runs, ({ weights, masks, order }) => {
        const recorder = new MaskRecorder({ sizes: [weights], totalSteps: 12, budgetBytes: 1e6 });
        for (const [index, mask] of masks.entries()) recorder.record(index + 1, [mask]);
        const player = new MaskPlayer(recorder.histories()[0]!);
        for (const place of order) {
          const step = Math.min(place, masks.length);
          const expected = step === 0 ? new MaskPlayer({ weights, steps: [], changes: [] }).mask : masks[step - 1];
          expect(player.seek(step)).toEqual(expected);
        }
      }),
    );
  });

  it('stays within its budget, and is exact at the steps that remain', () => {
    const weights = 3000;
    const random = createRandom(7);
    const recorder = new MaskRecorder({ sizes: [weights, weights], totalSteps: 200, budgetBytes: 6000 });
    const mask = new Uint8Array(weights / 8).fill(0xff);
    const recorded = new Map<number, Uint8Array>();
    for (let step = 1; step <= 200; step++) {
      for (let change = 0; change < 12; change++) mask[random.integer(mask.length)]! ^= 1 << random.integer(8);
      if (!recorder.isDue(step)) continue;
      recorder.record(step, [mask, mask]);
      recorded.set(step, mask.slice());
      expect(recorder.bytes).toBeLessThanOrEqual(6000);
    }
    const [history] = recorder.histories();
    expect(history!.steps.length).toBeGreaterThan(10);
    expect(history!.steps.at(-1)).toBe(200);
    const player = new MaskPlayer(history!);
    for (const step of [...history!.steps].reverse()) expect(player.seek(step)).toEqual(recorded.get(step));
  });

  it('keeps the masks of 300 steps of three layers of MiniLM within the usual 16 MB', () => {
    // Scores drift apart, each with noise of its own, and the kept share falls from 1 to 0.1 by the cubic schedule.
    const layer = [384 * 384, 384 * 384, 384 * 384, 384 * 384, 1536 * 384, 384 * 1536];
    const sizes = [...layer, ...layer, ...layer];
    const [totalSteps, budgetBytes] = [300, 16e6];
    const schedule = { initial: 1, final: 0.1, initialWarmup: 1, finalWarmup: 2, warmupSteps: 30, totalSteps };
    const recorder = new MaskRecorder({ sizes, totalSteps, budgetBytes });
    const drifting = layer.map((weights, index) => driftingMask(weights, index + 1));
    const recorded = new Map<number, readonly Uint8Array[]>();
    for (let step = 1; step <= totalSteps; step++) {
      if (!recorder.isDue(step)) continue;
      const masks = drifting.map((maskAt) => maskAt(thresholdAt(schedule, step)));
      recorder.record(step, [...masks, ...masks, ...masks]);
      recorded.set(step, masks);
      expect(recorder.bytes).toBeLessThanOrEqual(budgetBytes);
    }
    const histories = recorder.histories();
    const { steps } = histories[0]!;
    const plain = (sizes.reduce((sum, weights) => sum + weights, 0) / 8) * steps.length;
    console.log(
      `300 steps of three layers: ${steps.length} records in ${(recorder.bytes / 1e6).toFixed(1)} MB, ` +
        `${(plain / 1e6).toFixed(1)} MB as plain bits`,
    );
    expect(steps.length).toBeGreaterThan(20);
    const random = createRandom(3);
    const players = histories.map((history) => new MaskPlayer(history));
    for (let trial = 0; trial < 8; trial++) {
      const step = steps[random.integer(steps.length)]!;
      const matrix = random.integer(sizes.length);
      expect(Buffer.compare(players[matrix]!.seek(step), recorded.get(step)![matrix % layer.length]!)).toBe(0);
    }
  });

  it('takes at most a hundred records and the last step, and none without a budget', () => {
    const recorder = new MaskRecorder({ sizes: [8], totalSteps: 651, budgetBytes: 100 });
    const due = Array.from({ length: 651 }, (_, index) => index + 1).filter((step) => recorder.isDue(step));
    expect(due.length).toBe(93);
    expect(due.at(-1)).toBe(651);
    expect(new MaskRecorder({ sizes: [8], totalSteps: 10, budgetBytes: 0 }).isDue(10)).toBe(false);
  });

  it('forgets what came after the step that training went back to', () => {
    const recorder = new MaskRecorder({ sizes: [8], totalSteps: 10, budgetBytes: 100 });
    recorder.record(1, [bits(0b1111_0000)]);
    recorder.record(2, [bits(0b0000_1111)]);
    recorder.rewind(1);
    recorder.record(3, [bits(0b1100_0000)]);
    const player = new MaskPlayer(recorder.histories()[0]!);
    expect(player.seek(2)).toEqual(bits(0b1111_0000));
    expect(player.seek(3)).toEqual(bits(0b1100_0000));
  });

  it('refuses steps that do not rise and masks of another size', () => {
    const recorder = new MaskRecorder({ sizes: [8], totalSteps: 10, budgetBytes: 100 });
    recorder.record(2, [bits(1)]);
    expect(() => recorder.record(2, [bits(1)])).toThrow('mask history: expected a step after 2, got 2.');
    expect(() => recorder.record(3, [bits(1, 1)])).toThrow('mask history: expected 1 bytes, got 2.');
  });
});

describe('turnover and revivals', () => {
  // Weights 0 and 1 are pruned, then 0 comes back while 2 goes, then 0 goes and comes back once more.
  const recorder = new MaskRecorder({ sizes: [4], totalSteps: 4, budgetBytes: 100 });
  for (const [index, mask] of [0b1100, 0b1001, 0b1000, 0b1001].entries()) recorder.record(index + 1, [bits(mask)]);
  const history = recorder.histories()[0]!;

  it('counts weights pruned and revived at each record', () => {
    expect(turnover(history)).toEqual([
      { step: 1, pruned: 2, revived: 0 },
      { step: 2, pruned: 1, revived: 1 },
      { step: 3, pruned: 1, revived: 0 },
      { step: 4, pruned: 0, revived: 1 },
    ]);
  });

  it('counts how often each weight came back', () => {
    expect([...revivals(history)]).toEqual([2, 0, 0, 0]);
  });

  it('counts kept weights at the record at which they came back for good', () => {
    // Weight 0 came back at records 2 and 4, and is kept: only the last counts. Weight 3 was never pruned.
    expect([...finalReturns(history)]).toEqual([0, 0, 0, 1]);
  });

  it('counts no weight that is pruned again in the end', () => {
    const left = new MaskRecorder({ sizes: [4], totalSteps: 3, budgetBytes: 100 });
    for (const [index, mask] of [0b1100, 0b1101, 0b1100].entries()) left.record(index + 1, [bits(mask)]);
    expect([...finalReturns(left.histories()[0]!)]).toEqual([0, 0, 0]);
  });
});
