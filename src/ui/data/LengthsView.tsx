// How long texts are in the model's tokens, and how many are longer than the runs read.
import { useMemo, useRef } from 'react';
import { inputLengths, type TokenLengths } from '../../engine/text/lengths.ts';
import type { Task } from '../../engine/text/types.ts';
import type { ReadingLength } from '../../notebook/data-use.ts';
import { type DataChoice, type ModelChoice, trainingArgumentsSchema } from '../../runs/spec.ts';
import { AnswerState } from '../cells/AnswerState.tsx';
import { BarChart } from '../charts/BarChart.tsx';
import { count, percent, plural } from '../format.ts';
import { useAnswer } from '../services.ts';
import { histogramOf, truncationAt } from './histogram.ts';
import type { Place } from './OpenedView.tsx';

interface LengthsViewProps {
  readonly model: ModelChoice;
  readonly data: DataChoice;
  readonly split: Place['split'];
  readonly reading: readonly ReadingLength[];
  readonly task: Task;
}

export function LengthsView({ model, data, split, reading, task }: LengthsViewProps) {
  const request = { type: 'measure-lengths', model, data } as const;
  const answer = useAnswer(request);
  return (
    <AnswerState answer={answer} request={request} doing="Counting tokens, texts" amountIn={count}>
      {(lengths) => (
        <Lengths lengths={lengths[split]} {...{ split, reading }} asksQuestions={task !== 'text-classification'} />
      )}
    </AnswerState>
  );
}

interface LengthsProps extends Pick<LengthsViewProps, 'split' | 'reading'> {
  readonly lengths: TokenLengths;
  readonly asksQuestions: boolean;
}

const { max_seq_length: maxSeqLength, doc_stride: docStride } = trainingArgumentsSchema.parse({});
const byDefault: ReadingLength = { maxSeqLength, docStride, names: [] };

function Lengths({ lengths, split, reading, asksQuestions }: LengthsProps) {
  const plot = useRef<HTMLDivElement>(null);
  const limits = reading.length > 0 ? reading : [byDefault];
  const histogram = useMemo(
    () =>
      histogramOf(
        inputLengths(lengths),
        reading.map((limit) => limit.maxSeqLength),
      ),
    [lengths, reading],
  );
  const { bars, median, longest, beyond } = histogram;
  const { names } = lengths;
  const end = bars.at(-1)?.to ?? 1;
  const marks = [...new Set(limits.map((limit) => limit.maxSeqLength))]
    .filter((at) => at <= end)
    .map((at) => ({ at, label: `${at} tokens` }));
  const noun = asksQuestions ? 'question' : 'text';
  const words = `Half of the ${noun}s have at most ${plural(median, 'token')}, the longest has ${count(longest)}.`;
  return (
    <figure className="lengths">
      <figcaption>
        <strong>{`${plural(lengths.first.length, noun)} of ${split} by tokens`}</strong>
        {`${asksQuestions ? ', each with its whole context' : ''}, ${names.cls} and ${names.sep} included`}
      </figcaption>
      <BarChart
        label={words}
        plot={plot}
        layers={[{ name: split, bars, color: 'var(--series-1)', opacity: 0.8 }]}
        highest={Math.max(...bars.map(({ height }) => height), Number.EPSILON)}
        range={[0, end]}
        marks={marks}
        xFormat={count}
        yFormat={(share) => percent(share)}
      />
      <p>
        {words}
        {beyond > 0 && ` ${plural(beyond, noun)} ${beyond === 1 ? 'is' : 'are'} longer than the axis.`}
        {` ${unknownWords(lengths)}`}
      </p>
      <ul className="truncations">
        {limits.map((limit) => (
          <li key={`${limit.maxSeqLength} ${limit.docStride}`}>{truncationWords(lengths, limit, asksQuestions)}</li>
        ))}
      </ul>
    </figure>
  );
}

function unknownWords({ tokens, unknown, names }: TokenLengths): string {
  if (unknown === 0) return 'The vocabulary has all their words.';
  return `${shareOf(unknown, tokens)} of the tokens are ${names.unknown}: the vocabulary lacks those words.`;
}

function truncationWords(lengths: TokenLengths, limit: ReadingLength, asksQuestions: boolean): string {
  const { cut, windows } = truncationAt(lengths, limit, asksQuestions);
  const all = lengths.first.length;
  const who = limit.names.length > 0 ? ` (${limit.names.join(', ')})` : ', the default where no run uses this data';
  const where = `${limit.maxSeqLength} tokens${who}`;
  if (!asksQuestions) return `${shareOf(cut, all)} of the texts are cut at ${where}.`;
  const stride = `doc_stride ${limit.docStride}`;
  if (windows === null) return `At ${where} and ${stride} some questions leave no room for their context.`;
  return `At ${where} and ${stride} ${plural(all, 'question')} make ${plural(windows, 'window')}; ${shareOf(cut, all)} have more than one.`;
}

/** A few of very many are not none. */
function shareOf(part: number, whole: number): string {
  const share = part / Math.max(1, whole);
  return part > 0 && share < 0.0005 ? 'Under 0.1 %' : percent(share);
}
