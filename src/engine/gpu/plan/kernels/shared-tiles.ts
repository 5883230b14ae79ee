// Tiles in shared memory: a workgroup reads a slice of both operands once, each thread sums a part of the tile.
// Slices lie with the summed dimension outermost, so every form of product has the same inner loop. A part is spread
// over the tile in fours, so that threads side by side read vectors side by side, from the slices as from memory.
import type { Tiles } from '../tier.ts';
import {
  COMPONENTS,
  type Extent,
  fillsGpu,
  guarded,
  load,
  loadBlock,
  loadPlace,
  type Operand,
  type Product,
  type Result,
  range,
  type Tiling,
} from './product.ts';

/** Steps along the summed dimension that one group of threads takes between barriers. */
const STEPS = 16;

interface Tile extends Extent {
  /** Of one thread; its rows are a multiple of four. */
  readonly part: Extent;
  /** Groups of threads that split the summed dimension between them. */
  readonly shares: number;
}

const SMALL = { rows: 32, vectors: 8, part: { rows: 4, vectors: 1 } };
const SHARES = 4; // so that a thread of each share ends with one of the part's four rows

const threadsAcross = ({ vectors, part }: Tile): number => vectors / part.vectors;
const threadsDown = ({ rows, part }: Tile): number => rows / part.rows;
const threadsOfShare = (tile: Tile): number => threadsAcross(tile) * threadsDown(tile);

/** The large tile if the result still fills the GPU; else small ones, and if that is too few, shares of the depth. */
function tileFor(result: Result, large: Extent & { readonly part: Extent }): Tile {
  if (fillsGpu(result, large)) return { ...large, shares: 1 };
  const isDeep = result.depth >= 2 * SHARES * STEPS;
  return { ...SMALL, shares: isDeep && !fillsGpu(result, SMALL) ? SHARES : 1 };
}

export function sharedTiling(result: Result, { rows, columns, part }: Extract<Tiles, { kind: 'shared' }>): Tiling {
  const tile = tileFor(result, {
    rows,
    vectors: columns / 4,
    part: { rows: part.rows, vectors: part.columns / 4 },
  });
  const threads = threadsOfShare(tile) * tile.shares;
  return {
    across: Math.ceil(result.vectors / tile.vectors),
    down: Math.ceil(result.rows / tile.rows),
    unit: 'group',
    threadsPerTile: threads,
    workgroupSize: threads,
    usesSubgroups: false,
    sumTiles: 1,
    declarations: `var<workgroup> slices: array<vec4f, ${STEPS * tile.shares * (tile.rows / 4 + tile.vectors)}>;`,
    locate: (tileRow, tileColumn) => `
      let firstRow = ${tileRow} * ${tile.rows}u; let firstColumn = ${tileColumn} * ${tile.vectors}u;
      ${tile.shares > 1 ? `let share = lane / ${threadsOfShare(tile)}u;` : 'const share = 0u;'}
      let place = lane % ${threadsOfShare(tile)}u;
      let down = place / ${threadsAcross(tile)}u; let across = place % ${threadsAcross(tile)}u;`,
    declareSums: () => eachSum(tile, (i, j) => `var s${i}_${j} = vec4f();`),
    accumulate: (product) => accumulate(tile, product),
    eachVector: (text) => (tile.shares > 1 ? eachOfShare : eachOfPart)(tile, result, text),
    sumRows: (operand, length, store) => sumRows(tile, result, { operand, length, store }),
  };
}

function eachSum({ part }: Tile, text: (i: number, j: number) => string): string {
  return range(part.rows)
    .flatMap((i) => range(part.vectors).map((j) => text(i, j)))
    .join(' ');
}

/** The row and column, within the tile, of a part's i-th row and j-th vector. */
const rowOf = (tile: Tile, i: number): string => `(down + ${(i >> 2) * threadsDown(tile)}u) * 4u + ${i & 3}u`;
const columnOf = (tile: Tile, j: number): string => `across + ${j * threadsAcross(tile)}u`;

const eachOfPart = (tile: Tile, extent: Extent, text: string): string =>
  eachSum(
    tile,
    (i, j) => `{ let r = firstRow + ${rowOf(tile, i)}; let c = firstColumn + ${columnOf(tile, j)};
      var v = s${i}_${j}; ${guarded(extent, tile, text)} }\n`,
  );

/** What the shares summed meets in shared memory; of a part's four rows every share finishes one. */
function eachOfShare(tile: Tile, extent: Extent, text: string): string {
  const threads = threadsOfShare(tile);
  const at = (row: string, share: string) => `slices[((${row}) * ${tile.shares}u + ${share}) * ${threads}u + place]`;
  const total = range(tile.shares).map((share) => at('share', `${share}u`));
  return `
    ${range(tile.part.rows)
      .map((i) => `${at(`${i}u`, 'share')} = s${i}_0;`)
      .join(' ')}
    workgroupBarrier();
    { let r = firstRow + down * 4u + share; let c = firstColumn + across;
      var v = ${total.join(' + ')}; ${guarded(extent, tile, text)} }`;
}

