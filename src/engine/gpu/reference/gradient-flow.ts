// Gradients on their way back through a graph.
import * as tf from '@tensorflow/tfjs-core';
import type { Operation, Value } from '../graph.ts';

/** Only what leads to a trainable parameter is followed. */
export class GradientFlow {
  readonly parameterGradients = new Map<string, tf.Tensor>();
  private readonly pending = new Map<Operation, tf.Tensor>();
  private readonly reachable = new Map<Value, boolean>();

  constructor(
    private readonly differentiated: ReadonlySet<Value>,
    private readonly trainable: ReadonlySet<string>,
  ) {}

  reaches(value: Value): boolean {
    if (value.kind === 'parameter') return this.trainable.has(value.name);
    if (value.kind === 'feed' || value.op === 'globalCut' || !this.differentiated.has(value)) return false;
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
    else if (value.kind === 'parameter') addTo(this.parameterGradients, value.name, gradient);
    else if (value.kind === 'operation') addTo(this.pending, value, gradient);
  }

  has(operation: Operation): boolean {
    return this.pending.has(operation);
  }

  take(operation: Operation): tf.Tensor | undefined {
    const gradient = this.pending.get(operation);
    this.pending.delete(operation);
    return gradient;
  }
}

function addTo<K>(map: Map<K, tf.Tensor>, key: K, gradient: tf.Tensor): void {
  const known = map.get(key);
  map.set(key, known ? tf.add(known, gradient) : gradient);
  if (known) tf.dispose([known, gradient]);
}
