// What the colours of the mask pictures stand for, with their counts.
import { chanceIntersectionOverUnion, iouOf, type MaskAgreement } from '../../engine/pruning/agreement.ts';
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

export function AgreementLegend({ left, right, agreement: { both, onlyA, onlyB, neither } }: AgreementLegendProps) {
  const total = both + onlyA + onlyB + neither;
  const entries = [
    { name: 'kept by both', color: 'var(--kept)', count: both },
    { name: `only by ${left.label}`, color: colorOf(left, 'left'), count: onlyA },
    { name: `only by ${right.label}`, color: colorOf(right, 'right'), count: onlyB },
    { name: 'by neither', color: GROUND, count: neither },
  ];
  return (
    <ul className="masks-legend">
      {entries.map(({ name, color, count }) => (
        <li key={name}>
          <Swatch color={color} /> {name}{' '}
          <span className="masks-number">
            {formatCount(count)} · {formatShare(count / total)}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function MaskLegend() {
  return (
    <ul className="masks-legend">
      <li>
        <Swatch color="var(--kept)" /> kept
      </li>
      <li>
        <Swatch color={GROUND} /> pruned
      </li>
    </ul>
  );
}

export function Swatch({ color }: { readonly color: string }) {
  return <span className="masks-swatch" style={{ background: color }} />;
}
