// What a run will hold with the op-by-op engine on the wasm kernels: its graphs walked as
// `gpu/reference-executor.ts` walks them, with sizes in place of tensors.
import { differentiated, type Operation, type Shape, segmentsOf, topologicalOrder, type Value } from '../gpu/graph.ts';
import { type BytesByKind, Holdings, type MemoryKind } from '../gpu/holdings.ts';
import { Readers, reaching } from '../gpu/reference/reach.ts';
import { isBinary } from '../pruning/masks.ts';
import { gradientSizes, roomBytes, savedSizes } from './sizes.ts';

export interface FootprintRequest {
  readonly parameters: ReadonlyMap<string, Shape>;
  readonly trainable: ReadonlySet<string>;
  /** The terms of every training graph. */
  readonly training: readonly (readonly Value[])[];
  readonly evaluation: readonly (readonly Value[])[];
  /** Whether gradients of one micro-batch are held while the next is computed. */
  readonly accumulates: boolean;
  readonly threads: number;
  /** Share of masked weights that is kept. */
  readonly keptFraction: number;
}

export interface Footprint {
  /** At the moment when most is held. */
  readonly byKind: BytesByKind;
  readonly largestTensor: number;
}

export function footprint(request: FootprintRequest): Footprint {
  const tape = new Tape(request);
  for (const values of [...request.training, ...request.training]) tape.train(values); // moments come with the first
  for (const values of request.evaluation) tape.evaluate(values);
  return { byKind: tape.holdings.peakByKind, largestTensor: tape.largestTensor };
}

/** Numbers that one or more tensors share. */
interface Data {
  readonly size: number;
  users: number;
}

const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

class Tape {
  readonly holdings = new Holdings<Data>();
  largestTensor = 0;
  private readonly moments = new Set<string>();
  private readonly masks = new Set<Operation>();
  private readonly gradients = new Map<string, Data>();
  private readonly pending = new Map<Operation, Data>();
  /** Value and what is saved beside it. */
  private readonly results = new Map<Operation, readonly Data[]>();

  constructor(private readonly request: FootprintRequest) {
    for (const shape of request.parameters.values()) this.allocate(sizeOf(shape), 'parameters');
    const operationsOf = (graphs: readonly (readonly Value[])[]) =>
      graphs.flatMap((values) => topologicalOrder(values));
    const [trained, evaluated] = [operationsOf(request.training), operationsOf(request.evaluation)];
    this.allocate(roomBytes({ trained, evaluated, threads: request.threads }) / 4, 'other');
  }

  train(outputs: readonly Value[]): void {
    this.accumulate(outputs);
    if (this.request.accumulates) this.accumulate(outputs);
    for (const [name, gradient] of this.gradients) {
      if (!this.moments.has(name)) for (const _ of ['first', 'second']) this.allocate(gradient.size / 4, 'moments');
      this.moments.add(name);
    }
    for (const gradient of this.gradients.values()) this.release(gradient);
    this.gradients.clear();
  }

  evaluate(outputs: readonly Value[]): void {
    const order = topologicalOrder(outputs);
    const feeds = this.feed(order);
    const readers = new Readers(order, outputs);
    for (const operation of order) {
      this.compute(operation);
      this.releaseRead(operation, readers);
    }
    for (const operation of [...this.results.keys()]) this.free(operation);
    for (const feed of feeds) this.release(feed);
  }

  private accumulate(outputs: readonly Value[]): void {
    const order = topologicalOrder(outputs);
    const [segments, feeds] = [segmentsOf(order), this.feed(order)];
    this.computeSegments(segments, outputs);
    this.goBack(segments, outputs);
    for (const operation of [...this.results.keys()]) this.free(operation);
    for (const feed of feeds) this.release(feed);
  }

  private computeSegments(segments: readonly (readonly Operation[])[], outputs: readonly Value[]): void {
    const hasWayBack = differentiated(outputs);
    const readers = new Readers(segments.flat(), outputs);
    for (const [index, segment] of segments.entries()) {
      for (const operation of segment) {
        this.compute(operation);
        if (!hasWayBack.has(operation)) this.releaseRead(operation, readers);
        if (operation.op !== 'checkpoint') continue;
        for (const before of segments[index - 1] ?? []) {
          if (before.op !== 'checkpoint' && !isDecided(before) && !outputs.includes(before)) this.free(before);
        }
      }
    }
  }

