// What the colours of the mask pictures stand for, with their counts.
import { chanceIntersectionOverUnion, iouOf, type MaskAgreement } from '../../engine/pruning/agreement.ts';
import type { LegendEntry } from '../charts/figure-file.ts';
import { formatCount, formatShare } from './matrix.ts';
import { colorOf, GROUND, type MaskSide } from './side.ts';

/** IoU, beside what two unrelated masks of these sizes would reach. */
export function Verdict({ agreement }: { readonly agreement: MaskAgreement }) {
  const { both, onlyA, onlyB, neither } = agreement;
  const total = both + onlyA + onlyB + neither;
  const chance = chanceIntersectionOverUnion((both + onlyA) / total, (both + onlyB) / total);
  return (
    <span className="masks-share">
      <abbr title="Intersection over union of the kept weights">IoU</abbr> {iouOf(agreement).toFixed(3)}{' '}
      <span className="masks-chance">by chance {chance.toFixed(3)}</span>
    </span>
  );
}

interface AgreementLegendProps {
  readonly left: MaskSide;
  readonly right: MaskSide;
  readonly agreement: MaskAgreement;
}

const square = (label: string, color: string): LegendEntry => ({ label, color, mark: 'square' });

export const maskLegend: readonly LegendEntry[] = [square('kept', 'var(--kept)'), square('pruned', GROUND)];

export const agreementLegend = (left: MaskSide, right: MaskSide): readonly LegendEntry[] => [
  square('kept by both', 'var(--kept)'),
  square(`only by ${left.label}`, colorOf(left, 'left')),
  square(`only by ${right.label}`, colorOf(right, 'right')),
  square('by neither', GROUND),
];

export function AgreementLegend({ left, right, agreement: { both, onlyA, onlyB, neither } }: AgreementLegendProps) {
  const total = both + onlyA + onlyB + neither;
  const counts = [both, onlyA, onlyB, neither];
  return (
    <ul className="masks-legend">
      {agreementLegend(left, right).map(({ label, color }, index) => (
        <li key={label}>
          <Swatch color={color} /> {label}{' '}
          <span className="masks-number">
            {formatCount(counts[index]!)} · {formatShare(counts[index]! / total)}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function MaskLegend() {
  return (
    <ul className="masks-legend">
      {maskLegend.map(({ label, color }) => (
        <li key={label}>
          <Swatch color={color} /> {label}
        </li>
      ))}
    </ul>
  );
}

export function Swatch({ color }: { readonly color: string }) {
  return <span className="masks-swatch" style={{ background: color }} />;
}
