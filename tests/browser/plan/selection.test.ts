// Cut-offs found on the GPU against the sorted definition in pruning/masks.ts: entry by entry, ties included.
import { describe, expect, it } from 'vitest';
import { globalCut, type MaskMethod, mask, parameter, type Value } from '../../../src/engine/gpu/graph.ts';
import { createPlanExecutor } from '../../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER, type Tier } from '../../../src/engine/gpu/plan/tier.ts';
import { type BinaryMethod, binaryMask, cutMask, globalCuts } from '../../../src/engine/pruning/masks.ts';
import { gpuErrors, openDevice, randomIntegers, randomNumbers } from './compare.ts';
import { TIERS } from './tiers.ts';

const numbersOf = {
  distinct: (size: number, seed: number) => randomNumbers(size, seed),
  'many ties': (size: number, seed: number) => Float32Array.from(randomIntegers(size, 7, seed), (x) => (x - 3) / 4),
  'all equal': (size: number) => new Float32Array(size).fill(-0.25),
  'zeros of both signs': (size: number, seed: number) =>
    Float32Array.from(randomIntegers(size, 2, seed), (x) => (x ? 0 : -0)),
};

async function masksOf(o: {
  readonly values: readonly Value[];
  readonly sources: readonly Float32Array[];
  readonly threshold: number;
  readonly tier?: Tier;
}) {
  const { values, sources, threshold, tier = SOFTWARE_TIER } = o;
  const executor = createPlanExecutor({ device: await openDevice(), tier });
  sources.forEach((data, index) => {
    const shape = values[index]?.shape ?? [];
    executor.setParameter(`s${index}`, { shape, data });
  });
  const masks = await executor.evaluate(values, { feeds: {}, threshold, seed: 0 });
  executor.dispose();
  expect(gpuErrors).toEqual([]);
  return masks;
}

function valuesFor(method: MaskMethod, shapes: readonly (readonly [number, number])[], isGlobal: boolean): Value[] {
  const sources = shapes.map((shape, index) => parameter(`s${index}`, shape));
  const cut = isGlobal ? globalCut(sources, method === 'magnitude' ? 'absolute' : 'signed') : null;
  return sources.map((source, index) =>
    mask(source, { method, row: isGlobal ? index : null, site: 1000 + index }, cut),
  );
}

const SHAPES: readonly (readonly [number, number])[] = [
  [5, 7],
  [64, 130],
  [1, 3],
];

describe.each(Object.keys(numbersOf) as (keyof typeof numbersOf)[])('with %s', (kind) => {
  const sources = SHAPES.map(([rows, columns], index) => numbersOf[kind](rows * columns, 40 + index));

  it.each([
    ['topK', 0.37],
    ['topK', 0],
    ['topK', 1],
    ['magnitude', 0.15],
    ['threshold', 0.1],
    ['threshold', 0.999],
    ['threshold', -0.25],
    ['sigmoied_threshold', 0.5],
    ['sigmoied_threshold', 0.9],
  ] as const)('%s at %f keeps what the definition keeps', async (method, threshold) => {
    const masks = await masksOf({ values: valuesFor(method, SHAPES, false), sources, threshold });
    expect(masks.map((values) => [...values])).toEqual(
      sources.map((source) => [...binaryMask(method as BinaryMethod, source, threshold)]),
    );
  });

  it.each([
    ['topK', 0.37],
    ['magnitude', 0.8],
  ] as const)('%s with one cut-off for all keeps what the definition keeps', async (method, threshold) => {
    const masks = await masksOf({ values: valuesFor(method, SHAPES, true), sources, threshold });
    const cuts = globalCuts(sources, method === 'magnitude', threshold);
    expect(masks.map((values) => [...values])).toEqual(
      sources.map((source, index) => [...cutMask(method, source, cuts[index] as (typeof cuts)[number])]),
    );
  });
});

it('keeps the same with histograms in shared memory', async () => {
  const sources = SHAPES.map(([rows, columns], index) => numbersOf['many ties'](rows * columns, 60 + index));
  const masks = await masksOf({
    values: valuesFor('topK', SHAPES, false),
    sources,
    threshold: 0.45,
    tier: TIERS.shared,
  });
  expect(masks.map((values) => [...values])).toEqual(sources.map((source) => [...binaryMask('topK', source, 0.45)]));
});

it('keeps a global cut-off while its version stays the same', async () => {
  const executor = createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER });
  const [value] = valuesFor('topK', [[1, 4]], true) as [Value];
  const keptOf = async (data: readonly number[], cutVersion: number) => {
    executor.setParameter('s0', { shape: [1, 4], data: Float32Array.from(data) });
    const [kept] = await executor.evaluate([value], { feeds: {}, threshold: 0.5, seed: 0, cutVersion });
    return [...(kept ?? [])];
  };
  expect(await keptOf([1, 2, 3, 4], 0)).toEqual([0, 0, 1, 1]); // cut-off 3
  expect(await keptOf([5, 6, 7, 8], 0)).toEqual([1, 1, 1, 1]);
  expect(await keptOf([5, 6, 7, 8], 1)).toEqual([0, 0, 1, 1]);
  executor.dispose();
});
