// Weights of linear maps rounded to halves, which products read. The f32 ones stay their masters (Micikevicius et al.
// 2018): AdamW moves those and rounds them anew; what the host sets is rounded before the next graph runs.
import { isBinary } from '../../pruning/masks.ts';
import type { Operation, Value } from '../graph.ts';
import type { Gpu } from './gpu.ts';
import { BLOCK, type ParameterStore } from './parameter-store.ts';
import { Plan, Recording } from './plan.ts';
import type { BufferPool } from './pool.ts';
import { kernel, read, readMatrix, writeMatrix } from './shader.ts';
import { type Matrix, wholeOf, wordsOf } from './storage.ts';

const VECTORS = BLOCK / 4;
const BLOCK_WORDS = wordsOf(VECTORS, 'f16');

/** Weights that products read, but for those that l0 gates: their products are stored elsewhere. */
export function productWeights(order: readonly Operation[]): string[] {
  return order.flatMap(({ op, inputs: [, weight, , mask] }) =>
    op === 'linear' && weight?.kind === 'parameter' && !isGate(mask) ? [weight.name] : [],
  );
}

const isGate = (mask: Value | undefined): boolean =>
  mask?.kind === 'operation' && mask.op === 'mask' && !isBinary(mask.attributes.method);

/** Laid out in blocks like the masters, but without what no product reads; it only ever gains members, at the end. */
export class HalfWeights {
  layoutVersion = 0;
  buffer: GPUBuffer | null = null;
  private readonly blocks = new Map<string, number>();
  private size = 0;
  private rounding: Plan | null = null;
  private rounded = -1;

  constructor(
    private readonly gpu: Gpu,
    private readonly pool: BufferPool,
    private readonly parameters: ParameterStore,
  ) {}

  ensure(names: Iterable<string>): void {
    const before = this.size;
    for (const name of names) {
      if (this.blocks.has(name)) continue;
      this.blocks.set(name, this.size);
      this.size += this.blocksOf(name);
    }
    if (this.size === before) return;
    this.gpu.destroyBuffer(this.buffer);
    this.buffer = this.gpu.createBuffer('half weights', this.size * BLOCK_WORDS, 'parameters');
    this.layoutVersion++;
  }

  /** Index of a parameter's first block; null where products don't read it. */
  blockOf(name: string): number | null {
    return this.blocks.get(name) ?? null;
  }

  /** Null where products read the f32 weights. */
  matrix(name: string): Matrix | null {
    const block = this.blockOf(name);
    if (block === null || !this.buffer) return null;
    const { rows, columns, stride, view } = this.parameters.matrix(name);
    const words = wordsOf(view.words / 4, 'f16');
    return { rows, columns, stride, format: 'f16', view: { home: this.buffer, offset: block * BLOCK_WORDS, words } };
  }

  /** Forgets what was made for another layout. */
  reset(): void {
    this.rounding?.dispose();
    this.rounding = null;
    this.rounded = -1;
  }

  /** Makes what `prepare` encodes. */
  async build(): Promise<void> {
    if (this.rounding || !this.buffer) return;
    this.rounding = await Plan.build(this.gpu, this.pool, this.recordRounding(this.buffer));
  }

  /** Encodes the rounding of weights that the host has set since. */
  prepare(encoder: GPUCommandEncoder): void {
    if (!this.rounding || this.rounded === this.parameters.writes) return;
    this.rounding.encode(encoder, {
      inputs: { feeds: {}, threshold: 0, seed: 0 },
      adds: false,
      share: 1,
      termWeights: [],
    });
    this.rounded = this.parameters.writes;
  }

  private blocksOf(name: string): number {
    return Math.ceil(this.parameters.slotOf(name).words / BLOCK);
  }

  private recordRounding(buffer: GPUBuffer): Recording {
    const recording = new Recording();
    const masters = this.parameters.seal();
    const table = [...this.blocks.keys()].flatMap((name) => {
      const first = this.parameters.slotOf(name).offset / BLOCK;
      return Array.from({ length: this.blocksOf(name) }, (_, block) => first + block);
    });
    recording.emit(
      kernel({
        label: 'half weights',
        threads: this.size * VECTORS,
        workgroupSize: VECTORS,
        bindings: {
          table: read(recording.constant(Uint32Array.from(table)), 'u32'),
          masters: readMatrix({ view: wholeOf(masters), format: 'f32' }),
          halves: writeMatrix({ view: wholeOf(buffer), format: 'f16' }),
        },
        body: `store_halves(id, load_masters(table[group] * ${VECTORS}u + lane));`,
      }),
    );
    return recording;
  }
}
