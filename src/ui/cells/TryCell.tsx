// A text of one's own, asked of several finished runs at once: answers side by side, with probabilities and times.
import { type KeyboardEvent, useId, useState } from 'react';
import type { CellOf } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import type { TriedText } from '../../runs/protocol.ts';
import { asksQuestions } from '../../runs/spec.ts';
import { Notice } from '../components/Notice.tsx';
import { percent } from '../format.ts';
import { RunChecks } from '../run/RunChecks.tsx';
import { type Result, useResults } from '../run/useResults.ts';
import { useBackend, useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';
import './try.css';

export function TryCell({ cell, index }: { readonly cell: CellOf<'try'>; readonly index: number }) {
  const { notebook } = useServices();
  const change = (to: Partial<Pick<CellOf<'try'>, 'runCells' | 'first' | 'second'>>) =>
    notebook.apply(updateCell(cell.id, 'try', to), `${cell.id} ${Object.keys(to)}`);
  const results = useResults(cell.runCells);
  const finished = results.filter(({ run }) => run !== null);
  const isAboutQuestions = useIsAboutQuestions(finished);
  const { tried, ask, asked } = useAsking(finished, cell);
  const isReady = useBackend().type === 'ready';
  const canAsk = isReady && asked === null && finished.length > 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !canAsk) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook's own Ctrl+Enter
    void ask();
  };
  return (
    <CellFrame
      cell={cell}
      index={index}
      name=""
      heading={<RunChecks legend="Runs to ask" chosen={cell.runCells} onChoose={(runCells) => change({ runCells })} />}
    >
      <div className="try-texts">
        <Text
          label={isAboutQuestions ? 'Question' : 'Text'}
          rows={isAboutQuestions ? 1 : 4}
          value={cell.first}
          onChange={(first) => change({ first })}
          onKeyDown={onKeyDown}
        />
        <Text
          label={isAboutQuestions ? 'Passage' : 'Second text of a pair, if the task has one'}
          rows={isAboutQuestions ? 6 : 1}
          value={cell.second}
          onChange={(second) => change({ second })}
          onKeyDown={onKeyDown}
        />
      </div>
      <button type="button" className="button button-primary ask-button" disabled={!canAsk} onClick={() => void ask()}>
        {asked === null ? 'Ask' : `Asking ${asked}…`}
      </button>
      {finished.length === 0 && (
        <p className="empty">
          {results.length > 0
            ? `Can be asked when ${results.map(({ name }) => name).join(' or ')} has finished.`
            : 'Choose runs to ask, above.'}
        </p>
      )}
      <div className="try-answers" aria-live="polite">
        {finished.map((result) => (
          <Answer key={result.cellId} result={result} tried={tried.get(result.run?.id ?? '') ?? null} />
        ))}
      </div>
    </CellFrame>
  );
}

interface TextProps {
  readonly label: string;
  readonly rows: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function Text({ label, rows, value, onChange, onKeyDown }: TextProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

/** By the task of the data that the first of the runs was trained on. */
function useIsAboutQuestions(results: readonly Result[]): boolean {
  const data = results[0]?.run?.spec.data;
  return data !== undefined && asksQuestions(data);
}

/** An answer to the texts that it was asked about, or why there is none. */
type Tried =
  | { readonly type: 'answered'; readonly second: string; readonly answer: TriedText }
  | { readonly type: 'failed'; readonly message: string };

function useAsking(results: readonly Result[], { first, second }: Pick<CellOf<'try'>, 'first' | 'second'>) {
  const { client } = useServices();
  const [tried, setTried] = useState<ReadonlyMap<string, Tried>>(new Map());
  /** The run that is at it. */
  const [asked, setAsked] = useState<string | null>(null);
  const askRun = async (runId: string): Promise<Tried> => {
    try {
      const answer = await client.request({ type: 'try-run', runId, first, second });
      return { type: 'answered', second, answer };
    } catch (error) {
      return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  };
  const ask = async () => {
    // One after the other: side by side they would slow each other, and the times would mean nothing.
    for (const { run, name } of results) {
      if (!run) continue;
      setAsked(name);
      const outcome = await askRun(run.id);
      setTried((known) => new Map(known).set(run.id, outcome));
    }
    setAsked(null);
  };
  return { tried, ask, asked };
}

function Answer({ result: { name, color }, tried }: { readonly result: Result; readonly tried: Tried | null }) {
  if (!tried) return null;
  return (
    <section className="try-answer" aria-label={`Answer of ${name}`}>
      <h4>
        <i className="swatch" style={{ background: color }} aria-hidden="true" /> {name}
        {tried.type === 'answered' && <small>{`${tried.answer.ms.toFixed(0)} ms`}</small>}
      </h4>
      {tried.type === 'failed' ? (
        <Notice level="error">{tried.message}</Notice>
      ) : tried.answer.kind === 'text-classification' ? (
        <Probabilities labels={tried.answer.labels} probabilities={tried.answer.probabilities} color={color} />
      ) : (
        <Marked passage={tried.second} answer={tried.answer} />
      )}
    </section>
  );
}

interface ProbabilitiesProps {
  readonly labels: readonly string[];
  readonly probabilities: readonly number[];
  readonly color: string;
}

/** The likeliest first. */
function Probabilities({ labels, probabilities, color }: ProbabilitiesProps) {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!);
  return (
    <ol className="try-classes">
      {order.map((index) => (
        <li key={labels[index]}>
          <span>{labels[index]}</span>
          <span className="try-bar" aria-hidden="true">
            <span style={{ width: `${100 * probabilities[index]!}%`, background: color }} />
          </span>
          <span className="number">{percent(probabilities[index]!, 1)}</span>
        </li>
      ))}
    </ol>
  );
}

interface MarkedProps {
  readonly passage: string;
  readonly answer: Extract<TriedText, { kind: 'question-answering' }>;
}

function Marked({ passage, answer: { text, span, probability } }: MarkedProps) {
  const [from, to] = span ?? [0, 0];
  return (
    <>
      <p>
        <strong>{text || 'No answer'}</strong> {percent(probability, 1)}
      </p>
      <p className="try-passage">
        {passage.slice(0, from)}
        <mark>{passage.slice(from, to)}</mark>
        {passage.slice(to)}
      </p>
    </>
  );
}
