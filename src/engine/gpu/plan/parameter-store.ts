// All parameters in one flat buffer, gradients and moments of those that train in three more. Each parameter starts
// on a block of 256 floats, so that AdamW and the norm walk blocks instead of parameters. Matrices have their rows
// and columns padded to multiples of 4 with zeros, which training leaves at zero.
import type { HostMoments, HostTensor } from '../executor.ts';
import type { MemoryKind } from '../holdings.ts';
import type { Gpu } from './gpu.ts';
import { extents, type Matrix, padded } from './storage.ts';

export const BLOCK = 256;

interface Slot {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  /** In words. */
  readonly offset: number;
  readonly words: number;
}

export class ParameterStore {
  /** Changes when parameters move to another buffer. */
  layoutVersion = 0;
  /** Counts what the host has written. */
  writes = 0;
  private readonly slots = new Map<string, Slot>();
  private readonly waiting = new Map<string, Float32Array>();
  private size = 0;
  private buffer: GPUBuffer | null = null;
  private capacity = 0;

  constructor(private readonly gpu: Gpu) {}

  set(name: string, { shape, data }: HostTensor): void {
    const slot = this.slots.get(name) ?? this.add(name, shape);
    const { rows, columns } = extents(shape);
    if (rows !== slot.rows || columns !== slot.columns) {
      throw new Error(`parameter ${name}: expected shape [${slot.rows}, ${slot.columns}], got [${shape}]`);
    }
    if (this.buffer && slot.offset < this.capacity) this.write(slot, data);
    else this.waiting.set(name, data);
  }

  /** Makes room for a parameter without giving its values. */
  declare(name: string, shape: readonly number[]): void {
    if (!this.slots.has(name)) this.add(name, shape);
  }

  has(name: string): boolean {
    return this.slots.has(name);
  }

  /** Moves everything that was set into the flat buffer. */
  seal(): GPUBuffer {
    if (!this.buffer || this.size > this.capacity) this.grow();
    for (const [name, data] of this.waiting) this.write(this.slotOf(name), data);
    this.waiting.clear();
    return this.buffer as unknown as GPUBuffer;
  }

  matrix(name: string): Matrix {
    const { rows, columns, stride, offset, words } = this.slotOf(name);
    return { rows, columns, stride, format: 'f32', view: { home: this.seal(), offset, words } };
  }

  async read(name: string): Promise<Float32Array> {
    const { offset, words } = this.slotOf(name);
    const [numbers] = await this.gpu.read([{ buffer: this.seal(), offset, words }]);
    return unpad(numbers as Float32Array, this.slotOf(name));
  }

  slotOf(name: string): Slot {
    const slot = this.slots.get(name);
    if (!slot) throw new Error(`parameter ${name}: expected it to be set, got none`);
    return slot;
  }

  private add(name: string, shape: readonly number[]): Slot {
    const { rows, columns } = extents(shape);
    const stride = padded(columns);
    const words = (shape.length > 1 ? padded(rows) : rows) * stride;
    const slot = { rows, columns, stride, offset: this.size, words };
    this.slots.set(name, slot);
    this.size += Math.ceil(words / BLOCK) * BLOCK;
    return slot;
  }

  private grow(): void {
    const larger = this.gpu.createBuffer('parameters', this.size, 'parameters');
    if (this.buffer) this.gpu.copy(this.buffer, larger);
    this.gpu.destroyBuffer(this.buffer);
    this.buffer = larger;
    this.capacity = this.size;
    this.layoutVersion++;
  }

  private write(slot: Slot, data: Float32Array): void {
    this.writes++;
    this.gpu.write(this.buffer as GPUBuffer, slot.offset, pad(data, slot));
  }
}

/** Where the gradients of trainable parameters lie; they only ever gain members, at the end. */
export class GradientStore {
  layoutVersion = 0;
  gradients: GPUBuffer | null = null;
  first: GPUBuffer | null = null;
  second: GPUBuffer | null = null;
  private readonly offsets = new Map<string, number>();
  /** Moments of parameters that have no place yet: the first graph gives places, in an order that is always the same. */
  private readonly waiting = new Map<string, HostMoments>();
  private size = 0;

