// How the weights that runs kept are spread, how far they moved, and which came back: runs beside each other, on one
// scale.
import { type ReactNode, useRef, useState } from 'react';
import type { WeightsDescription } from '../../runs/protocol.ts';
import { AnswerState } from '../cells/AnswerState.tsx';
import { type Bar, BarChart, type BarLayer } from '../charts/BarChart.tsx';
import { drawnIn, figureFiles, type LegendEntry } from '../charts/figure-file.ts';
import { formatNumber } from '../charts/series.ts';
import { ExportButtons } from '../components/ExportButtons.tsx';
import { Segments } from '../components/Segments.tsx';
import { csvBlob } from '../files/csv.ts';
import { fileNamePart } from '../files/save-blob.ts';
import { magnitude, percent } from '../format.ts';
import { useAnswer } from '../services.ts';
import type { RunSide } from './MasksView.tsx';
import { formatCount, formatShare } from './matrix.ts';
import { SpreadTable } from './SpreadTable.tsx';
import { barsByRecord, barsOf, oncePruned } from './spread.ts';
import './masks.css';

export interface DescribedSide {
  readonly label: string;
  readonly color: string;
  readonly weights: WeightsDescription;
}

interface SpreadViewProps {
  /** Of the matrix that is chosen. */
  readonly name: string;
  /** One or two. */
  readonly sides: readonly RunSide[];
}

export function SpreadView({ name, sides: [left, right] }: SpreadViewProps) {
  const [isOfAll, setOfAll] = useState(false);
  if (!left) return null;
  const matrix = isOfAll ? null : name;
  return (
    <>
      <Segments
        legend="Weights"
        names={{ one: 'This matrix', all: 'All matrices' }}
        value={isOfAll ? 'all' : 'one'}
        onChoose={(chosen) => setOfAll(chosen === 'all')}
      />
      <Described side={left} name={matrix}>
        {(first) =>
          right ? (
            <Described side={right} name={matrix}>
              {(second) => <Spreads sides={[first, second]} />}
            </Described>
          ) : (
            <Spreads sides={[first]} />
          )
        }
      </Described>
    </>
  );
}

interface DescribedProps {
  readonly side: RunSide;
  readonly name: string | null;
  readonly children: (side: DescribedSide) => ReactNode;
}

function Described({ side: { label, color, run }, name, children }: DescribedProps) {
  const request = { type: 'describe-weights', runId: run.id, name } as const;
  const answer = useAnswer(request);
  return (
    <AnswerState answer={answer} request={request} doing={`Counting the weights of ${label}`}>
      {(weights) => children({ label, color, weights })}
    </AnswerState>
  );
}

function Spreads({ sides }: { readonly sides: readonly DescribedSide[] }) {
  const values = barsOf(sides.flatMap(({ weights }) => [weights.finetuned, weights.pretrained]));
  const moves = barsOf(sides.map(({ weights }) => weights.moved));
  const records = sides.map(({ weights: { returns } }) => ({
    all: returns ? barsByRecord(returns.steps, returns.returned) : [],
    forGood: returns ? barsByRecord(returns.steps, returns.forGood) : [],
  }));
  return (
    <div className="spreads">
      <Spread
        title="Remaining weights"
        axis="weight"
        sides={sides}
        layersOf={({ color }, index) => [
          { name: 'fine-tuned', bars: values.bars[2 * index]!, color, opacity: 0.75 },
          { name: 'before, pretrained', bars: values.bars[2 * index + 1]!, color: 'var(--ink)', isOutline: true },
        ]}
        yFormat={(share) => percent(share)}
        wordsOf={describeValues}
      />
      <Spread
        title="How far they moved away from zero"
        axis="move"
        sides={sides}
        layersOf={({ color }, index) => [{ name: 'kept weights', bars: moves.bars[index]!, color, opacity: 0.75 }]}
        yFormat={(share) => percent(share)}
        wordsOf={describeMoves}
      />
      {sides.some(({ weights }) => weights.returns) && (
        <Spread
          title="Pruned weights that came back"
          axis="step"
          sides={sides}
          layersOf={({ color }, index) => [
            { name: 'came back', bars: records[index]!.all, color, opacity: 0.3 },
            { name: 'came back for good', bars: records[index]!.forGood, color },
          ]}
          yFormat={magnitude}
          wordsOf={describeReturns}
        />
      )}
      <SpreadTable sides={sides} />
    </div>
  );
}

