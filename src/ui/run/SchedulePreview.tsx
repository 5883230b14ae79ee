// The schedule, drawn before anything runs: what is kept, how fast weights learn, where warm-up and cool-down lie.
import { useMemo, useRef } from 'react';
import { type RunFacts, schedulesKeptFraction } from '../../runs/guard-rails.ts';
import type { PruningSettings, TrainingArguments } from '../../runs/spec.ts';
import { useWidth } from '../charts/useWidth.ts';
import { setting } from '../format.ts';
import { pictureSchedule, type ScheduleCurve, type SchedulePicture } from './schedule-curves.ts';

interface SchedulePreviewProps {
  readonly training: TrainingArguments;
  readonly pruning: PruningSettings;
  readonly facts: RunFacts & { readonly isEstimate: boolean };
  /** Where a run under way has come to. */
  readonly step: number | null;
}

const height = 118;
const box = { top: 20, bottom: 18, side: 2 };

export function SchedulePreview({ training, pruning, facts, step }: SchedulePreviewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const { totalSteps, warmupSteps, isEstimate } = facts;
  const picture = useMemo(
    () => pictureSchedule(training, pruning, { totalSteps, warmupSteps }),
    [training, pruning, totalSteps, warmupSteps],
  );
  // Updates count from 1.
  const x = (at: number) => box.side + (Math.max(0, at - 1) / Math.max(1, totalSteps - 1)) * (width - 2 * box.side);
  return (
    <figure className="schedule">
      <div ref={frame} className="schedule-frame">
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={wordsOf(picture, training, pruning, facts)}>
            <Zones picture={picture} totalSteps={totalSteps} x={x} />
            {picture.curves.map((curve) => (
              <Curve key={curve.kind} curve={curve} x={x} />
            ))}
            {step !== null && <line className="schedule-now" x1={x(step)} x2={x(step)} y1={box.top} y2={baseline} />}
            <text className="schedule-tick" x={box.side} y={height - 4}>
              1
            </text>
            <text className="schedule-tick" x={width - box.side} y={height - 4} textAnchor="end">
              {isEstimate ? `about ${totalSteps}` : totalSteps} steps
            </text>
          </svg>
        )}
      </div>
      <Legend picture={picture} training={training} pruning={pruning} />
    </figure>
  );
}

const baseline = height - box.bottom;
const y = (share: number): number => baseline - share * (baseline - box.top - 4);

function Curve({ curve, x }: { readonly curve: ScheduleCurve; readonly x: (step: number) => number }) {
  const line = curve.points.map(([step, share]) => `${x(step).toFixed(1)},${y(share).toFixed(1)}`);
  const [first, last] = [curve.points[0], curve.points.at(-1)];
  return (
    <>
      {curve.kind === 'threshold' && first && last && (
        <polygon
          className="schedule-area"
          points={`${x(first[0])},${baseline} ${line.join(' ')} ${x(last[0])},${baseline}`}
        />
      )}
      <polyline className={`schedule-line schedule-${curve.kind}`} points={line.join(' ')} />
    </>
  );
}

interface ZonesProps {
  readonly picture: SchedulePicture;
  readonly totalSteps: number;
  readonly x: (step: number) => number;
}

const narrowestLabel = 58;

function Zones({ picture: { warmupEnd, ramp }, totalSteps, x }: ZonesProps) {
  const zones = ramp
    ? [
        { label: 'warm-up', from: 0, to: ramp.start },
        { label: 'ramp', from: ramp.start, to: ramp.end },
        { label: 'cool-down', from: ramp.end, to: totalSteps },
      ]
    : [{ label: 'warm-up', from: 0, to: warmupEnd }];
  return zones.map(({ label, from, to }) => (
    <g key={label}>
      {label !== 'ramp' && to > from && (
        <rect className="schedule-zone" x={x(from)} width={x(to) - x(from)} y={box.top} height={baseline - box.top} />
      )}
      {x(to) - x(from) >= narrowestLabel && (
        <text className="schedule-label" x={(x(from) + x(to)) / 2} y={12} textAnchor="middle">
          {label}
        </text>
      )}
    </g>
  ));
}

interface WordsProps {
  readonly picture: SchedulePicture;
  readonly training: TrainingArguments;
  readonly pruning: PruningSettings;
}

function Legend({ picture, training, pruning }: WordsProps) {
  return (
    <figcaption className="schedule-legend">
      {picture.curves.map(({ kind }) => (
        <span key={kind}>
          <i className={`schedule-key schedule-${kind}`} aria-hidden="true" />
          {wordsFor(kind, training, pruning)}
        </span>
      ))}
    </figcaption>
  );
}

function wordsFor(kind: ScheduleCurve['kind'], training: TrainingArguments, pruning: PruningSettings): string {
  const { initial_threshold: initial, final_threshold: final } = pruning;
  switch (kind) {
    case 'threshold':
      return `${schedulesKeptFraction(pruning) ? 'kept fraction' : 'cut-off'} ${setting(initial)} → ${setting(final)}`;
    case 'lambda':
      return `λ up to ${setting(pruning.final_lambda)}`;
    case 'rate':
      return ratesInWords(training, pruning);
    default:
      return kind satisfies never;
  }
}

function ratesInWords({ learning_rate: weights }: TrainingArguments, pruning: PruningSettings): string {
  const { pruning_method: method, mask_scores_learning_rate: scores } = pruning;
  const hasScores = method !== 'none' && method !== 'magnitude';
  return `learning rate, at most ${setting(weights)}${hasScores ? `; scores ${setting(scores)}` : ''}`;
}

function wordsOf(
  picture: SchedulePicture,
  training: TrainingArguments,
  pruning: PruningSettings,
  { totalSteps, warmupSteps }: RunFacts,
): string {
  const curves = picture.curves.map(({ kind }) => wordsFor(kind, training, pruning)).join('; ');
  const ramp = picture.ramp ? ` Ramp from step ${picture.ramp.start} to ${picture.ramp.end}.` : '';
  return `Schedule over ${totalSteps} steps, ${warmupSteps} of them warm-up: ${curves}.${ramp}`;
}
