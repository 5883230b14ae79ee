// Products in every tiling, at sizes that no tile divides, in whole numbers: sums are exact, so results must be equal.
import { afterAll, describe, expect, it } from 'vitest';
import { DeviceGpu } from '../../../src/engine/gpu/plan/device-gpu.ts';
import { launch, type Product } from '../../../src/engine/gpu/plan/kernels/product.ts';
import { tilingOf } from '../../../src/engine/gpu/plan/kernels/tiling.ts';
import { kernel, readMatrix, writeMatrix } from '../../../src/engine/gpu/plan/shader.ts';
import { padded } from '../../../src/engine/gpu/plan/storage.ts';
import { candidates, nameOf, SOFTWARE_TIER, type Tier } from '../../../src/engine/gpu/plan/tier.ts';
import { runOnce } from './commands.ts';
import { gpuErrors, openDevice, randomIntegers } from './compare.ts';
import { withSubgroupsOf } from './emulated-subgroups.ts';
import { TIERS, type TierName } from './tiers.ts';

type Form = Product['form'];

interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

interface Numbers {
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
}

/** Rows and columns, both padded to vectors of four where they lie. */
type Layout = readonly [number, number];

function layouts(form: Form, { rows, columns, depth }: Size): { readonly a: Layout; readonly b: Layout } {
  return {
    a: form === 'TN' ? [depth, rows] : [rows, depth],
    b: form === 'NT' ? [columns, depth] : [depth, columns],
  };
}

/** Whole numbers from −3 to 3; the padding is zero. */
function numbersFor(form: Form, size: Size): Numbers {
  const { a, b } = layouts(form, size);
  const fill = ([rows, columns]: Layout, seed: number) => {
    const data = new Float32Array(padded(rows) * padded(columns));
    const drawn = randomIntegers(rows * columns, 7, seed);
    drawn.forEach((value, index) => {
      data[Math.floor(index / columns) * padded(columns) + (index % columns)] = value - 3;
    });
    return data;
  };
  return { a: fill(a, 1), b: fill(b, 2) };
}

function expected(form: Form, { rows, columns, depth }: Size, { a, b }: Numbers): number[] {
  const at = (row: number, column: number) => {
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      const x = form === 'TN' ? a[k * padded(rows) + row] : a[row * padded(depth) + k];
      const y = form === 'NT' ? b[column * padded(depth) + k] : b[k * padded(columns) + column];
      sum += (x as number) * (y as number);
    }
    return sum;
  };
  return Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns));
}

/** The product and, from one tile more per row of tiles, the sums over the rows of `a` (where its columns are rows of the result). */
async function computed(o: {
  form: Form;
  size: Size;
  numbers: Numbers;
  tier: Tier;
  copies: number;
  subgroups?: number;
}) {
  const { form, size, numbers, tier, copies } = o;
  const gpu = new DeviceGpu(await openDevice(), tier);
  const { a, b } = layouts(form, size);
  const vectors = padded(size.columns) / 4;
  const isSummed = form === 'TN';
  const tiling = tilingOf({ rows: padded(size.rows), vectors, copies, depth: size.depth }, tier);
  const across = tiling.across + (isSummed ? tiling.sumTiles : 0);
  const buffers = {
    a: gpu.createBuffer('a', numbers.a.length),
    b: gpu.createBuffer('b', numbers.b.length),
    result: gpu.createBuffer('result', padded(size.rows) * vectors * 4),
    sums: gpu.createBuffer('sums', padded(size.rows)),
  };
  gpu.write(buffers.a, 0, numbers.a);
  gpu.write(buffers.b, 0, numbers.b);
  const matrix = (home: GPUBuffer) => ({ view: { home, offset: 0, words: home.size / 4 }, format: 'f32' }) as const;
  const operand = (name: string, [, columns]: Layout) => ({
    name,
    stride: padded(columns) / 4,
    offset: '0u',
  });
  const command = kernel({
    label: `${form} product`,
    ...launch(tiling, across * tiling.down),
    bindings: {
      a: readMatrix(matrix(buffers.a)),
      b: readMatrix(matrix(buffers.b)),
      result: writeMatrix(matrix(buffers.result)),
      ...(isSummed ? { sums: writeMatrix(matrix(buffers.sums)) } : {}),
    },
    declarations: tiling.declarations,
    body: `
      let tileRow = ${tiling.unit} / ${across}u;
      let tileColumn = ${tiling.unit} % ${across}u;
      ${tiling.locate('tileRow', 'tileColumn')}
      ${isSummed ? `if (tileColumn >= ${tiling.across}u) { ${tiling.sumRows(operand('a', a), size.depth, (column, sum) => `store_sums(${column}, ${sum});`)} return; }` : ''}
      ${tiling.declareSums()}
      ${tiling.accumulate({
        form,
        depth: form === 'TN' ? size.depth : padded(size.depth) / 4,
        a: operand('a', a),
        b: operand('b', b),
      })}
      ${tiling.eachVector(`store_result(r * ${vectors}u + c, v);`)}`,
  });
  await runOnce(gpu, o.subgroups ? withSubgroupsOf(o.subgroups, command) : command);
  const [result, sums] = await gpu.read(
    [buffers.result, buffers.sums].map((buffer) => ({ buffer, offset: 0, words: buffer.size / 4 })),
  );
  gpu.dispose();
  const stride = vectors * 4;
  return {
    product: Array.from(
      { length: size.rows * size.columns },
      (_, i) => result?.[Math.floor(i / size.columns) * stride + (i % size.columns)],
    ),
    sums: [...(sums ?? [])].slice(0, size.rows),
  };
}

