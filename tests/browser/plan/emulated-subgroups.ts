// Subgroups of any size in shared memory, so that kernels can be tested with sizes that the adapter does not have. Lanes
// of a subgroup are strewn over the workgroup: nothing in WGSL says that they are neighbours.
import type { Command } from '../../../src/engine/gpu/plan/shader.ts';

const BUILTINS = '@builtin(local_invocation_index) thread: u32,';

/** The same command with subgroups of `size` lanes. Works where all threads of a workgroup reach every exchange. */
export function withSubgroupsOf(size: number, command: Command): Command {
  const threads = Number(/@workgroup_size\((\d+)\)/.exec(command.code)?.[1]);
  if (!command.code.includes('enable subgroups;') || threads % size !== 0) {
    throw new Error(
      `emulated subgroups: expected a subgroup kernel of whole subgroups of ${size}, got ${threads} threads`,
    );
  }
  const count = threads / size;
  const code = command.code
    .replace(/^.*enable subgroups;.*/, declarations(threads, count, command.code.includes('subgroupAdd(sumWithin(')))
    .replace(/@builtin\(subgroup_size\).*@builtin\(subgroup_invocation_id\) place: u32,/, BUILTINS)
    .replace(
      /(fn main\([^{]*\{)/,
      `$1\n  emulatedThread = thread; let subgroupSize = ${size}u; let subgroup = thread % ${count}u; let place = thread / ${count}u;`,
    );
  return { ...command, code };
}

/** WGSL has no overloading: sums are either of floats or of vectors. */
function declarations(threads: number, count: number, sumsFloats: boolean): string {
  const lane = (place: string) => `(emulatedThread % ${count}u + (${place}) * ${count}u)`;
  return `
var<private> emulatedThread: u32;
var<workgroup> exchanged: array<vec4f, ${threads}>;
fn exchange(v: vec4f, place: u32) -> vec4f {
  workgroupBarrier();
  exchanged[emulatedThread] = v;
  workgroupBarrier();
  return exchanged[${lane('place')}];
}
fn reduceAdd(v: vec4f) -> vec4f {
  var sum = exchange(v, 0u);
  for (var place = 1u; place < ${threads / count}u; place++) { sum += exchanged[${lane('place')}]; }
  return sum;
}
fn reduceMax(v: vec4f) -> vec4f {
  var top = exchange(v, 0u);
  for (var place = 1u; place < ${threads / count}u; place++) { top = max(top, exchanged[${lane('place')}]); }
  return top;
}
fn subgroupShuffle(v: vec4f, place: u32) -> vec4f { return exchange(v, place); }
${sumsFloats ? 'fn subgroupAdd(v: f32) -> f32 { return reduceAdd(vec4f(v)).x; }' : 'fn subgroupAdd(v: vec4f) -> vec4f { return reduceAdd(v); }'}
fn subgroupMax(v: f32) -> f32 { return reduceMax(vec4f(v)).x; }
`;
}
