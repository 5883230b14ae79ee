// Gradients on their way back through a graph.
import * as tf from '@tensorflow/tfjs-core';
import type { Operation, Value } from '../graph.ts';
import { TensorUsers } from './tensor-users.ts';

export interface GradientFlowOptions {
  /** Whether a value leads to a trainable parameter (`reaching`). */
  readonly reaches: (value: Value) => boolean;
  /** Where gradients of parameters are added, at once: kept apart until the end they would take their bytes twice. */
  readonly parameterGradients: Map<string, tf.Tensor>;
  /** Called while a sum and its summands are held. */
  readonly onAllocated: () => void;
}

/** Only what leads to a trainable parameter is followed. */
export class GradientFlow {
  private readonly pending = new Map<Operation, tf.Tensor>();
  private readonly users = new TensorUsers();

  constructor(private readonly options: GradientFlowOptions) {}

  reaches(value: Value): boolean {
    return this.options.reaches(value);
  }

  /** Takes the gradients of an operation's inputs, which may share tensors; frees what nobody wants. */
  addAll(inputs: readonly Value[], gradients: readonly (tf.Tensor | null)[]): void {
    const made = new Set(gradients.filter((gradient) => gradient !== null));
    for (const gradient of made) this.users.hold(gradient);
    gradients.forEach((gradient, index) => {
      const input = inputs[index];
      if (gradient && input && this.reaches(input)) this.add(input, gradient);
    });
    for (const gradient of made) this.users.drop(gradient);
  }

  private add(value: Value, gradient: tf.Tensor): void {
    if (value.kind === 'parameter') this.addTo(this.options.parameterGradients, value.name, gradient);
    else if (value.kind === 'operation') this.addTo(this.pending, value, gradient);
  }

  has(operation: Operation): boolean {
    return this.pending.has(operation);
  }

  /** To be given to `release` in the end. */
  take(operation: Operation): tf.Tensor | undefined {
    const gradient = this.pending.get(operation);
    this.pending.delete(operation);
    return gradient;
  }

  release(gradient: tf.Tensor): void {
    this.users.drop(gradient);
  }

  private addTo<K>(map: Map<K, tf.Tensor>, key: K, gradient: tf.Tensor): void {
    const known = map.get(key);
    const sum = known ? tf.add(known, gradient) : gradient;
    this.users.hold(sum);
    map.set(key, sum);
    if (!known) return;
    this.options.onAllocated();
    this.users.drop(known);
  }
}
