// The two sides of a comparison, and its pictures in words.
import type { MaskAgreement } from '../../engine/pruning/agreement.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import { formatCount, formatShare, weightCount } from './matrix.ts';

export interface MaskSide {
  readonly label: string;
  readonly data: MatrixData;
  /** The run's colour in charts, for weights that it alone keeps. */
  readonly color?: string;
}

export function colorOf(side: MaskSide | null, place: 'left' | 'right'): string {
  return side?.color ?? (place === 'left' ? 'var(--series-1)' : 'var(--series-2)');
}

/** Pruned weights as the quiet ground of a picture, on which a sparse mask stands out. */
export const GROUND = 'color-mix(in srgb, var(--pruned) 50%, var(--panel))';

export function describeMask({ label, data }: MaskSide): string {
  const total = weightCount(data.info);
  return `Mask of ${label}: ${formatCount(data.kept)} of ${formatCount(total)} weights kept, ${formatShare(data.kept / total)}.`;
}

export function describeAgreement(
  left: MaskSide,
  right: MaskSide,
  { both, onlyA, onlyB, neither }: MaskAgreement,
): string {
  const counts = [
    `${formatCount(both)} weights kept by both`,
    `${formatCount(onlyA)} only by ${left.label}`,
    `${formatCount(onlyB)} only by ${right.label}`,
    `${formatCount(neither)} by neither`,
  ];
  return `Agreement: ${counts.join(', ')}.`;
}
