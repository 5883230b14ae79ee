// A compute shader from named bindings and a body, and the dispatch that runs it. Inside a body, `id` counts threads,
// `lane` threads within a workgroup and `group` workgroups.
import type { View } from './storage.ts';

export interface Binding {
  readonly view: View;
  readonly access: 'read' | 'read_write' | 'uniform';
  readonly type: string;
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
export const uniform = (view: View, type: string): Binding => ({ view, access: 'uniform', type });

export interface KernelOptions {
  readonly label: string;
  /** Threads that have work; the rest of the last workgroup leaves at once. */
  readonly threads: number;
  readonly workgroupSize?: number;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly declarations?: string;
  readonly body: string;
}

const MAX_WORKGROUPS_PER_AXIS = 32768;

export function kernel(o: KernelOptions): Command {
  const { label, threads, workgroupSize = 64, bindings, declarations = '', body } = o;
  const groups = Math.ceil(threads / workgroupSize);
  const width = Math.min(groups, MAX_WORKGROUPS_PER_AXIS);
  const code = `${declareBindings(bindings)}
${declarations}
@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let group = workgroup.x + workgroup.y * workgroups.x;
  if (group >= ${groups}u) { return; }
  let id = group * ${workgroupSize}u + lane;
  ${threads % workgroupSize === 0 ? '' : `if (id >= ${threads}u) { return; }`}
  ${body}
}`;
  return { label, code, workgroups: [width, Math.ceil(groups / width)], bindings: Object.values(bindings) };
}

function declareBindings(bindings: Readonly<Record<string, Binding>>): string {
  return Object.entries(bindings)
    .map(([name, { access, type }], index) => {
      const space = access === 'uniform' ? 'uniform' : `storage, ${access}`;
      return `@group(0) @binding(${index}) var<${space}> ${name}: ${type};`;
    })
    .join('\n');
}

/** What changes from step to step and is not a feed; its words are written by `StepUpload`. */
export const STEP = /* wgsl */ `
struct Step {
  seed: u32, // already mixed once
  adds: u32, // 1 when gradients and terms add to those of earlier micro-batches
  share: f32,
}`;
