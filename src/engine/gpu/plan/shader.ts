// A compute shader from named bindings and a body, and the dispatch that runs it. Inside a body, `id` counts threads,
// `lane` threads within a workgroup and `group` workgroups. Matrices are reached through accessors, so that a body does
// not depend on how their numbers are stored: `load_x(i)` is the i-th vector of four of `x`, `store_x(i, v)` sets it.
import type { Format, Matrix, View } from './storage.ts';

export interface Binding {
  readonly view: View;
  readonly access: 'read' | 'read_write' | 'uniform';
  readonly type: string;
  /** Of a matrix, which has accessors. */
  readonly format?: Format;
}

/** One dispatch, its buffers not yet bound. */
export interface Command {
  readonly label: string;
  readonly code: string;
  readonly workgroups: readonly [number, number];
  readonly bindings: readonly Binding[];
}

export const read = (view: View, element = 'vec4f'): Binding => ({ view, access: 'read', type: `array<${element}>` });
export const write = (view: View, element = 'vec4f'): Binding => ({
  view,
  access: 'read_write',
  type: `array<${element}>`,
});

type Stored = Pick<Matrix, 'view' | 'format'>;
export const readMatrix = ({ view, format }: Stored): Binding => ({
  view,
  access: 'read',
  type: ARRAYS[format],
  format,
});
export const writeMatrix = ({ view, format }: Stored): Binding => ({
  view,
  access: 'read_write',
  type: ARRAYS[format],
  format,
});
export const uniform = (view: View, type: string): Binding => ({ view, access: 'uniform', type });

const ARRAYS: Readonly<Record<Format, string>> = { f32: 'array<vec4f>', f16: 'array<vec2u>' };

export interface KernelOptions {
  readonly label: string;
  /** Threads that have work; the rest of the last workgroup leaves at once. */
  readonly threads: number;
  readonly workgroupSize?: number;
  /** Adds to the body's scope `subgroupSize`, `place` (of a lane in its subgroup) and `subgroup` (its number). */
  readonly usesSubgroups?: boolean;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly declarations?: string;
  readonly body: string;
}

const MAX_WORKGROUPS_PER_AXIS = 32768;

export function kernel(o: KernelOptions): Command {
  const { label, threads, workgroupSize = 64, usesSubgroups = false, bindings, declarations = '', body } = o;
  const groups = Math.ceil(threads / workgroupSize);
  const width = Math.min(groups, MAX_WORKGROUPS_PER_AXIS);
  const code = `${usesSubgroups ? SUBGROUPS : ''}${declareBindings(bindings)}
${declarations}
@compute @workgroup_size(${workgroupSize})
fn main(
  ${usesSubgroups ? LANE_OF_SUBGROUP : LANE}
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let group = workgroup.x + workgroup.y * workgroups.x;
  if (group >= ${groups}u) { return; }
  ${usesSubgroups ? NUMBER_LANES : ''}
  let id = group * ${workgroupSize}u + lane;
  ${threads % workgroupSize === 0 ? '' : `if (id >= ${threads}u) { return; }`}
  ${body}
}`;
  return { label, code, workgroups: [width, Math.ceil(groups / width)], bindings: Object.values(bindings) };
}

/** Which lanes talk follows from `lane`; the analysis of flow cannot tell that all of them come there. */
const SUBGROUPS = 'enable subgroups; diagnostic(off, subgroup_uniformity);\n';

const LANE = '@builtin(local_invocation_index) lane: u32,';
const LANE_OF_SUBGROUP =
  '@builtin(subgroup_size) subgroupSize: u32, @builtin(subgroup_id) subgroup: u32, @builtin(subgroup_invocation_id) place: u32,';
/** WGSL does not say which threads form a subgroup, so lanes are numbered after them: one subgroup follows on another. */
const NUMBER_LANES = 'let lane = subgroup * subgroupSize + place;';

function declareBindings(bindings: Readonly<Record<string, Binding>>): string {
  return Object.entries(bindings)
    .map(([name, binding], index) => {
      const { access, type, format } = binding;
      const space = access === 'uniform' ? 'uniform' : `storage, ${access}`;
      const variable = `@group(0) @binding(${index}) var<${space}> ${name}: ${type};`;
      return format ? `${variable}${accessors(name, format, access)}` : variable;
    })
    .join('\n');
}

/** Halves are packed by core WGSL, so no adapter has to offer `shader-f16`; sums are in f32 either way. */
function accessors(name: string, format: Format, access: Binding['access']): string {
  const isHalf = format === 'f16';
  const loaded = isHalf ? 'vec4f(unpack2x16float(n.x), unpack2x16float(n.y))' : 'n';
  const stored = isHalf ? 'vec2u(pack2x16float(v.xy), pack2x16float(v.zw))' : 'v';
  const load = `\nfn load_${name}(i: u32) -> vec4f { let n = ${name}[i]; return ${loaded}; }`;
  const store = `\nfn store_${name}(i: u32, v: vec4f) { ${name}[i] = ${stored}; }`;
  return access === 'read_write' ? load + store : load;
}

/** What changes from step to step and is not a feed; its words are written by `StepUpload`. */
export const STEP = /* wgsl */ `
struct Step {
  seed: u32, // already mixed once
  adds: u32, // 1 when gradients and terms add to those of earlier micro-batches
  share: f32,
}`;
