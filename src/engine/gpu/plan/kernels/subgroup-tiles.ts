// Tiles without shared memory whose lanes share an operand: threads side by side need the same rows of the left
// operand, so each loads another step of them and all shuffle what they hold. Right for subgroups of any size: what a
// thread does follows from its `lane`, and lanes of one subgroup follow on each other (`shader.ts`).
import {
  COMPONENTS,
  type Extent,
  fillsGpu,
  guarded,
  load,
  loadBlock,
  type Operand,
  type Product,
  type Result,
  range,
  type Tiling,
} from './product.ts';

/** Threads side by side, each with one vector of the result. */
const ACROSS = 16;
/** A multiple of every subgroup size, so that no subgroup has lanes without a thread. */
const THREADS = 128;
const DOWN = THREADS / ACROSS;

export function subgroupTiling(result: Result): Tiling {
  const rows = fillsGpu(result, { rows: 8 * DOWN, vectors: ACROSS }) ? 8 : 4;
  const tile = { rows: DOWN * rows, vectors: ACROSS };
  return {
    across: Math.ceil(result.vectors / tile.vectors),
    down: Math.ceil(result.rows / tile.rows),
    unit: 'group',
    threadsPerTile: THREADS,
    workgroupSize: THREADS,
    usesSubgroups: true,
    sumTiles: 1,
    declarations: '',
    locate: (tileRow, tileColumn) => `
      let firstRow = ${tileRow} * ${tile.rows}u;
      let row = firstRow + lane / ${ACROSS}u * ${rows}u; let column = ${tileColumn} * ${ACROSS}u + lane % ${ACROSS}u;
      let sharing = min(subgroupSize, ${ACROSS}u);
      let mine = place % sharing; let leader = place - mine;`,
    declareSums: () =>
      range(rows)
        .map((i) => `var s${i} = vec4f();`)
        .join(' '),
    accumulate: (product) => accumulate(rows, product),
    eachVector: (text) =>
      range(rows)
        .map((i) => `{ let r = row + ${i}u; let c = column; var v = s${i}; ${guarded(result, tile, text)} }\n`)
        .join(' '),
    sumRows: (operand, length, store) => sumRows(tile, result, { operand, length, store }),
  };
}

/** Lanes load as many steps as there are lanes that share, then all walk through them together. */
function accumulate(rows: number, product: Product): string {
  const { form, depth, a, b } = product;
  const isTurned = form === 'TN';
  const held = range(isTurned ? rows / 4 : rows);
  const unroll = isTurned && depth % 4 === 0 ? 4 : 1; // a subgroup has at least four lanes
  const at = (i: number) => (isTurned ? `a0 + k0 * ${a.stride}u + ${i}u` : `a0 + ${i * a.stride}u + k0`);
  return `{
    let a0 = ${a.offset} + ${isTurned ? `mine * ${a.stride}u + row / 4u` : `row * ${a.stride}u + mine`};
    let b0 = ${b.offset} + column${form === 'NT' ? ` * ${4 * b.stride}u` : ''};
    for (var k0 = 0u; k0 < ${depth}u; k0 += sharing) {
      ${held.map((i) => `let held${i} = ${load(a, at(i))};`).join(' ')}
      let steps = min(sharing, ${depth}u - k0);
      for (var n = 0u; n < steps; n += ${unroll}u) {
        ${range(unroll)
          .map((m) => `{ let lender = leader + n + ${m}u; let k = k0 + n + ${m}u; ${step(rows, product)} }`)
          .join(' ')}
      }
    }
  }`;
}

function step(rows: number, { form, b }: Product): string {
  const shared = (i: number) => `let x${i} = subgroupShuffle(held${i}, lender);`;
  const sums = (text: (i: number) => string) =>
    range(rows)
      .map((i) => text(i))
      .join(' ');
  const block = (index: (q: number) => string, place: { readonly row: string; readonly vector: string }) =>
    loadBlock(b, { names: range(4).map((q) => `y${q}`), indices: range(4).map(index), ...place });
  switch (form) {
    case 'NT':
      return `${block((q) => `b0 + ${q * b.stride}u + k`, { row: 'column', vector: 'k' })}
        ${sums(
          (i) =>
            `${shared(i)} s${i} += vec4f(${range(4)
              .map((q) => `dot(x${i}, y${q})`)
              .join(', ')});`,
        )}`;
    case 'NN':
      return `${block((q) => `b0 + (4u * k + ${q}u) * ${b.stride}u`, { row: 'k', vector: 'column' })}
        ${sums((i) => {
          const chain = range(4).reduce((sum, q) => `fma(vec4f(x${i}.${COMPONENTS[q]}), y${q}, ${sum})`, `s${i}`);
          return `${shared(i)} s${i} = ${chain};`;
        })}`;
    case 'TN':
      return `let y = ${load(b, `b0 + k * ${b.stride}u`)}; ${range(rows / 4)
        .map(shared)
        .join(' ')}
        ${sums((i) => `s${i} = fma(vec4f(x${i >> 2}.${COMPONENTS[i & 3]}), y, s${i});`)}`;
    default:
      return form satisfies never;
  }
}

/** Each subgroup takes columns in turn; its lanes take every so many rows. */
function sumRows(
  tile: Extent,
  extent: Extent,
  o: {
    readonly operand: Operand;
    readonly length: number;
    readonly store: (column: string, sum: string) => string;
  },
): string {
  return `
    for (var n = 0u; n < ${tile.rows / 4}u * subgroupSize; n += ${THREADS}u) {
      let vector = firstRow / 4u + n / subgroupSize + subgroup;
      var sum = vec4f();
      for (var k = place; k < ${o.length}u; k += subgroupSize) {
        sum += ${load(o.operand, `${o.operand.offset} + k * ${o.operand.stride}u + vector`)};
      }
      let total = subgroupAdd(sum);
      if (place == 0u && vector < min(firstRow / 4u + ${tile.rows / 4}u, ${extent.rows / 4}u)) {
        ${o.store('vector', 'total')}
      }
    }`;
}