interface SpreadProps {
  readonly title: string;
  readonly axis: string;
  readonly sides: readonly DescribedSide[];
  readonly layersOf: (side: DescribedSide, index: number) => readonly BarLayer[];
  readonly yFormat: (value: number) => string;
  readonly wordsOf: (side: DescribedSide) => string;
}

/** One picture per run, all on the same axes. */
function Spread({ title, axis, sides, layersOf, ...formats }: SpreadProps) {
  const layers = sides.map(layersOf);
  const bars = layers.flat().flatMap((layer) => layer.bars);
  if (bars.length === 0) return null;
  const range = [Math.min(...bars.map(({ from }) => from)), Math.max(...bars.map(({ to }) => to))] as const;
  const highest = Math.max(...bars.map(({ height }) => height), Number.EPSILON);
  return (
    <section className="spread" aria-label={title}>
      <h4>{title}</h4>
      <div className="scatters">
        {sides.map((side, index) => (
          <OneSpread
            key={`${side.label} ${side.color}`}
            {...{ title, axis, side, range, highest, layers: layers[index]! }}
            {...formats}
          />
        ))}
      </div>
    </section>
  );
}

interface OneSpreadProps extends Pick<SpreadProps, 'title' | 'axis' | 'yFormat' | 'wordsOf'> {
  readonly side: DescribedSide;
  readonly layers: readonly BarLayer[];
  readonly range: readonly [number, number];
  readonly highest: number;
}

function OneSpread({ title, axis, side, layers, range, highest, yFormat, wordsOf }: OneSpreadProps) {
  const plot = useRef<HTMLDivElement>(null);
  const legend = layers.map(({ name, color, isOutline }): LegendEntry => {
    return { label: name, color, mark: isOutline ? 'line' : 'square' };
  });
  const parts = () => ({ title: `${side.label}: ${title}`, legend, ...drawnIn(plot.current!) });
  return (
    <figure>
      <figcaption>
        <strong>{side.label}</strong>
        <ExportButtons
          subject={`${title} of ${side.label}`}
          fileName={fileNamePart(`${title} ${side.label}`)}
          files={{ ...figureFiles(parts), csv: () => csvBlob(barRows(axis, layers)) }}
        />
      </figcaption>
      <BarChart
        label={`${side.label}, ${title}: ${wordsOf(side)}`}
        {...{ plot, layers, highest, range, yFormat, xFormat: formatNumber }}
      />
      <p>{wordsOf(side)}</p>
    </figure>
  );
}

/** The edges of each bar, and the height of every layer there. */
function barRows(axis: string, layers: readonly BarLayer[]): readonly (readonly (string | number)[])[] {
  const [first] = layers;
  const row = ({ from, to }: Bar, index: number) => [from, to, ...layers.map(({ bars }) => bars[index]?.height ?? 0)];
  return [[`${axis} from`, `${axis} to`, ...layers.map(({ name }) => name)], ...(first?.bars ?? []).map(row)];
}

const describeValues = ({ weights: { kept, total } }: DescribedSide): string =>
  `${formatCount(kept)} of ${formatCount(total)} weights kept, ${formatShare(kept / total)}. The line: the same weights before fine-tuning.`;

function describeMoves({ weights: { kept, movedAway, meanMove } }: DescribedSide): string {
  if (kept === 0) return 'No weight is kept.';
  return `${formatShare(movedAway / kept)} of the kept weights moved away from zero. They moved by ${formatMove(meanMove.kept)} on average, pruned ones by ${formatMove(meanMove.pruned)}.`;
}

const formatMove = (value: number): string => formatNumber(Number(value.toPrecision(3)));

function describeReturns({ weights: { kept, returns } }: DescribedSide): string {
  if (!returns) return 'No history was recorded.';
  const once = oncePruned(returns);
  const all = returns.returned.reduce((total, count) => total + count, 0);
  return `${formatCount(once)} of ${formatCount(kept)} kept weights, ${formatShare(once / Math.max(1, kept))}, had once been pruned and came back for good; ${formatCount(all)} returns in all, at the recorded steps.`;
}
