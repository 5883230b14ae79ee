// Where gradients go in a graph that is run op by op.
import type { Operation, Value } from '../graph.ts';

/** Whether a value leads to a trainable parameter; `differentiated` are the operations that gradients flow through. */
export function reaching(
  differentiated: ReadonlySet<Value>,
  trainable: ReadonlySet<string>,
): (value: Value) => boolean {
  const known = new Map<Value, boolean>();
  const reaches = (value: Value): boolean => {
    if (value.kind === 'parameter') return trainable.has(value.name);
    if (value.kind === 'feed' || isConstant(value) || !differentiated.has(value)) return false;
    const found = known.get(value) ?? value.inputs.some(reaches);
    known.set(value, found);
    return found;
  };
  return reaches;
}

/** A cut-off, or a mask that weights alone decide: neither has a derivative. */
const isConstant = (operation: Operation): boolean =>
  operation.op === 'globalCut' || (operation.op === 'mask' && operation.attributes.method === 'magnitude');

/** How often each value is still to be read. */
export class Readers {
  private readonly left = new Map<Value, number>();

  constructor(order: readonly Operation[], outputs: readonly Value[]) {
    for (const value of [...outputs, ...order.flatMap(({ inputs }) => inputs)]) {
      this.left.set(value, (this.left.get(value) ?? 0) + 1);
    }
  }

  /** Notes that a value was read; true after its last reader. */
  finish(value: Value): boolean {
    const left = (this.left.get(value) ?? 0) - 1;
    this.left.set(value, left);
    return left === 0;
  }
}
