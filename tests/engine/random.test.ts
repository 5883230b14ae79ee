import { describe, expect, it } from 'vitest';
import { createRandom, deriveSeed, shuffle } from '../../src/engine/random.ts';

const draw = (seed: number, n: number) => {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => random.float());
};

describe('random numbers', () => {
  it('one seed gives one sequence, another seed another', () => {
    expect(draw(42, 20)).toEqual(draw(42, 20));
    expect(draw(42, 20)).not.toEqual(draw(43, 20));
  });

  it('go on from a saved state', () => {
    const random = createRandom(7);
    random.float();
    const { seed, counter } = JSON.parse(JSON.stringify(random.state));
    const restored = createRandom(seed, counter);
    expect([restored.bits(), restored.integer(10)]).toEqual([random.bits(), random.integer(10)]);
  });

  it('fill [0, 1) evenly', () => {
    const n = 100_000;
    const floats = draw(1, n);
    const tenths = new Array<number>(10).fill(0);
    for (const x of floats) tenths[Math.floor(x * 10)]! += 1;
    // Each tenth expects 10,000 with a standard deviation of 95.
    for (const count of tenths) expect(Math.abs(count - n / 10)).toBeLessThan(500);
  });

  it('neighbouring seeds and neighbouring draws are uncorrelated', () => {
    const n = 20_000;
    const [a, b] = [draw(100, n + 1), draw(101, n)];
    const correlation = (xs: number[], ys: number[]) =>
      (12 * ys.reduce((s, y, i) => s + (xs[i]! - 0.5) * (y - 0.5), 0)) / n;
    // Standard deviation 1/√n = 0.007.
    expect(Math.abs(correlation(a, b))).toBeLessThan(0.035);
    expect(Math.abs(correlation(a.slice(1), a.slice(0, n)))).toBeLessThan(0.035);
  });

  it('derived seeds depend on every part and their order', () => {
    const seeds = [deriveSeed(1), deriveSeed(1, 0), deriveSeed(1, 1), deriveSeed(1, 0, 1), deriveSeed(1, 1, 0)];
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});

describe('shuffle', () => {
  it('is a permutation', () => {
    expect(shuffle(100, 3)).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(shuffle(100, 3).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(shuffle(0, 3)).toEqual([]);
  });

  it('gives each of the 6 orders of 3 equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = shuffle(3, seed).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150); // 5 standard deviations
  });
});