function accumulate(tile: Tile, { form, depth, a, b }: Product): string {
  const aVectors = tile.rows / 4;
  const slice = { tile, length: form === 'TN' ? depth : 4 * depth };
  const fillA = form === 'TN' ? fillAlong : fillAcross;
  const fillB = form === 'NT' ? fillAcross : fillAlong;
  const aFours = range(tile.part.rows / 4);
  const step = (n: number) => `{
    ${aFours.map((h) => `let x${h} = slices[a${h} + ${n * aVectors}u];`).join(' ')}
    ${range(tile.part.vectors)
      .map((j) => `let y${j} = slices[b${j} + ${n * tile.vectors}u];`)
      .join(' ')}
    ${eachSum(tile, (i, j) => `s${i}_${j} = fma(vec4f(x${i >> 2}.${COMPONENTS[i & 3]}), y${j}, s${i}_${j});`)} }`;
  return `
    for (var k0 = 0u; k0 < ${slice.length}u; k0 += ${STEPS * tile.shares}u) {
      ${fillA({ ...slice, operand: a, start: 0, vectors: aVectors, first: 'firstRow / 4u' })}
      ${fillB({ ...slice, operand: b, start: sliceB(tile), vectors: tile.vectors, first: 'firstColumn' })}
      workgroupBarrier();
      for (var n = 0u; n < ${STEPS / 4}u; n++) {
        let q = share * ${STEPS / 4}u + n;
        ${aFours.map((h) => `let a${h} = ${4 * aVectors}u * q + (${rotated(`down + ${h * threadsDown(tile)}u`)});`).join(' ')}
        ${range(tile.part.vectors)
          .map((j) => `let b${j} = ${sliceB(tile)}u + ${4 * tile.vectors}u * q + (${rotated(columnOf(tile, j))});`)
          .join(' ')}
        ${range(4).map(step).join(' ')}
      }
      workgroupBarrier();
    }`;
}

/** Where the second operand's slice begins. */
const sliceB = (tile: Tile): number => STEPS * tile.shares * (tile.rows / 4);

/** Where a slice keeps a vector in the steps 4q … 4q + 3: places change with q, so that `fillAcross` meets no bank conflicts. */
const rotated = (vector: string): string => `(${vector}) ^ (2u * (q & 3u))`;

interface Fill {
  readonly tile: Tile;
  readonly operand: Operand;
  /** Of the summed dimension; beyond it, slices are zero. */
  readonly length: number;
  /** Where the slice begins, and vectors in one step of it. */
  readonly start: number;
  readonly vectors: number;
  /** Where the tile begins in the operand: four rows for `fillAcross`, a vector column for `fillAlong`. */
  readonly first: string;
}

/** The operand's rows run along the summed dimension: vectors are copied as they lie. */
function fillAlong({ tile, operand, length, start, vectors, first }: Fill): string {
  const count = STEPS * tile.shares * vectors;
  const value = loadPlace(operand, { row: 'k0 + k', vector: `${first} + vector` });
  return eachTurn(
    tile,
    count,
    `let k = i / ${vectors}u; let vector = i % ${vectors}u; let q = k / 4u;
     slices[${start}u + k * ${vectors}u + (${rotated('vector')})] = select(vec4f(), ${value}, ${isWithin('k', tile, length)});`,
  );
}

/** The operand's columns run along the summed dimension: blocks of four rows by four columns are turned. */
function fillAcross({ tile, operand, length, start, vectors, first }: Fill): string {
  const quads = (STEPS * tile.shares) / 4;
  const rows = loadBlock(operand, {
    names: range(4).map((row) => `v${row}`),
    indices: range(4).map((row) => `at + ${row * operand.stride}u`),
    row: `${first} + vector`,
    vector: 'k0 / 4u + q',
  });
  return eachTurn(
    tile,
    quads * vectors,
    `let q = i % ${quads}u; let vector = i / ${quads}u;
     var block = mat4x4f();
     if (${isWithin('4u * q', tile, length)}) {
       let at = ${operand.offset} + (${first} + vector) * ${4 * operand.stride}u + k0 / 4u + q;
       ${rows}
       block = transpose(mat4x4f(v0, v1, v2, v3));
     }
     let to = ${start}u + ${4 * vectors}u * q + (${rotated('vector')});
     ${range(4)
       .map((k) => `slices[to + ${k * vectors}u] = block[${k}];`)
       .join(' ')}`,
  );
}

/** Whether a step of a slice is within the summed dimension. */
const isWithin = (step: string, { shares }: Tile, length: number): string =>
  length % (STEPS * shares) === 0 ? 'true' : `k0 + ${step} < ${length}u`;

/** Threads take turns at `count` pieces of work, `i` being the piece's number. */
function eachTurn(tile: Tile, count: number, text: string): string {
  return `for (var i = lane; i < ${count}u; i += ${threadsOfShare(tile) * tile.shares}u) { ${text} }`;
}

/** Threads of one column take every so many rows; their sums meet in shared memory. */
function sumRows(
  tile: Tile,
  extent: Extent,
  o: {
    readonly operand: Operand;
    readonly length: number;
    readonly store: (column: string, sum: string) => string;
  },
): string {
  const vectors = tile.rows / 4; // columns of the tile
  const strips = (threadsOfShare(tile) * tile.shares) / vectors;
  return `
    let vector = firstRow / 4u + lane % ${vectors}u;
    var sum = vec4f();
    for (var k = lane / ${vectors}u; k < ${o.length}u; k += ${strips}u) {
      sum += ${load(o.operand, `${o.operand.offset} + k * ${o.operand.stride}u + vector`)};
    }
    slices[lane] = sum;
    workgroupBarrier();
    if (lane < ${vectors}u && vector < ${extent.rows / 4}u) {
      var total = vec4f();
      for (var strip = 0u; strip < ${strips}u; strip++) { total += slices[strip * ${vectors}u + lane]; }
      ${o.store('vector', 'total')}
    }`;
}
