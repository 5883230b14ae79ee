// Plays how masks came to be: a slider over the recorded steps, and what each of them pruned and brought back.
import { Pause, Play } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { type MaskHistory, type Turnover, turnover } from '../../engine/pruning/mask-history.ts';
import { formatCount } from './matrix.ts';
import { colorOf, type MaskSide } from './side.ts';

const MS_PER_RECORD = 120;

interface StepScrubberProps {
  readonly sides: readonly MaskSide[];
  /** Null stands for the end. */
  readonly step: number | null;
  readonly onStep: (step: number | null) => void;
}

export function StepScrubber({ sides, step, onStep }: StepScrubberProps) {
  const histories = useHistories(sides);
  const steps = useMemo(() => recordedSteps(histories), [histories]);
  const last = steps.length - 1;
  const at = step === null ? last : steps.indexOf(step);
  const go = (index: number) => onStep(index >= last ? null : (steps[index] ?? null));
  const [isPlaying, setPlaying] = usePlayback(at, last, go);
  if (last < 1) return null;
  const name = `step ${steps[at]}${at === last ? ', the end' : ''}`;
  return (
    <div className="scrubber">
      <button
        type="button"
        className="icon-button"
        aria-label={isPlaying ? 'Pause the history' : 'Play the history'}
        onClick={() => {
          if (!isPlaying && at === last) go(0);
          setPlaying(!isPlaying);
        }}
      >
        {isPlaying ? <Pause aria-hidden="true" size={16} /> : <Play aria-hidden="true" size={16} />}
      </button>
      <label className="scrubber-slider">
        <span className="visually-hidden">Masks as of step</span>
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          aria-valuetext={name}
          onChange={(event) => {
            setPlaying(false);
            go(event.target.valueAsNumber);
          }}
        />
      </label>
      <output>{name}</output>
      <Changes sides={sides} histories={histories} step={steps[at] ?? 0} />
    </div>
  );
}

/** In order, each once. */
function recordedSteps(histories: readonly (MaskHistory | null)[]): number[] {
  return [...new Set(histories.flatMap((history) => history?.steps ?? []))].sort((a, b) => a - b);
}

/** The same array until a history changes: sides are made anew whenever the page is drawn. */
function useHistories([left, right]: readonly MaskSide[]): readonly (MaskHistory | null)[] {
  const [a, b] = [left?.data.history ?? null, right?.data.history ?? null];
  return useMemo(() => [a, b], [a, b]);
}

function usePlayback(at: number, last: number, go: (index: number) => void) {
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    if (at >= last) return setPlaying(false);
    const timer = setTimeout(() => go(at + 1), MS_PER_RECORD);
    return () => clearTimeout(timer);
  });
  return [isPlaying && at < last, setPlaying] as const;
}

interface ChangesProps {
  readonly sides: readonly MaskSide[];
  readonly histories: readonly (MaskHistory | null)[];
  readonly step: number;
}

/** Per run, what its last record at or before `step` changed. */
function Changes({ sides, histories, step }: ChangesProps) {
  const records = useMemo(() => histories.map((history) => (history ? turnover(history) : [])), [histories]);
  const most = Math.max(1, ...records.flat().map(({ revived }) => revived));
  return (
    <div className="scrubber-changes">
      {sides.map((side, index) => {
        const now = records[index]?.findLast((record) => record.step <= step);
        const color = colorOf(side, index === 0 ? 'left' : 'right');
        return (
          <p key={`${side.label} ${color}`}>
            <Revivals records={records[index] ?? []} most={most} color={color} step={step} />
            <span>
              <strong>{side.label}</strong> {now ? describeTurnover(now) : 'nothing recorded yet'}
            </span>
          </p>
        );
      })}
    </div>
  );
}

const describeTurnover = ({ pruned, revived }: Turnover): string =>
  `${formatCount(pruned)} pruned and ${formatCount(revived)} back since the record before`;

const HEIGHT = 24;

/** Weights that came back at each record, on one scale for both runs. */
function Revivals({
  records,
  most,
  color,
  step,
}: {
  readonly records: readonly Turnover[];
  readonly most: number;
  readonly color: string;
  readonly step: number;
}) {
  const width = records.length;
  return (
    <svg viewBox={`0 0 ${Math.max(1, width)} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {records.map(({ step: at, revived }, index) => {
        const height = (HEIGHT * revived) / most;
        return (
          <rect
            key={at}
            x={index}
            y={HEIGHT - height}
            width={0.85}
            height={height}
            fill={color}
            opacity={at <= step ? 1 : 0.3}
          />
        );
      })}
    </svg>
  );
}