function sumsOf({ rows, depth }: Size, { a }: Numbers): number[] {
  return Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += a[k * padded(rows) + row] as number;
    return sum;
  });
}

/** The first few numbers that are wrong: a diff of thousands would tell nothing. */
function mistakes(got: readonly (number | undefined)[], wanted: readonly number[]): string[] {
  return wanted
    .flatMap((value, index) => (got[index] === value ? [] : [`[${index}]: expected ${value}, got ${got[index]}`]))
    .slice(0, 5);
}

/** Small tiles, and large ones: those of one of many copies. */
const CASES: readonly (readonly [string, Size, number])[] = [
  ['few', { rows: 35, columns: 41, depth: 37 }, 1],
  ['many', { rows: 70, columns: 74, depth: 48 }, 96],
];
/** Small tiles of shared memory whose threads split the depth. */
const DEEP = ['few and sums long', { rows: 35, columns: 41, depth: 150 }, 1] as const;

afterAll(() => expect(gpuErrors).toEqual([]));

describe.each(Object.keys(TIERS) as TierName[])('%s tiles', { timeout: 240_000 }, (name) => {
  const tier = TIERS[name];

  describe.each(['NT', 'NN', 'TN'] as const)('multiply %s', (form) => {
    it.each(name === 'shared' ? [...CASES, DEEP] : CASES)('exactly where tiles are %s', async (_, size, copies) => {
      const numbers = numbersFor(form, size);
      const { product, sums } = await computed({ form, size, numbers, tier, copies });
      expect(mistakes(product, expected(form, size, numbers))).toEqual([]);
      if (form === 'TN') expect(mistakes(sums, sumsOf(size, numbers))).toEqual([]);
    });
  });
});

describe('every candidate of a GPU', { timeout: 240_000 }, () => {
  const options = candidates(null).tiles.map((tiles) => [nameOf(tiles), tiles] as const);
  const [, size, copies] = CASES[1]!;

  it.each(options)('multiplies exactly (%s)', async (_, tiles) => {
    const numbers = numbersFor('TN', size);
    const tier = { ...SOFTWARE_TIER, tiles };
    const { product, sums } = await computed({ form: 'TN', size, numbers, tier, copies });
    expect(mistakes(product, expected('TN', size, numbers))).toEqual([]);
    expect(mistakes(sums, sumsOf(size, numbers))).toEqual([]);
  });
});

describe.each([8, 32, 128])('subgroups of %i lanes', { timeout: 240_000 }, (subgroups) => {
  it.each(['NT', 'NN', 'TN'] as const)('multiply %s as those of four do', async (form) => {
    for (const [, size, copies] of CASES) {
      const numbers = numbersFor(form, size);
      const { product, sums } = await computed({ form, size, numbers, tier: TIERS.subgroup, copies, subgroups });
      expect(mistakes(product, expected(form, size, numbers))).toEqual([]);
      if (form === 'TN') expect(mistakes(sums, sumsOf(size, numbers))).toEqual([]);
    }
  });
});