  constructor(
    private readonly gpu: Gpu,
    private readonly parameters: ParameterStore,
  ) {}

  ensure(names: Iterable<string>): void {
    const before = this.size;
    for (const name of names) {
      if (this.offsets.has(name)) continue;
      this.offsets.set(name, this.size);
      this.size += Math.ceil(this.parameters.slotOf(name).words / BLOCK) * BLOCK;
    }
    if (this.size > before) this.grow();
    for (const [name, moments] of this.waiting) if (this.offsets.has(name)) this.writeMoments(name, moments);
  }

  setMoments(name: string, moments: HostMoments): void {
    if (this.offsets.has(name)) this.writeMoments(name, moments);
    else this.waiting.set(name, moments);
  }

  /** Null of a parameter that has never been trained. */
  async readMoments(name: string): Promise<HostMoments | null> {
    const offset = this.offsets.get(name);
    if (offset === undefined) return this.waiting.get(name) ?? null;
    const slot = this.parameters.slotOf(name);
    const regions = [this.first, this.second].map((buffer) => ({
      buffer: buffer as GPUBuffer,
      offset,
      words: slot.words,
    }));
    const [first, second] = (await this.gpu.read(regions)).map((numbers) => unpad(numbers, slot));
    return { first: first as Float32Array, second: second as Float32Array };
  }

  private writeMoments(name: string, { first, second }: HostMoments): void {
    const slot = this.parameters.slotOf(name);
    const offset = this.offsetOf(name);
    this.gpu.write(this.first as GPUBuffer, offset, pad(first, slot));
    this.gpu.write(this.second as GPUBuffer, offset, pad(second, slot));
    this.waiting.delete(name);
  }

  /** In words, from the start of the gradient buffer. */
  offsetOf(name: string): number {
    const offset = this.offsets.get(name);
    if (offset === undefined) throw new Error(`gradient of ${name}: expected it after accumulate(), got none`);
    return offset;
  }

  matrix(name: string): Matrix {
    const { rows, columns, stride, words } = this.parameters.slotOf(name);
    return {
      rows,
      columns,
      stride,
      format: 'f32',
      view: { home: this.gradients as GPUBuffer, offset: this.offsetOf(name), words },
    };
  }

  async read(name: string): Promise<Float32Array> {
    const slot = this.parameters.slotOf(name);
    const offset = this.offsetOf(name);
    const [numbers] = await this.gpu.read([{ buffer: this.gradients as GPUBuffer, offset, words: slot.words }]);
    return unpad(numbers as Float32Array, slot);
  }

  private grow(): void {
    this.gradients = this.replace('gradients', 'gradients', this.gradients);
    this.first = this.replace('first moments', 'moments', this.first);
    this.second = this.replace('second moments', 'moments', this.second);
    this.layoutVersion++;
  }

  private replace(label: string, kind: MemoryKind, before: GPUBuffer | null): GPUBuffer {
    const larger = this.gpu.createBuffer(label, this.size, kind);
    if (before) this.gpu.copy(before, larger);
    this.gpu.destroyBuffer(before);
    return larger;
  }
}

type Padding = Pick<Slot, 'rows' | 'columns' | 'stride' | 'words'>;

export function pad(data: ArrayLike<number>, { rows, columns, stride, words }: Padding): Float32Array<ArrayBuffer> {
  const wide = new Float32Array(words);
  if (columns === stride) {
    wide.set(data);
    return wide;
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      wide[row * stride + column] = data[row * columns + column] as number;
    }
  }
  return wide;
}

export function unpad(wide: Float32Array, { rows, columns, stride }: Omit<Padding, 'words'>): Float32Array {
  if (columns === stride) return wide.slice(0, rows * columns);
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) data.set(wide.subarray(row * stride, row * stride + columns), row * columns);
  return data;
}
