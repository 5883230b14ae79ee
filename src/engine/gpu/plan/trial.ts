// What candidates are tried with: the forward product and the weight gradient of a map of 512 to 512 features over
// 2,048 tokens, and a reduction of as many rows. The operand has small whole numbers, so that right results are exact.
import { DeviceGpu } from './device-gpu.ts';
import type { Region } from './gpu.ts';
import { launch, locateTile, type Product, tilesOf } from './kernels/product.ts';
import { rowTeam } from './kernels/row-team.ts';
import { tilingOf } from './kernels/tiling.ts';
import { type Command, kernel, readMatrix, write, writeMatrix } from './shader.ts';
import { type Rows, SOFTWARE_TIER, type Tiles } from './tier.ts';

const TOKENS = 2048;
const FEATURES = 512;
const VECTORS = FEATURES / 4;
/** A product takes two operations per token and pair of features. */
export const PRODUCT_FLOPS = 2 * (2 * TOKENS * FEATURES ** 2);

export interface Trial {
  /** Does it so many times and waits for the end. */
  run(repeats: number): Promise<void>;
  /** Whether the last run's results, some of them, are what they must be. */
  isRight(): Promise<boolean>;
}

export interface Trials {
  tiles(tiles: Tiles): Promise<Trial>;
  rows(rows: Rows): Promise<Trial>;
  dispose(): void;
}

export function createTrials(device: GPUDevice): Trials {
  const gpu = new DeviceGpu(device, SOFTWARE_TIER);
  const numbers = Float32Array.from({ length: TOKENS * FEATURES }, (_, index) => wholeNumber(index));
  const buffers: Buffers = {
    operand: gpu.createBuffer('operand', numbers.length),
    forward: gpu.createBuffer('forward product', TOKENS * FEATURES),
    gradient: gpu.createBuffer('weight gradient', FEATURES ** 2),
    reduced: gpu.createBuffer('reduced rows', 2 * TOKENS),
  };
  gpu.write(buffers.operand, 0, numbers);
  const checks = { products: productChecks(buffers), rows: rowChecks(buffers) };
  return {
    tiles: (tiles) => trialOf(gpu, [forwardProduct(buffers, tiles), weightGradient(buffers, tiles)], checks.products),
    rows: (rows) => trialOf(gpu, [reduction(buffers, rows)], checks.rows),
    dispose: () => gpu.dispose(),
  };
}

type Buffers = Readonly<Record<'operand' | 'forward' | 'gradient' | 'reduced', GPUBuffer>>;

/** From −3 to 3. */
const wholeNumber = (index: number): number => ((Math.imul(index, 0x9e3779b1) >>> 24) % 7) - 3;

const wholeOf = (home: GPUBuffer) => ({ view: { home, offset: 0, words: home.size / 4 }, format: 'f32' }) as const;
const operand = { name: 'x', stride: VECTORS, offset: '0u' };

/** x Xᵀ, X being the first rows of x. */
const forwardProduct = ({ operand, forward }: Buffers, tiles: Tiles): Command =>
  product({ form: 'NT', rows: TOKENS, depth: VECTORS, tiles, bindings: { operand, result: forward } });

/** xᵀ x */
const weightGradient = ({ operand, gradient }: Buffers, tiles: Tiles): Command =>
  product({ form: 'TN', rows: FEATURES, depth: TOKENS, tiles, bindings: { operand, result: gradient } });

function product(o: {
  readonly form: Product['form'];
  readonly rows: number;
  readonly depth: number;
  readonly tiles: Tiles;
  readonly bindings: { readonly operand: GPUBuffer; readonly result: GPUBuffer };
}): Command {
  const { form, rows, depth, tiles, bindings } = o;
  const tiling = tilingOf({ rows, vectors: VECTORS, copies: 1, depth }, { tiles, rows: SOFTWARE_TIER.rows });
  return kernel({
    label: `trial ${form}`,
    ...launch(tiling, tilesOf(tiling)),
    bindings: { x: readMatrix(wholeOf(bindings.operand)), result: writeMatrix(wholeOf(bindings.result)) },
    declarations: tiling.declarations,
    body: `
      ${locateTile(tiling, tiling.unit)}
      ${tiling.declareSums()}
      ${tiling.accumulate({ form, depth, a: operand, b: operand })}
      ${tiling.eachVector(`store_result(r * ${VECTORS}u + c, v);`)}`,
  });
}

/** Sum and largest of every row of x. */
function reduction({ operand, reduced }: Buffers, rows: Rows): Command {
  const team = rowTeam({ rows: TOKENS, vectors: VECTORS }, { tiles: SOFTWARE_TIER.tiles, rows });
  return kernel({
    label: 'trial rows',
    ...team.launch,
    bindings: { x: readMatrix(wholeOf(operand)), reduced: write(wholeOf(reduced).view, 'vec2f') },
    declarations: team.declarations,
    body: team.eachRow(`
      var total = vec4f();
      var top = vec4f(-3e38f);
      ${team.eachVector(`let v = load_x(row * ${VECTORS}u + i); total += v; top = max(top, v);`)}
      let result = vec2f(${team.sum('total')}, ${team.largest('top')});
      ${team.once('reduced[row] = result;')}`),
  });
}

interface Check {
  readonly region: Region;
  readonly expected: readonly number[];
}

async function trialOf(gpu: DeviceGpu, commands: readonly Command[], checks: readonly Check[]): Promise<Trial> {
  const { device } = gpu;
  const bind = await gpu.prepare(commands);
  const dispatches = bind(({ home }) => home as GPUBuffer);
  return {
    run: async (repeats) => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const { pipeline, bindGroup, workgroups } of dispatches) {
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, bindGroup);
          pass.dispatchWorkgroups(...workgroups);
        }
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
    isRight: async () => {
      const read = await gpu.read(checks.map(({ region }) => region));
      return checks.every(({ expected }, index) => expected.every((value, at) => read[index]?.[at] === value));
    },
  };
}

const at = (token: number, feature: number): number => wholeNumber(token * FEATURES + feature);

function sumOf(count: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
}

const CHECKS = 64;

/** Entries of each product, strewn over its rows and columns. */
function productChecks({ forward, gradient }: Buffers): Check[] {
  const strewn = (buffer: GPUBuffer, rows: number, value: (row: number, column: number) => number): Check[] =>
    Array.from({ length: CHECKS }, (_, index) => {
      const [row, column] = [index * (rows / CHECKS) + (index % 8), (index * 37) % FEATURES];
      return { region: { buffer, offset: row * FEATURES + column, words: 1 }, expected: [value(row, column)] };
    });
  return [
    ...strewn(forward, TOKENS, (row, column) => sumOf(FEATURES, (k) => at(row, k) * at(column, k))),
    ...strewn(gradient, FEATURES, (row, column) => sumOf(TOKENS, (k) => at(k, row) * at(k, column))),
  ];
}

function rowChecks({ reduced }: Buffers): Check[] {
  const expected = Array.from({ length: TOKENS }, (_, token) => {
    const row = Array.from({ length: FEATURES }, (_, feature) => at(token, feature));
    return [row.reduce((sum, value) => sum + value, 0), Math.max(...row)];
  });
  return [{ region: { buffer: reduced, offset: 0, words: 2 * TOKENS }, expected: expected.flat() }];
}
