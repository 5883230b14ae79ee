// What runs trade: quality against the weights that they keep. The front joins those that no other beats in both.
import { useRef, useState } from 'react';
import { paretoFront } from '../../runs/pareto.ts';
import { Axes } from '../charts/Axes.tsx';
import { type Frame, frameOf, plotBox, xOf, yOf } from '../charts/frame.ts';
import { useWidth } from '../charts/useWidth.ts';
import { SelectField } from '../components/SelectField.tsx';
import { measure, percent } from '../format.ts';
import { metricColumn } from './columns.ts';
import { type ParetoPoint, paretoPoints, qualityTags } from './pareto-points.ts';
import type { ShownGroup } from './RunsView.tsx';

const height = 320;

export function ParetoView({ groups }: { readonly groups: readonly ShownGroup[] }) {
  const tags = qualityTags(groups);
  const [chosen, setChosen] = useState<string | null>(null);
  const tag = tags.find((one) => one === chosen) ?? tags[0];
  if (tag === undefined) {
    return <p className="empty">Drawn from final measurements: it appears when the first of these runs is done.</p>;
  }
  return (
    <>
      <div className="choices">
        <SelectField
          label="Quality"
          options={tags.map((id) => ({ id, label: metricColumn(id).title }))}
          value={tag}
          onChoose={setChosen}
        />
      </div>
      <ParetoChart points={paretoPoints(groups, tag)} quality={metricColumn(tag).title} />
    </>
  );
}

interface ParetoChartProps {
  readonly points: readonly ParetoPoint[];
  readonly quality: string;
}

function ParetoChart({ points, quality }: ParetoChartProps) {
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const front = paretoFront(points);
  const frame = frameFor(points, width);
  return (
    <figure className="metric-chart">
      <figcaption className="metric-title">{`${quality}, against weights kept of the encoder’s linear maps`}</figcaption>
      <div
        ref={plot}
        className="metric-plot"
        style={{ height }}
        role="img"
        aria-label={`Pareto front of ${points.length}: ${front.map(wordsOf).join('; ')}.`}
      >
        {frame && (
          <Axes frame={frame} xFormat={(share) => percent(share, 0)} yFormat={measure}>
            <Front front={front} frame={frame} />
            {points.map((point) => (
              <Mark key={point.key} point={point} frame={frame} isOnFront={front.includes(point)} />
            ))}
          </Axes>
        )}
      </div>
      <p className="hint">
        Filled: no other keeps fewer weights and does better. Bars and band: one standard deviation over seeds, whose
        own results are the small dots.
      </p>
    </figure>
  );
}

const wordsOf = ({ name, cost, quality, deviation }: ParetoPoint): string =>
  `${name}, ${percent(cost)} kept, ${measure(quality)}${deviation === null ? '' : ` ± ${measure(deviation)}`}`;

/** From no weights at all to a little beyond the costliest run. */
function frameFor(points: readonly ParetoPoint[], width: number): Frame | null {
  const most = Math.max(...points.map(({ cost }) => cost));
  const values = points.flatMap(({ cost, quality, deviation, seeds }) => [
    ...seeds.map((seed) => ({ step: seed.cost, value: seed.quality })),
    { step: cost, value: quality + (deviation ?? 0) },
    { step: cost, value: quality - (deviation ?? 0) },
  ]);
  const series = [{ key: 'all', label: '', color: '', points: values }];
  return frameOf({ series, width, height, yDomain: undefined, logY: false, zoom: [0, Math.min(1, most) * 1.08] });
}

/** A staircase: what is reached with at most so many weights. */
function Front({ front, frame }: { readonly front: readonly ParetoPoint[]; readonly frame: Frame }) {
  const { right } = plotBox(frame);
  const stairs = (side: -1 | 0 | 1) =>
    front.flatMap(({ cost, quality, deviation }, index) => {
      const y = (yOf(frame, quality + side * (deviation ?? 0)) ?? 0).toFixed(1);
      const next = front[index + 1];
      return [`${xOf(frame, cost).toFixed(1)} ${y}`, `${(next ? xOf(frame, next.cost) : right).toFixed(1)} ${y}`];
    });
  return (
    <>
      <path className="pareto-band" d={`M${[...stairs(1), ...stairs(-1).reverse()].join('L')}Z`} />
      <path className="pareto-front" d={`M${stairs(0).join('L')}`} />
    </>
  );
}

interface MarkProps {
  readonly point: ParetoPoint;
  readonly frame: Frame;
  readonly isOnFront: boolean;
}

function Mark({ point, frame, isOnFront }: MarkProps) {
  const { name, color, cost, quality, deviation, seeds } = point;
  const at = (share: number, value: number) => ({ cx: xOf(frame, share), cy: yOf(frame, value) ?? 0 });
  const { cx, cy } = at(cost, quality);
  const isRight = cx > frame.width / 2;
  return (
    <g>
      <title>{wordsOf(point)}</title>
      {deviation !== null && (
        <line
          x1={cx}
          x2={cx}
          y1={at(cost, quality - deviation).cy}
          y2={at(cost, quality + deviation).cy}
          stroke={color}
          strokeWidth={1.5}
        />
      )}
      {seeds.length > 1 &&
        seeds.map((seed) => (
          <circle key={seed.key} {...at(seed.cost, seed.quality)} r={2} fill={color} opacity={0.6} />
        ))}
      <circle cx={cx} cy={cy} r={5} fill={isOnFront ? color : 'var(--panel)'} stroke={color} strokeWidth={2} />
      {isOnFront && (
        <text className="pareto-label" x={isRight ? cx - 9 : cx + 9} y={cy + 14} textAnchor={isRight ? 'end' : 'start'}>
          {name}
        </text>
      )}
    </g>
  );
}