  private goBack(segments: readonly (readonly Operation[])[], outputs: readonly Value[]): void {
    const hasWayBack = differentiated(outputs);
    const wants = reaching(hasWayBack, this.request.trainable);
    for (const value of outputs) if (wants(value)) this.add(value, this.allocate(1, 'gradients'));
    for (const segment of [...segments].reverse()) {
      if (segment.some((operation) => this.pending.has(operation))) {
        for (const operation of segment)
          if (hasWayBack.has(operation) && !this.results.has(operation)) this.compute(operation);
      }
      for (const operation of [...segment].reverse()) {
        const gradient = this.pending.get(operation);
        this.pending.delete(operation);
        if (gradient) this.flowBack(operation, gradient, wants);
        this.free(operation);
      }
    }
  }

  private compute(operation: Operation): void {
    if (operation.op === 'globalCut') return;
    if (isDecided(operation)) {
      if (!this.masks.has(operation)) this.allocate(sizeOf(operation.shape), 'masks');
      this.masks.add(operation);
    } else if (operation.op === 'checkpoint' || operation.op === 'stopGradient') {
      this.results.set(operation, [this.share(this.valueOf(operation.inputs[0]))]);
    } else {
      const sizes = [sizeOf(operation.shape), ...savedSizes(operation, this.request.keptFraction)];
      this.results.set(
        operation,
        sizes.map((size) => this.allocate(size, 'activations')),
      );
    }
  }

  /** Takes ownership of `gradient`. */
  private flowBack(operation: Operation, gradient: Data, wants: (value: Value) => boolean): void {
    const [first] = operation.inputs;
    if (operation.op === 'checkpoint' || (operation.op === 'mask' && isDecided(operation))) {
      if (first && wants(first)) this.add(first, this.share(gradient));
      this.release(gradient);
      return;
    }
    const { scratch, results } = gradientSizes(operation, operation.inputs.map(wants));
    const temporary = this.allocate(scratch, 'activations');
    const made: (Data | null)[] = [];
    for (const [index, size] of results.entries()) {
      if (size === 'first') made.push(made[0] ? this.share(made[0]) : null);
      else made.push(size === 0 ? null : this.allocate(size, gradientKind(operation.inputs[index])));
    }
    this.release(temporary);
    made.forEach((data, index) => {
      const input = operation.inputs[index];
      if (data && input && wants(input)) this.add(input, data);
      else if (data) this.release(data);
    });
    this.release(gradient);
  }

  private add(value: Value, data: Data): void {
    if (value.kind === 'parameter') this.addTo(this.gradients, value.name, data, 'gradients');
    else if (value.kind === 'operation') this.addTo(this.pending, value, data, 'activations');
    else this.release(data);
  }

  private addTo<K>(map: Map<K, Data>, key: K, data: Data, kind: MemoryKind): void {
    const known = map.get(key);
    map.set(key, known ? this.allocate(data.size / 4, kind) : data);
    if (!known) return;
    this.release(known);
    this.release(data);
  }

  private releaseRead(operation: Operation, readers: Readers): void {
    const [value, ...saved] = this.results.get(operation) ?? [];
    for (const data of saved) this.release(data);
    if (value) this.results.set(operation, [value]);
    for (const input of operation.inputs) if (readers.finish(input) && input.kind === 'operation') this.free(input);
  }

  private free(operation: Operation): void {
    for (const data of this.results.get(operation) ?? []) this.release(data);
    this.results.delete(operation);
  }

  private feed(order: readonly Operation[]): Data[] {
    const feeds = new Map(
      order.flatMap(({ inputs }) => inputs.flatMap((input) => (input.kind === 'feed' ? [[input.name, input]] : []))),
    );
    return [...feeds.values()].map(({ shape }) => this.allocate(sizeOf(shape), 'activations'));
  }

  private valueOf(value: Value | undefined): Data {
    const data = value?.kind === 'operation' ? this.results.get(value)?.[0] : undefined;
    if (!data) throw new Error('footprint: expected a value that has been computed');
    return data;
  }

  private allocate(elements: number, kind: MemoryKind): Data {
    const data = { size: 4 * elements, users: 1 };
    this.holdings.add(data, kind);
    if (kind !== 'other') this.largestTensor = Math.max(this.largestTensor, data.size);
    return data;
  }

  private share(data: Data): Data {
    data.users++;
    return data;
  }

  private release(data: Data): void {
    if (--data.users === 0) this.holdings.remove(data);
  }
}

const isDecided = (operation: Operation): boolean => operation.op === 'mask' && isBinary(operation.attributes.method);

/** A mask's gradient becomes that of its scores. */
function gradientKind(input: Value | undefined): MemoryKind {
  const isLasting = input?.kind === 'parameter' || (input?.kind === 'operation' && input.op === 'mask');
  return isLasting ? 'gradients' : 'activations';
}
