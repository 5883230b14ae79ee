// How curves are drawn: smoothing, a logarithmic axis, room for outliers or not.
import { useId } from 'react';
import type { CompareLook } from '../../notebook/document.ts';
import { ResetZoom } from '../charts/Zoom.tsx';
import type { ChartOptions } from '../run/LiveChart.tsx';

/** What a chart of losses has while nothing is chosen. */
const usualSmoothing = 0.6;

interface ChartToolsProps {
  readonly look: Pick<CompareLook, 'smoothing' | 'logY' | 'ignoresOutliers'>;
  readonly onChange: (change: Partial<CompareLook>) => void;
}

export function ChartTools({ look: { smoothing, logY, ignoresOutliers }, onChange }: ChartToolsProps) {
  const id = useId();
  return (
    <div className="chart-tools">
      <label htmlFor={id}>Smoothing</label>
      <input
        id={id}
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={smoothing ?? usualSmoothing}
        aria-valuetext={smoothing === null ? `${usualSmoothing}, losses only` : String(smoothing)}
        onChange={({ target }) => onChange({ smoothing: Number(target.value) })}
      />
      <output htmlFor={id}>{(smoothing ?? usualSmoothing).toFixed(2)}</output>
      <label>
        <input type="checkbox" checked={logY} onChange={({ target }) => onChange({ logY: target.checked })} />
        Logarithmic
      </label>
      <label title="The axis holds the middle 90 % of the values">
        <input
          type="checkbox"
          checked={ignoresOutliers}
          onChange={({ target }) => onChange({ ignoresOutliers: target.checked })}
        />
        Ignore outliers
      </label>
      <ResetZoom />
    </div>
  );
}

/** A chart's own options, with what the reader has chosen for all. A logarithmic axis has no fixed range. */
export function withLook(
  options: ChartOptions,
  { smoothing, logY, ignoresOutliers }: ChartToolsProps['look'],
): ChartOptions {
  const { yDomain, ...rest } = options;
  const isFree = logY || ignoresOutliers;
  return {
    ...rest,
    ...(yDomain && !isFree ? { yDomain } : {}),
    ...(smoothing === null ? {} : { smoothing }),
    ...(logY ? { logY } : {}),
    ignoresOutliers,
  };
}
