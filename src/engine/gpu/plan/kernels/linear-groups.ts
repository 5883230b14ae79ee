// Linear maps that read the same rows (query, key and value) are one dispatch each way.
import type { Operation, Value } from '../../graph.ts';
import type { OperationOf } from '../compilation.ts';

type Linear = OperationOf<'linear'>;

/** The group of every linear map, in graph order; a map alone is a group of one. */
export type LinearGroups = ReadonlyMap<Linear, readonly Linear[]>;

/** Most maps in one dispatch: their biases and offsets are bound together. */
const MAX_MEMBERS = 3;

export function groupLinears(order: readonly Operation[], wants: (value: Value) => boolean): LinearGroups {
  const open = new Map<Value, Linear[]>();
  const groups = new Map<Linear, Linear[]>();
  for (const operation of order) {
    if (operation.op !== 'linear') continue;
    const x = operation.inputs[0] as Value;
    const group = open.get(x);
    const joins = group !== undefined && group.length < MAX_MEMBERS && areAlike(group[0] as Linear, operation, wants);
    const joined = joins ? group : [];
    joined.push(operation);
    open.set(x, joined);
    groups.set(operation, joined);
  }
  return groups;
}

function areAlike(a: Linear, b: Linear, wants: (value: Value) => boolean): boolean {
  const [activationA, activationB] = [a.attributes.activation, b.attributes.activation];
  if (activationA !== 'none' || activationB !== 'none') return false;
  if (String(a.inputs[1]?.shape) !== String(b.inputs[1]?.shape)) return false;
  if (maskMethod(a) !== maskMethod(b)) return false;
  return a.inputs.every((input, index) => wants(input) === wants(b.inputs[index] as Value));
}

function maskMethod(operation: Linear): string {
  const mask = operation.inputs[3];
  return mask?.kind === 'operation' && mask.op === 'mask' ? mask.attributes.method : 'dense';
}
