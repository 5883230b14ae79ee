// Where a mask keeps much and where little: shares by row, column and head, of both runs on one scale.
import { useMemo, useRef } from 'react';
import type { MatrixData } from '../../runs/protocol.ts';
import { drawnIn, figureFiles, type LegendEntry } from '../charts/figure-file.ts';
import { ExportButtons } from '../components/ExportButtons.tsx';
import { csvBlob } from '../files/csv.ts';
import { fileNamePart } from '../files/save-blob.ts';
import { formatShare, matrixTitle, unitOf } from './matrix.ts';
import { colorOf, type MaskSide } from './side.ts';
import { type KeptSums, keptSums } from './sums.ts';
import './masks.css';

interface SumsViewProps {
  readonly sides: readonly MaskSide[];
  readonly headSize: number | undefined;
}

const axes = [
  { key: 'heads', one: 'head' },
  { key: 'rows', one: 'row' },
  { key: 'columns', one: 'column' },
] as const;

export function SumsView({ sides, headSize }: SumsViewProps) {
  const [left, right] = sides;
  const sums = [useSums(left?.data, headSize), useSums(right?.data, headSize)].filter((sum) => sum !== null);
  if (!left) return null;
  return (
    <section className="masks sums" aria-label={`Sums of ${matrixTitle(left.data.info)}`}>
      <h4>{matrixTitle(left.data.info)}</h4>
      {axes.map(({ key, one }) => (
        <Axis
          key={key}
          matrix={matrixTitle(left.data.info)}
          one={one}
          sides={sides}
          values={sums.map((sum) => sum[key])}
        />
      ))}
    </section>
  );
}

function useSums(data: MatrixData | undefined, headSize: number | undefined): KeptSums | null {
  return useMemo(() => (data ? keptSums(data, unitOf(data.info.kind, headSize)) : null), [data, headSize]);
}

interface AxisProps {
  readonly matrix: string;
  readonly one: string;
  readonly sides: readonly MaskSide[];
  readonly values: readonly KeptSums['heads'][];
}

function Axis({ matrix, one, sides, values }: AxisProps) {
  const plot = useRef<HTMLDivElement>(null);
  const known = values.flatMap((shares) => (shares && shares.length > 0 ? [shares] : []));
  if (known.length < values.length) return null;
  const most = Math.max(...known.map((shares) => shares.reduce((a, b) => Math.max(a, b), 0)), Number.EPSILON);
  const title = `By ${one}, full at ${formatShare(most)}`;
  const runs = known.map((shares, index) => {
    const [side, place] = [sides[index] as MaskSide, index === 0 ? 'left' : 'right'] as const;
    return { label: side.label, place, shares, color: colorOf(side, place) };
  });
  const legend = runs.map(({ label, color }): LegendEntry => ({ label, color, mark: 'square' }));
  return (
    <figure>
      <figcaption>
        <span>{title}</span>
        <ExportButtons
          subject={`sums by ${one}`}
          fileName={`${fileNamePart(matrix)}.sums-by-${one}`}
          files={{
            ...figureFiles(() => ({ title: `${matrix}. ${title}`, legend, ...drawnIn(plot.current!) })),
            csv: () => csvBlob(sumRows(one, runs)),
          }}
        />
      </figcaption>
      <div ref={plot}>
        {runs.map(({ label, place, shares, color }) => (
          <div key={`${label} ${place}`} className="sums-run">
            <Bars shares={shares} most={most} color={color} />
            <p>
              <strong>{label}</strong> {describeSums(one, shares)}
            </p>
          </div>
        ))}
      </div>
    </figure>
  );
}

/** A row per head, row or column, with the share that each run keeps of it. */
function sumRows(one: string, runs: readonly { readonly label: string; readonly shares: Float32Array }[]) {
  const [first] = runs;
  const rows = Array.from(first?.shares ?? [], (_, index) => [index, ...runs.map(({ shares }) => shares[index] ?? '')]);
  return [[one, ...runs.map(({ label }) => label)], ...rows];
}

const HEIGHT = 40;

function Bars({
  shares,
  most,
  color,
}: {
  readonly shares: Float32Array;
  readonly most: number;
  readonly color: string;
}) {
  const path = useMemo(() => barsPath(shares, most), [shares, most]);
  return (
    <svg viewBox={`0 0 ${shares.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} fill={color} />
    </svg>
  );
}

/** One path for all bars: hundreds of elements would be slow. */
function barsPath(shares: Float32Array, most: number): string {
  const width = shares.length > 64 ? 1 : 0.85;
  return Array.from(shares, (share, index) => {
    const height = (HEIGHT * share) / most;
    return `M${index} ${HEIGHT}v${-height}h${width}v${height}z`;
  }).join('');
}

/** "from 2.1 % (head 3) to 18.4 % (head 11), none is empty": what the bars show, in words. */
export function describeSums(one: string, shares: Float32Array): string {
  let [least, most, empty] = [0, 0, 0];
  for (const [index, share] of shares.entries()) {
    if (share < shares[least]!) least = index;
    if (share > shares[most]!) most = index;
    if (share === 0) empty++;
  }
  const emptied = empty === 0 ? `no ${one} is empty` : `${empty} of ${shares.length} ${one}s are empty`;
  return `from ${formatShare(shares[least]!)} (${one} ${least}) to ${formatShare(shares[most]!)} (${one} ${most}); ${emptied}`;
}
