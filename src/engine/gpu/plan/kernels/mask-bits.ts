// Binary masks as packed bits, 1/32 of the weights they act on: products read a bit beside each weight, so M∘W is
// never stored. A word holds a block of 4 rows × 8 columns: bit 16·(v mod 2) + 4·(row mod 4) + (column mod 4), where v
// counts vectors of four columns. Products read weights in blocks of 4 rows × 1 vector: half a word.
import type { MaskMethod } from '../../graph.ts';
import type { Recording } from '../plan.ts';
import { type Command, kernel, read, write } from '../shader.ts';
import { type Matrix, type View, vectorsOf } from '../storage.ts';
import { maskFunctions } from './mask.ts';
import { MATRIX_INFO, matrixTable } from './matrix-table.ts';

/** Where the bits of one operand of a product begin. */
export interface BitMask {
  /** Of a binding `array<u32>`. */
  readonly name: string;
  /** WGSL expression of the matrix's first word. */
  readonly offset: string;
  /** Words per row of blocks; see `pairsOf`. */
  readonly pairs: number;
}

const pairsOf = (vectors: number): number => Math.ceil(vectors / 2);

export const maskWords = (matrix: Matrix): number => Math.ceil(matrix.rows / 4) * pairsOf(vectorsOf(matrix));

/** The bits beside weights whose rows have so many vectors. */
export const bitMask = (name: string, offset: string, vectors: number): BitMask => ({
  name,
  offset,
  pairs: pairsOf(vectors),
});

/** WGSL of the 16 bits (and some above) of a block, which spans four rows of one vector. */
export function blockBits({ name, offset, pairs }: BitMask, block: string, vector: string): string {
  return `(${name}[${offset} + (${block}) * ${pairs}u + (${vector}) / 2u] >> (16u * ((${vector}) & 1u)))`;
}

/** The functions of `KEPT`. */
export type Masked = 'kept' | 'selected';

/** WGSL of `vector`, row `row` of its block, with zeros where `bits` has them. */
export const keptOf = (how: Masked, o: { vector: string; bits: string; row: number }): string =>
  `${how}(${o.vector}, ${o.bits}, vec4u(${[1, 2, 4, 8].map((bit) => `${bit << (4 * o.row)}u`).join(', ')}))`;

/** The same for a row that is known at run time only. */
export const keptAt = (vector: string, bits: string, row: string): string =>
  `kept(${vector}, ${bits} >> (4u * (${row})), vec4u(1u, 2u, 4u, 8u))`;

/** Two ways to the same: SwiftShader adds 11 % to a product NT by the first, 22 % by the second, to NN 12 % and 5 %. */
export const KEPT = /* wgsl */ `
fn kept(v: vec4f, word: u32, bits: vec4u) -> vec4f {
  return bitcast<vec4f>(bitcast<vec4u>(v) & (vec4u() - min(vec4u(1u), vec4u(word) & bits)));
}
fn selected(v: vec4f, word: u32, bits: vec4u) -> vec4f {
  return select(v, vec4f(), (vec4u(word) & bits) == vec4u());
}`;

export interface MaskBitsOptions {
  readonly masks: readonly {
    /** Scores, or weights under magnitude pruning. */
    readonly source: Matrix;
    readonly cutIndex: number;
    /** First word of its bits. */
    readonly offset: number;
  }[];
  readonly method: MaskMethod;
  readonly parameters: View;
  readonly cuts: View;
  readonly bits: View;
}

/** Words of bits per workgroup. */
const PIECE = 128;

/** Packs the masks of many matrices in one dispatch. */
export function packMasks(recording: Recording, o: MaskBitsOptions): Command {
  const entries = o.masks.map(({ source, cutIndex, offset }) => ({
    matrix: source,
    extra: [offset, maskWords(source), pairsOf(vectorsOf(source)), cutIndex],
    extent: maskWords(source),
  }));
  const table = matrixTable(recording, entries, PIECE);
  return kernel({
    label: 'mask bits',
    threads: table.pieces * 64,
    bindings: {
      parameters: read(o.parameters),
      ...table.bindings,
      cuts: read(o.cuts, 'vec2u'),
      bits: write(o.bits, 'u32'),
    },
    declarations: MATRIX_INFO + maskFunctions(o.method),
    body: `
      let piece = pieces[group];
      let m = matrices[piece.x];
      let cut = cuts[m.d];
      let vectors = m.stride / 4u;
      for (var i = lane; i < ${PIECE}u; i += 64u) {
        let word = piece.y + i;
        if (word >= m.b) { break; }
        var packed = 0u;
        for (var part = 0u; part < 8u; part++) {
          let row = 4u * (word / m.c) + part % 4u;
          let vector = 2u * (word % m.c) + part / 4u;
          if (vector >= vectors || row * m.stride >= m.words) { continue; }
          let index = row * m.columns + 4u * vector + vec4u(0u, 1u, 2u, 3u);
          let mask = vec4u(maskOf(parameters[m.offset / 4u + row * vectors + vector], index, cut, 0u));
          packed |= dot(mask, vec4u(1u, 2u, 4u, 8u)) << (4u * part);
        }
        bits[m.a + word] = packed;
      }`,
  });
}
