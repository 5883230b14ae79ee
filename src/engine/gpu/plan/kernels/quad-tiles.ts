// Register tiles for software adapters whose subgroups have just four lanes. Loads are what costs there (a vector of
// four is sixteen checked scalars), so four lanes with tiles side by side read their common rows of the left operand
// together: each loads a quarter and broadcasts it. 9.0–10.1 GFLOP/s on SwiftShader, where a thread alone gets 7.3–7.9.
import { guarded, load, loadBlock, type Operand, type Product, type Result, range, type Tiling } from './product.ts';

const LANES = 4;
const TILE = { rows: 16, vectors: 1 } as const;
const QUAD = { rows: TILE.rows, vectors: LANES * TILE.vectors } as const;
const COMPONENTS = ['x', 'y', 'z', 'w'] as const;

/** Smaller results would leave most lanes idle. */
export const fitsQuads = ({ rows, vectors }: Result): boolean => rows >= TILE.rows && vectors >= LANES;

export function quadTiling(result: Result): Tiling {
  const across = Math.ceil(result.vectors / LANES) * LANES; // all four lanes have the same rows
  const down = Math.ceil(result.rows / TILE.rows);
  return {
    across,
    down,
    unit: 'id',
    threadsPerTile: 1,
    workgroupSize: workgroupSizeFor(result.copies * across * down),
    usesSubgroups: true,
    sumTiles: LANES,
    declarations: '',
    locate: (tileRow, tileColumn) => `
      let row = ${tileRow} * ${TILE.rows}u; let column = ${tileColumn}; let quarter = lane % ${LANES}u;`,
    declareSums: () => eachRow((i) => `var s${i} = vec4f();`),
    accumulate: (product) => accumulate(product),
    eachVector: (text) =>
      eachRow((i) => `{ let r = row + ${i}u; let c = column; var v = s${i}; ${guarded(result, QUAD, text)} }\n`),
    sumRows: (operand, length, store) => sumRows(result, { operand, length, store }),
  };
}

/** Workgroups are what processors share out: few tiles go to several small ones. */
function workgroupSizeFor(tiles: number): number {
  let size = 64;
  while (size > LANES && tiles / size < 8) size /= 2;
  return size;
}

function accumulate(product: Product): string {
  switch (product.form) {
    case 'NT':
      return accumulateNT(product);
    case 'NN':
      return accumulateNN(product);
    case 'TN':
      return accumulateTN(product);
    default:
      return product.form satisfies never;
  }
}

/** One step of the tile's rows of `a`: each lane reads every fourth. */
function shareRows(a: Operand): string {
  const own = range(TILE.rows / LANES).map(
    (q) => `let own${q} = ${load(a, `a0 + (${LANES * q}u + quarter) * ${a.stride}u + k`)};`,
  );
  return own.join(' ') + eachRow((i) => `let x${i} = subgroupBroadcast(own${i >> 2}, ${i & 3}u);`);
}

function accumulateNT({ depth, a, b }: Product): string {
  const block = loadBlock(b, {
    names: range(4).map((q) => `y${q}`),
    indices: range(4).map((q) => `b0 + ${q * b.stride}u + k`),
    row: 'column',
    vector: 'k',
  });
  const dots = (i: number) => range(4).map((q) => `dot(x${i}, y${q})`);
  return `{
    let a0 = ${a.offset} + row * ${a.stride}u; let b0 = ${b.offset} + column * ${4 * b.stride}u;
    for (var k = 0u; k < ${depth}u; k++) { ${shareRows(a)} ${block} ${eachRow((i) => `s${i} += vec4f(${dots(i)});`)} }
  }`;
}

function accumulateNN({ depth, a, b }: Product): string {
  const block = loadBlock(b, {
    names: range(4).map((q) => `y${q}`),
    indices: range(4).map((q) => `b0 + ${q * b.stride}u`),
    row: 'k',
    vector: 'column',
    masking: 'selected',
  });
  const chain = (i: number) =>
    range(4).reduce((sum, q) => `fma(vec4f(x${i}.${COMPONENTS[q]}), y${q}, ${sum})`, `s${i}`);
  return `{
    let a0 = ${a.offset} + row * ${a.stride}u; var b0 = ${b.offset} + column;
    for (var k = 0u; k < ${depth}u; k++) {
      ${shareRows(a)} ${block} ${eachRow((i) => `s${i} = ${chain(i)};`)} b0 += ${4 * b.stride}u;
    }
  }`;
}

/** Rows summed per turn of the loop. */
const UNROLL = 4;

function accumulateTN({ depth, a, b }: Product): string {
  const turn = (q: number) => `{
    let own = ${load(a, `a0 + ${q * a.stride}u`)}; let y = ${load(b, `b0 + ${q * b.stride}u`)};
    ${range(4)
      .map((v) => `let x${v} = subgroupBroadcast(own, ${v}u);`)
      .join(' ')}
    ${eachRow((i) => `s${i} = fma(vec4f(x${i >> 2}.${COMPONENTS[i & 3]}), y, s${i});`)} }`;
  const loop = (turns: number, unroll: number) =>
    turns === 0
      ? ''
      : `for (var k = 0u; k < ${turns}u; k++) { ${range(unroll).map(turn).join(' ')}
        a0 += ${unroll * a.stride}u; b0 += ${unroll * b.stride}u; }`;
  return `{
    var a0 = ${a.offset} + row / 4u + quarter; var b0 = ${b.offset} + column;
    ${loop(Math.floor(depth / UNROLL), UNROLL)} ${loop(depth % UNROLL, 1)}
  }`;
}

/** A vector of columns for each lane. */
function sumRows(
  { rows }: Result,
  o: {
    readonly operand: Operand;
    readonly length: number;
    readonly store: (column: string, sum: string) => string;
  },
): string {
  return `
    let vector = row / 4u + quarter;
    if (vector < ${rows / 4}u) {
      var sum = vec4f();
      for (var k = 0u; k < ${o.length}u; k++) {
        sum += ${load(o.operand, `${o.operand.offset} + k * ${o.operand.stride}u + vector`)};
      }
      ${o.store('vector', 'sum')}
    }`;
}

const eachRow = (text: (i: number) => string): string => range(TILE.rows).map(text).join(' ');
