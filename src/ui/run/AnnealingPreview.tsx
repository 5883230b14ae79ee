// Training-signal annealing, drawn before anything runs: above η a labelled text counts no more.
import { useMemo, useRef } from 'react';
import type { AnnealingSchedule } from '../../engine/uda/annealing.ts';
import { useWidth } from '../charts/useWidth.ts';
import { type AnnealingCurve, pictureAnnealing } from './annealing-curves.ts';

interface AnnealingPreviewProps {
  readonly schedule: AnnealingSchedule;
  readonly classes: number;
  readonly totalSteps: number;
  /** Where a run under way has come to. */
  readonly step: number | null;
}

const height = 118;
const box = { top: 20, bottom: 18, left: 34, right: 2 };
const baseline = height - box.bottom;

export function AnnealingPreview({ schedule, classes, totalSteps, step }: AnnealingPreviewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const curves = useMemo(() => pictureAnnealing(schedule, classes, totalSteps), [schedule, classes, totalSteps]);
  const chance = 1 / classes;
  const x = (at: number) =>
    box.left + (Math.max(0, at - 1) / Math.max(1, totalSteps - 1)) * (width - box.left - box.right);
  const y = (eta: number) => baseline - ((eta - chance) / (1 - chance)) * (baseline - box.top);
  return (
    <figure className="schedule">
      <div ref={frame} className="schedule-frame">
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={wordsFor(schedule, chance, totalSteps)}>
            {[1, chance].map((eta) => (
              <g key={eta}>
                <line className="annealing-grid" x1={box.left} x2={width - box.right} y1={y(eta)} y2={y(eta)} />
                <text className="schedule-tick" x={box.left - 6} y={y(eta) + 4} textAnchor="end">
                  {eta === 1 ? '1' : `1/${classes}`}
                </text>
              </g>
            ))}
            {curves.map((curve) => (
              <Curve key={curve.schedule} curve={curve} x={x} y={y} />
            ))}
            {step !== null && <line className="schedule-now" x1={x(step)} x2={x(step)} y1={box.top} y2={baseline} />}
            <text className="schedule-tick" x={width - box.right} y={height - 4} textAnchor="end">
              {totalSteps} steps
            </text>
          </svg>
        )}
      </div>
      <figcaption className="schedule-legend">
        <span>
          <i className="schedule-key annealing-chosen" aria-hidden="true" />
          annealing threshold η, {schedule}
        </span>
        <span>
          <i className="schedule-key annealing-other" aria-hidden="true" />
          {curves
            .filter(({ isChosen }) => !isChosen)
            .map((curve) => curve.schedule)
            .join(', ')}
        </span>
      </figcaption>
    </figure>
  );
}

interface CurveProps {
  readonly curve: AnnealingCurve;
  readonly x: (step: number) => number;
  readonly y: (eta: number) => number;
}

function Curve({ curve: { points, isChosen }, x, y }: CurveProps) {
  const line = points.map(([step, eta]) => `${x(step).toFixed(1)},${y(eta).toFixed(1)}`).join(' ');
  return <polyline className={`schedule-line ${isChosen ? 'annealing-chosen' : 'annealing-other'}`} points={line} />;
}

function wordsFor(schedule: AnnealingSchedule, chance: number, totalSteps: number): string {
  if (schedule === 'none') return 'No annealing: every labelled text counts from the first step.';
  return `Annealing threshold η, ${schedule}: from ${chance.toFixed(2)} to 1 over ${totalSteps} steps.`;
}
