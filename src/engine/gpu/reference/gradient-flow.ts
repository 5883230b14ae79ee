// Gradients on their way back through a graph.
import * as tf from '@tensorflow/tfjs-core';
import type { Operation, Value } from '../graph.ts';

export interface GradientFlowOptions {
  /** Operations that gradients flow through. */
  readonly differentiated: ReadonlySet<Value>;
  readonly trainable: ReadonlySet<string>;
  /** Where gradients of parameters are added, at once: kept apart until the end they would take their bytes twice. */
  readonly parameterGradients: Map<string, tf.Tensor>;
  /** Called while a sum and its summands are held. */
  readonly onAllocated: () => void;
}

/** Only what leads to a trainable parameter is followed. */
export class GradientFlow {
  private readonly pending = new Map<Operation, tf.Tensor>();
  private readonly reachable = new Map<Value, boolean>();

  constructor(private readonly options: GradientFlowOptions) {}

  reaches(value: Value): boolean {
    if (value.kind === 'parameter') return this.options.trainable.has(value.name);
    if (value.kind === 'feed' || isConstant(value) || !this.options.differentiated.has(value)) return false;
    let known = this.reachable.get(value);
    if (known === undefined) {
      known = value.inputs.some((input) => this.reaches(input));
      this.reachable.set(value, known);
    }
    return known;
  }

  /** Takes ownership of `gradient`. */
  add(value: Value, gradient: tf.Tensor): void {
    if (!this.reaches(value)) gradient.dispose();
    else if (value.kind === 'parameter') this.addTo(this.options.parameterGradients, value.name, gradient);
    else if (value.kind === 'operation') this.addTo(this.pending, value, gradient);
  }

  has(operation: Operation): boolean {
    return this.pending.has(operation);
  }

  take(operation: Operation): tf.Tensor | undefined {
    const gradient = this.pending.get(operation);
    this.pending.delete(operation);
    return gradient;
  }

  private addTo<K>(map: Map<K, tf.Tensor>, key: K, gradient: tf.Tensor): void {
    const known = map.get(key);
    map.set(key, known ? tf.add(known, gradient) : gradient);
    if (!known) return;
    this.options.onAllocated();
    tf.dispose([known, gradient]);
  }
}

/** A cut-off, or a mask that weights alone decide: neither has a derivative. */
const isConstant = (operation: Operation): boolean =>
  operation.op === 'globalCut' || (operation.op === 'mask' && operation.attributes.method === 'magnitude');
