// Register tiles, without shared memory or barriers: each thread sums a tile of its own. Software adapters run a
// workgroup's threads in turn, so barriers are dear there; 8×8 tiles gave 4.0 GFLOP/s on SwiftShader, 4×4 2.5.
import {
  COMPONENTS,
  type Extent,
  guarded,
  load,
  loadBlock,
  type Operand,
  type Product,
  range,
  type Tiling,
} from './product.ts';

export function registerTiling(extent: Extent): Tiling {
  // The largest tile that fits: wide tiles read less per product.
  const tile = { rows: extent.rows % 8 === 0 ? 8 : 4, vectors: extent.vectors % 2 === 0 ? 2 : 1 };
  return {
    across: Math.ceil(extent.vectors / tile.vectors),
    down: Math.ceil(extent.rows / tile.rows),
    unit: 'id',
    threadsPerTile: 1,
    workgroupSize: 64,
    usesSubgroups: false,
    sumTiles: 1,
    declarations: '',
    locate: (tileRow, tileColumn) =>
      `let row = ${tileRow} * ${tile.rows}u; let column = ${tileColumn} * ${tile.vectors}u;`,
    declareSums: () => eachSum(tile, (i, j) => `var s${i}_${j} = vec4f();`),
    accumulate: (product) => accumulate(tile, product),
    eachVector: (text) =>
      eachSum(
        tile,
        (i, j) =>
          `{ let r = row + ${i}u; let c = column + ${j}u; var v = s${i}_${j}; ${guarded(extent, tile, text)} }\n`,
      ),
    sumRows: (operand, rows, store) => sumRows(tile, operand, rows, store),
  };
}

function accumulate(tile: Extent, product: Product): string {
  switch (product.form) {
    case 'NT':
      return accumulateNT(tile, product);
    case 'NN':
      return accumulateNN(tile, product);
    case 'TN':
      return accumulateTN(tile, product);
    default:
      return product.form satisfies never;
  }
}

function accumulateNT(tile: Extent, { depth, a, b }: Product): string {
  const loads = [
    ...range(tile.rows).map((i) => `let x${i} = ${load(a, `a0 + ${i * a.stride}u + k`)};`),
    ...range(tile.vectors).map((j) =>
      loadBlock(b, {
        names: range(4).map((q) => `y${4 * j + q}`),
        indices: range(4).map((q) => `b0 + ${(4 * j + q) * b.stride}u + k`),
        row: `column + ${j}u`,
        vector: 'k',
      }),
    ),
  ];
  const dots = (i: number, j: number) => range(4).map((q) => `dot(x${i}, y${4 * j + q})`);
  const sums = eachSum(tile, (i, j) => `s${i}_${j} += vec4f(${dots(i, j).join(', ')});`);
  return `{
    let a0 = ${a.offset} + row * ${a.stride}u; let b0 = ${b.offset} + column * ${4 * b.stride}u;
    for (var k = 0u; k < ${depth}u; k++) { ${loads.join(' ')} ${sums} }
  }`;
}

function accumulateNN(tile: Extent, { depth, a, b }: Product): string {
  const loads = [
    ...range(tile.rows).map((i) => `let x${i} = ${load(a, `a0 + ${i * a.stride}u + k`)};`),
    ...range(tile.vectors).map((j) =>
      loadBlock(b, {
        names: range(4).map((q) => `y${q}_${j}`),
        indices: range(4).map((q) => `b0 + ${q * b.stride + j}u`),
        row: 'k',
        vector: `column + ${j}u`,
      }),
    ),
  ];
  const sums = eachSum(tile, (i, j) => {
    const chain = range(4).reduce((sum, q) => `fma(vec4f(x${i}.${COMPONENTS[q]}), y${q}_${j}, ${sum})`, `s${i}_${j}`);
    return `s${i}_${j} = ${chain};`;
  });
  return `{
    let a0 = ${a.offset} + row * ${a.stride}u; var b0 = ${b.offset} + column;
    for (var k = 0u; k < ${depth}u; k++) { ${loads.join(' ')} ${sums} b0 += ${4 * b.stride}u; }
  }`;
}

/** Rows summed per turn of the loop; 4 was 1.7× faster than 1 on SwiftShader. */
const UNROLL = 4;

function accumulateTN(tile: Extent, { depth, a, b }: Product): string {
  const turn = (q: number) => {
    const loads = [
      ...range(tile.rows / 4).map((h) => `let x${h} = ${load(a, `a0 + ${q * a.stride + h}u`)};`),
      ...range(tile.vectors).map((j) => `let y${j} = ${load(b, `b0 + ${q * b.stride + j}u`)};`),
    ];
    const factor = (i: number) => `vec4f(x${i >> 2}.${COMPONENTS[i & 3]})`;
    return `{ ${loads.join(' ')} ${eachSum(tile, (i, j) => `s${i}_${j} = fma(${factor(i)}, y${j}, s${i}_${j});`)} }`;
  };
  const loop = (turns: number, unroll: number) =>
    turns === 0
      ? ''
      : `for (var k = 0u; k < ${turns}u; k++) { ${range(unroll).map(turn).join(' ')}
        a0 += ${unroll * a.stride}u; b0 += ${unroll * b.stride}u; }`;
  return `{
    var a0 = ${a.offset} + row / 4u; var b0 = ${b.offset} + column;
    ${loop(Math.floor(depth / UNROLL), UNROLL)} ${loop(depth % UNROLL, 1)}
  }`;
}

/** As many columns as the tile has rows: this is the bias beside a product whose rows they are. */
function sumRows(tile: Extent, operand: Operand, rows: number, store: (column: string, sum: string) => string): string {
  const parts = range(tile.rows / 4);
  return `
    ${parts.map((part) => `var b${part} = vec4f();`).join(' ')}
    var at = ${operand.offset} + row / 4u;
    for (var k = 0u; k < ${rows}u; k++) {
      ${parts.map((part) => `b${part} += ${load(operand, `at + ${part}u`)};`).join(' ')} at += ${operand.stride}u;
    }
    ${parts.map((part) => store(`(row / 4u + ${part}u)`, `b${part}`)).join('\n')}`;
}

function eachSum(tile: Extent, text: (i: number, j: number) => string): string {
  return range(tile.rows)
    .flatMap((i) => range(tile.vectors).map((j) => text(i, j)))
    .join(' ');
}
