// Stretches of steps, shaded in turn and named: where a run warms up, prunes and cools down.
import { type Frame, plotBox, xOf } from './frame.ts';

export interface Zone {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  /** Lies back; the stretch that matters is left clear. */
  readonly isShaded: boolean;
}

const NARROWEST_LABEL = 60;

export function Zones({ zones, frame }: { readonly zones: readonly Zone[]; readonly frame: Frame }) {
  const { top, bottom } = plotBox(frame);
  return (
    <svg className="metric-hover" width={frame.width} height={frame.height} aria-hidden="true">
      {zones.map(({ label, from, to, isShaded }) => {
        const [left, right] = [placeOf(frame, from), placeOf(frame, to)];
        if (right <= left) return null;
        return (
          <g key={label}>
            {isShaded && <rect className="metric-zone" x={left} width={right - left} y={top} height={bottom - top} />}
            {right - left >= NARROWEST_LABEL && (
              <text className="metric-axis-label" x={(left + right) / 2} y={top + 11} textAnchor="middle">
                {label}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** Within the plot, where it is zoomed. */
function placeOf(frame: Frame, step: number): number {
  const { left, right } = plotBox(frame);
  return Math.min(Math.max(xOf(frame, step), left), right);
}

export function describeZones(zones: readonly Zone[]): string {
  if (zones.length === 0) return '';
  return ` ${zones.map(({ label, from, to }) => `${label} from step ${Math.round(from)} to ${Math.round(to)}`).join(', ')}.`;
}
