// Who reduces a row of vectors, as softmax and LayerNorm do. On software adapters a thread alone; on GPUs as many threads
// as read it in one go, which meet through shared memory or within a subgroup.
import type { KernelOptions } from '../shader.ts';
import type { Tier } from '../tier.ts';

export interface RowTeam {
  readonly launch: Pick<KernelOptions, 'threads' | 'workgroupSize' | 'usesSubgroups'>;
  readonly declarations: string;
  /** Runs `text` for every row; its number is `row`. */
  eachRow(text: string): string;
  /** Within `eachRow`: runs `text` for every vector of the row; its number within the row is `i`. */
  eachVector(text: string): string;
  /** Within `eachRow`: runs `text` in one thread of the row. */
  once(text: string): string;
  /** The sum, or the largest, of all components that the row's threads hold in their `vector`s. */
  sum(vector: string): string;
  largest(vector: string): string;
}

export function rowTeam(extent: { readonly rows: number; readonly vectors: number }, tier: Tier): RowTeam {
  const { rows, vectors } = extent;
  switch (tier.rows.kind) {
    case 'thread':
      return threadPerRow(rows, vectors);
    case 'workgroup':
      return threadsOfWorkgroup(rows, vectors);
    case 'subgroup':
      return subgroupPerRow(rows, vectors, tier.rows.fewestLanes);
    default:
      return tier.rows satisfies never;
  }
}

const WITHIN = `
fn sumWithin(v: vec4f) -> f32 { return v.x + v.y + v.z + v.w; }
fn largestWithin(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }`;

function threadPerRow(rows: number, vectors: number): RowTeam {
  return {
    launch: { threads: rows, workgroupSize: 32 },
    declarations: WITHIN,
    eachRow: (text) => `let row = id; ${text}`,
    eachVector: (text) => `for (var i = 0u; i < ${vectors}u; i++) { ${text} }`,
    once: (text) => text,
    sum: (vector) => `sumWithin(${vector})`,
    largest: (vector) => `largestWithin(${vector})`,
  };
}

const WORKGROUP = 64;

/** A power of two of threads, halved at each barrier; a workgroup has one row, or several short ones. */
function threadsOfWorkgroup(rows: number, vectors: number): RowTeam {
  const width = Math.min(WORKGROUP, Math.max(2, 2 ** Math.ceil(Math.log2(vectors))));
  const rowsOfGroup = WORKGROUP / width;
  const meet = (name: string, within: string, both: string) => `
fn ${name}(lane: u32, v: vec4f) -> f32 {
  meeting[lane] = ${within}(v);
  for (var reach = ${width / 2}u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane % ${width}u < reach) { let a = meeting[lane]; let b = meeting[lane + reach]; meeting[lane] = ${both}; }
  }
  workgroupBarrier();
  let result = meeting[lane - lane % ${width}u];
  workgroupBarrier();
  return result;
}`;
  return {
    launch: { threads: Math.ceil(rows / rowsOfGroup) * WORKGROUP, workgroupSize: WORKGROUP },
    declarations: `${WITHIN}
var<workgroup> meeting: array<f32, ${WORKGROUP}>;
${meet('sumOfRow', 'sumWithin', 'a + b')}${meet('largestOfRow', 'largestWithin', 'max(a, b)')}`,
    eachRow: (text) => `
      let row = id / ${width}u;
      let end = select(0u, ${vectors}u, row < ${rows}u);
      ${text}`,
    eachVector: (text) => `for (var i = lane % ${width}u; i < end; i += ${width}u) { ${text} }`,
    once: (text) => `if (lane % ${width}u == 0u && end > 0u) { ${text} }`,
    sum: (vector) => `sumOfRow(lane, ${vector})`,
    largest: (vector) => `largestOfRow(lane, ${vector})`,
  };
}

/** A multiple of every subgroup size. */
const THREADS = 128;

/** As many rows per workgroup as there can be subgroups in it; where they are larger, each takes rows in turn. */
function subgroupPerRow(rows: number, vectors: number, fewestLanes: number): RowTeam {
  const rowsOfGroup = THREADS / fewestLanes;
  return {
    launch: { threads: Math.ceil(rows / rowsOfGroup) * THREADS, workgroupSize: THREADS, usesSubgroups: true },
    declarations: WITHIN,
    eachRow: (text) => `
      for (var turn = 0u; turn < ${rowsOfGroup}u; turn += ${THREADS}u / subgroupSize) {
        let row = group * ${rowsOfGroup}u + turn + subgroup;
        let end = select(0u, ${vectors}u, row < min(${rows}u, (group + 1u) * ${rowsOfGroup}u));
        ${text}
      }`,
    eachVector: (text) => `for (var i = place; i < end; i += subgroupSize) { ${text} }`,
    once: (text) => `if (place == 0u && end > 0u) { ${text} }`,
    sum: (vector) => `subgroupAdd(sumWithin(${vector}))`,
    largest: (vector) => `subgroupMax(largestWithin(${vector}))`,
  };
}
