// The tensors of one pass, each owned here until it is freed: computed forward, read on the way back.
import * as tf from '@tensorflow/tfjs-core';
import type { FeedData, StepInputs } from '../executor.ts';
import type { Feed, Operation, Value } from '../graph.ts';
import type { Kernels } from '../kernels.ts';
import type { BackwardArguments, ForwardResult, ReferenceKernel } from './kernel.ts';
import { TensorUsers } from './tensor-users.ts';

type AnyKernel = ReferenceKernel<'linear'>; // the table's entries differ only in their attributes

export interface ForwardPassOptions {
  readonly kernels: Kernels['operations'];
  readonly parameterOf: (name: string) => tf.Tensor;
  readonly inputs: StepInputs;
  /** Called while everything that a kernel has made is held, before anything is freed. */
  readonly onAllocated: () => void;
}

export class ForwardPass {
  private readonly results = new Map<Operation, ForwardResult>();
  private readonly feeds = new Map<string, tf.Tensor>();
  private readonly hostFeeds = new Map<tf.Tensor, Int32Array>();
  private readonly users = new TensorUsers();

  constructor(private readonly options: ForwardPassOptions) {}

  tensorOf(value: Value): tf.Tensor {
    if (value.kind === 'parameter') return this.options.parameterOf(value.name);
    if (value.kind === 'feed') return this.feedOf(value);
    return this.resultOf(value).value;
  }

  has(operation: Operation): boolean {
    return this.results.has(operation);
  }

  /** Takes as an operation's value a tensor that outlives the pass. */
  borrow(operation: Operation, value: tf.Tensor): void {
    this.users.hold(value); // never given back, so never freed here
    this.set(operation, { value, saved: [] });
  }

  /** Gives an operation the very value of another. */
  share(operation: Operation, value: Value): void {
    const tensor = this.tensorOf(value);
    if (value.kind === 'operation') this.set(operation, { value: tensor, saved: [] });
    else this.borrow(operation, tensor);
  }

  run(operation: Operation): void {
    const kernel = this.kernelOf(operation);
    this.set(operation, kernel.forward(this.inputsOf(operation), operation.attributes as never, this.options.inputs));
    this.options.onAllocated();
  }

  /** One gradient per input; the same tensor may stand for several, or be the one given. */
  gradientsOf(operation: Operation, gradient: tf.Tensor, wanted: readonly boolean[]): (tf.Tensor | null)[] {
    const { value, saved } = this.resultOf(operation);
    const args: BackwardArguments<'linear'> = {
      gradient,
      inputs: this.inputsOf(operation),
      value,
      saved,
      attributes: operation.attributes as never,
      wanted,
      scalars: this.options.inputs,
      hostFeed: (input) => this.hostFeeds.get(input) ?? new Int32Array(0),
    };
    const gradients = this.kernelOf(operation).backward(args);
    this.options.onAllocated();
    return gradients;
  }

  /** Frees what only the way back would need. */
  freeSaved(operation: Operation): void {
    const result = this.results.get(operation);
    if (!result) return;
    for (const tensor of result.saved) this.users.drop(tensor);
    this.results.set(operation, { value: result.value, saved: [] });
  }

  free(operation: Operation): void {
    const result = this.results.get(operation);
    if (!result) return;
    for (const tensor of [result.value, ...result.saved]) this.users.drop(tensor);
    this.results.delete(operation);
  }

  dispose(): void {
    for (const operation of [...this.results.keys()]) this.free(operation);
    tf.dispose([...this.feeds.values()]);
    this.feeds.clear();
  }

  private set(operation: Operation, result: ForwardResult): void {
    for (const tensor of [result.value, ...result.saved]) this.users.hold(tensor);
    this.results.set(operation, result);
  }

  private resultOf(operation: Operation): ForwardResult {
    const result = this.results.get(operation);
    if (!result) throw new Error(`${operation.op}: expected to have run, has not`);
    return result;
  }

  private kernelOf(operation: Operation): AnyKernel {
    if (operation.op === 'globalCut' || operation.op === 'checkpoint' || operation.op === 'stopGradient') {
      throw new Error(`${operation.op}: expected an operation with a kernel`);
    }
    return this.options.kernels[operation.op] as unknown as AnyKernel;
  }

  private inputsOf(operation: Operation): tf.Tensor[] {
    return operation.inputs.filter((input) => !isGlobalCut(input)).map((input) => this.tensorOf(input));
  }

  private feedOf({ name, shape, dtype }: Feed): tf.Tensor {
    const known = this.feeds.get(name);
    if (known) return known;
    const data = feedData(this.options.inputs.feeds, name);
    const tensor = tf.tensor(data, [...shape], dtype);
    this.feeds.set(name, tensor);
    if (data instanceof Int32Array) this.hostFeeds.set(tensor, data);
    return tensor;
  }
}

const isGlobalCut = (value: Value): boolean => value.kind === 'operation' && value.op === 'globalCut';

function feedData(feeds: FeedData, name: string): Int32Array | Float32Array {
  const data = feeds[name];
  if (!data) throw new Error(`feed ${name}: expected among ${Object.keys(feeds).join(', ')}, got none`);
  return data;
}
