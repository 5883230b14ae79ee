// Matrix products in register tiles, without shared memory or barriers: each thread sums a tile of `rows` rows by
// `vectors` vectors of four columns. This suits software adapters, where barriers are dear, and runs everywhere.
// Forms: NT  C = A Bᵀ, NN  C = A B, TN  C = Aᵀ B. Strides and offsets count vectors of four.

export interface Tile {
  readonly rows: number;
  readonly vectors: number;
}

export interface Operand {
  readonly name: string;
  readonly stride: number;
  /** WGSL expression of the operand's first vector. */
  readonly offset: string;
  /** Applied to every vector read. */
  readonly map?: (vector: string) => string;
}

export interface Product {
  readonly form: 'NT' | 'NN' | 'TN';
  /** Length of the summed dimension: in vectors for NT and NN, in rows for TN. */
  readonly depth: number;
  readonly a: Operand;
  readonly b: Operand;
}

const COMPONENTS = ['x', 'y', 'z', 'w'] as const;
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The largest tile that fits: wide tiles read less per product. */
export function tileOf(rows: number, vectors: number): Tile {
  return { rows: rows % 8 === 0 ? 8 : 4, vectors: vectors % 2 === 0 ? 2 : 1 };
}

export const tilesIn = (tile: Tile, rows: number, vectors: number): number =>
  Math.ceil(rows / tile.rows) * Math.ceil(vectors / tile.vectors);

/** Sets `row` and `column` (in vectors) of the tile that thread `t` sums. */
export function locateTile(tile: Tile, vectors: number, t: string): string {
  const across = Math.ceil(vectors / tile.vectors);
  return `let row = (${t} / ${across}u) * ${tile.rows}u; let column = (${t} % ${across}u) * ${tile.vectors}u;`;
}

export function declareSums(tile: Tile): string {
  return range(tile.rows)
    .flatMap((i) => range(tile.vectors).map((j) => `var s${i}_${j} = vec4f();`))
    .join(' ');
}

/** Adds a product to the sums. */
export function accumulate(tile: Tile, product: Product): string {
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

function load({ name, map = (vector) => vector }: Operand, index: string): string {
  return map(`${name}[${index}]`);
}

function accumulateNT(tile: Tile, { depth, a, b }: Product): string {
  const loads = [
    ...range(tile.rows).map((i) => `let x${i} = ${load(a, `a0 + ${i * a.stride}u + k`)};`),
    ...range(4 * tile.vectors).map((q) => `let y${q} = ${load(b, `b0 + ${q * b.stride}u + k`)};`),
  ];
  const dots = (i: number, j: number) => range(4).map((q) => `dot(x${i}, y${4 * j + q})`);
  const sums = eachSum(tile, (i, j) => `s${i}_${j} += vec4f(${dots(i, j).join(', ')});`);
  return `{
    let a0 = ${a.offset} + row * ${a.stride}u; let b0 = ${b.offset} + column * ${4 * b.stride}u;
    for (var k = 0u; k < ${depth}u; k++) { ${loads.join(' ')} ${sums} }
  }`;
}

function accumulateNN(tile: Tile, { depth, a, b }: Product): string {
  const loads = [
    ...range(tile.rows).map((i) => `let x${i} = ${load(a, `a0 + ${i * a.stride}u + k`)};`),
    ...range(4).flatMap((q) =>
      range(tile.vectors).map((j) => `let y${q}_${j} = ${load(b, `b0 + ${q * b.stride + j}u`)};`),
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

function accumulateTN(tile: Tile, { depth, a, b }: Product): string {
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

function eachSum(tile: Tile, text: (i: number, j: number) => string): string {
  return range(tile.rows)
    .flatMap((i) => range(tile.vectors).map((j) => text(i, j)))
    .join(' ');
}

/**
 * Runs `text` for every vector of the tile with `v` (the sum), `r` (its row) and `c` (its vector column) in scope;
 * rows and columns past the matrix are left out.
 */
export function eachVector(tile: Tile, extent: { rows: number; vectors: number }, text: string): string {
  const guards = [
    extent.rows % tile.rows === 0 ? [] : [`r < ${extent.rows}u`],
    extent.vectors % tile.vectors === 0 ? [] : [`c < ${extent.vectors}u`],
  ].flat();
  const guarded = guards.length > 0 ? `if (${guards.join(' && ')}) { ${text} }` : text;
  return eachSum(tile, (i, j) => `{ let r = row + ${i}u; let c = column + ${j}u; var v = s${i}_${j}; ${guarded} }\n`);
}
