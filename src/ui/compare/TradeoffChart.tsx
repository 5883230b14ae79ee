// Quality against weights kept, drawn: lines and bands per method, marks per run, the dense run and 95 % of it across.
import { type RefObject, useRef } from 'react';
import { Axes } from '../charts/Axes.tsx';
import { drawnIn, figureFiles, type LegendEntry } from '../charts/figure-file.ts';
import { type Frame, frameOf, plotBox, xOf, yOf } from '../charts/frame.ts';
import { useWidth } from '../charts/useWidth.ts';
import { ExportButtons } from '../components/ExportButtons.tsx';
import { csvBlob } from '../files/csv.ts';
import { measure, percent } from '../format.ts';
import { rowsOf } from './TradeoffTable.tsx';
import {
  GOOD_ENOUGH,
  type PublishedPoint,
  type ResultLine,
  type ResultPoint,
  type Tradeoff,
  wordsOf,
} from './tradeoff.ts';

const height = 340;

export function TradeoffChart({ tradeoff }: { readonly tradeoff: Tradeoff }) {
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const { quality, front, lines, dense, published } = tradeoff;
  const frame = frameFor(tradeoff, width);
  const title = `${quality}, against weights kept of the encoder’s linear maps`;
  return (
    <figure className="metric-chart">
      <figcaption>
        <span className="metric-heading">
          <span className="metric-title">{title}</span>
          <ExportButtons
            subject={`chart of ${quality}`}
            fileName="quality-and-kept-weights"
            files={{ ...filesOf(plot, title, tradeoff), csv: () => csvBlob(rowsOf(tradeoff)) }}
          />
        </span>
        <Legend entries={legendOf(tradeoff)} />
      </figcaption>
      <div ref={plot} className="metric-plot" style={{ height }} role="img" aria-label={describeTradeoff(tradeoff)}>
        {frame && (
          <Axes frame={frame} xFormat={(share) => percent(share, 0)} yFormat={measure}>
            {dense && <DenseLines dense={dense} frame={frame} />}
            {published?.points.map((point) => (
              <PublishedMark key={`${point.name} ${point.cost}`} point={point} frame={frame} />
            ))}
            {lines.map((line) => (
              <Line key={line.points[0]!.key} line={line} frame={frame} />
            ))}
            {lines.flatMap(({ points, color }) =>
              points.map((point) => (
                <Mark key={point.key} point={point} color={color} frame={frame} isOnFront={front.includes(point)} />
              )),
            )}
          </Axes>
        )}
      </div>
    </figure>
  );
}

const filesOf = (plot: RefObject<HTMLDivElement | null>, title: string, tradeoff: Tradeoff) =>
  figureFiles(() => ({ title, legend: legendOf(tradeoff), ...drawnIn(plot.current!) }));

const PUBLISHED_COLOR = 'var(--ink-faint)';

function legendOf({ lines, dense, published }: Tradeoff): readonly LegendEntry[] {
  return [
    ...lines.map(({ label, color }): LegendEntry => ({ label, color, mark: 'line' })),
    ...(dense
      ? [{ label: `${percent(GOOD_ENOUGH, 0)} of dense`, color: 'var(--ink-soft)', mark: 'dashes' } as const]
      : []),
    ...(published
      ? [{ label: `${published.source}, ${published.setup}`, color: PUBLISHED_COLOR, mark: 'square' } as const]
      : []),
  ];
}

