import type { MatrixInfo } from '../../../src/runs/events.ts';
import type { MatrixData } from '../../../src/runs/protocol.ts';

interface Values {
  readonly rows: number;
  readonly columns: number;
  readonly pretrained: readonly number[];
  readonly finetuned: readonly number[];
  /** Per weight, 1 keeps. */
  readonly keep: readonly (0 | 1)[];
  readonly kind?: MatrixInfo['kind'];
}

export function matrixOf({ rows, columns, pretrained, finetuned, keep, kind = 'query' }: Values): MatrixData {
  const mask = new Uint8Array(Math.ceil(keep.length / 8));
  for (const [i, bit] of keep.entries()) mask[i >> 3]! |= bit << (i & 7);
  return {
    info: { name: `encoder.layer.0.${kind}.weight`, layer: 0, kind, rows, columns },
    pretrained: Float32Array.from(pretrained),
    finetuned: Float32Array.from(finetuned),
    mask,
    kept: keep.filter((bit) => bit === 1).length,
    scores: null,
    history: null,
  };
}