function Legend({ entries }: { readonly entries: readonly LegendEntry[] }) {
  return (
    <ul className="metric-legend">
      {entries.map(({ label, color, mark }) => (
        <li key={label}>
          <svg width="18" height="10" aria-hidden="true">
            {mark === 'square' ? (
              <path d="M9 1l4 4-4 4-4-4z" fill="none" stroke={color} />
            ) : (
              <line
                x1="0"
                x2="18"
                y1="5"
                y2="5"
                stroke={color}
                strokeWidth="2"
                strokeDasharray={mark === 'dashes' ? '5 3' : ''}
              />
            )}
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

function describeTradeoff({ quality, lines, front, dense }: Tradeoff): string {
  return [
    `${quality}, against weights kept.`,
    ...lines.map(({ label, points }) => `${label}: ${points.map(wordsOf).join('; ')}.`),
    ...(dense
      ? [`Dense: ${measure(dense.quality)}, ${percent(GOOD_ENOUGH, 0)} of it ${measure(GOOD_ENOUGH * dense.quality)}.`]
      : []),
    `Pareto front of ${front.length}: ${front.map(({ name }) => name).join('; ')}.`,
  ].join(' ');
}

/** From no weights at all to a little beyond the costliest pruned run. */
function frameFor({ points, dense, published }: Tradeoff, width: number): Frame | null {
  const others = [...(published?.points.filter(({ cost }) => cost < 1) ?? [])];
  const most = Math.max(0.05, ...points.map(({ cost }) => cost), ...others.map(({ cost }) => cost));
  const values = points.flatMap(({ cost, quality, deviation, seeds }) => [
    ...seeds.map((seed) => ({ step: seed.cost, value: seed.quality })),
    { step: cost, value: quality + (deviation ?? 0) },
    { step: cost, value: quality - (deviation ?? 0) },
  ]);
  const across = dense ? [dense.quality, GOOD_ENOUGH * dense.quality].map((value) => ({ step: 0, value })) : [];
  const beside = others.map(({ cost, quality }) => ({ step: cost, value: quality }));
  const series = [{ key: 'all', label: '', color: '', points: [...values, ...across, ...beside] }];
  return frameOf({ series, width, height, yDomain: undefined, logY: false, zoom: [0, Math.min(1, most) * 1.08] });
}

interface InFrame {
  readonly frame: Frame;
}

const place = (frame: Frame, share: number, value: number) => ({ x: xOf(frame, share), y: yOf(frame, value) ?? 0 });

/** The dense run, whose weights are all kept, as a line across; and what the papers call good enough. */
function DenseLines({ dense, frame }: InFrame & { readonly dense: ResultPoint }) {
  const { left, right } = plotBox(frame);
  const lines = [
    { label: `dense ${measure(dense.quality)}`, quality: dense.quality, className: 'tradeoff-dense' },
    {
      label: `${percent(GOOD_ENOUGH, 0)} of dense`,
      quality: GOOD_ENOUGH * dense.quality,
      className: 'tradeoff-dense tradeoff-enough',
    },
  ];
  return lines.map(({ label, quality, className }) => {
    const { y } = place(frame, 0, quality);
    return (
      <g key={label}>
        <line className={className} x1={left} x2={right} y1={y} y2={y} />
        <text className="tradeoff-label" x={right - 2} y={y - 5} textAnchor="end">
          {label}
        </text>
      </g>
    );
  });
}

function PublishedMark({
  point: { name, cost, quality, isDistilled },
  frame,
}: InFrame & { readonly point: PublishedPoint }) {
  if (cost > frame.x[1]) return null;
  const { x, y } = place(frame, cost, quality);
  return (
    <path
      d={`M${x} ${y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z`}
      fill={isDistilled ? PUBLISHED_COLOR : 'none'}
      stroke={PUBLISHED_COLOR}
      opacity={0.7}
    >
      <title>{`Published: ${name}, ${percent(cost, 0)} kept, ${measure(quality)}`}</title>
    </path>
  );
}

function Line({ line: { points, color }, frame }: InFrame & { readonly line: ResultLine }) {
  const along = (side: -1 | 0 | 1) =>
    points.map(({ cost, quality, deviation }) => {
      const { x, y } = place(frame, cost, quality + side * (deviation ?? 0));
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    });
  const hasBand = points.some(({ deviation }) => deviation !== null);
  return (
    <>
      {hasBand && <path d={`M${[...along(1), ...along(-1).reverse()].join('L')}Z`} fill={color} opacity={0.14} />}
      <path d={`M${along(0).join('L')}`} fill="none" stroke={color} strokeWidth={1.75} />
    </>
  );
}

interface MarkProps extends InFrame {
  readonly point: ResultPoint;
  /** Of its line. */
  readonly color: string;
  readonly isOnFront: boolean;
}

function Mark({ point, color, frame, isOnFront }: MarkProps) {
  const { cost, quality, deviation, seeds } = point;
  const { x, y } = place(frame, cost, quality);
  return (
    <g>
      <title>{wordsOf(point)}</title>
      {deviation !== null && (
        <line
          x1={x}
          x2={x}
          y1={place(frame, cost, quality - deviation).y}
          y2={place(frame, cost, quality + deviation).y}
          stroke={color}
          strokeWidth={1.5}
        />
      )}
      {seeds.length > 1 &&
        seeds.map((seed) => {
          const at = place(frame, seed.cost, seed.quality);
          return <circle key={seed.key} cx={at.x} cy={at.y} r={2} fill={color} opacity={0.6} />;
        })}
      <circle cx={x} cy={y} r={5} fill={isOnFront ? color : 'var(--panel)'} stroke={color} strokeWidth={2} />
    </g>
  );
}
