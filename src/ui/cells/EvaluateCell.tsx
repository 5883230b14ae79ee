// Finished runs on a split of any data: their metrics, and the examples that one alone gets right.
import { useStore } from 'zustand';
import { type CellOf, findCell } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import { answerTo, type Loadable } from '../../runs/loadable.ts';
import type { RunEvaluation } from '../../runs/protocol.ts';
import { splitNames } from '../../runs/spec.ts';
import { Notice } from '../components/Notice.tsx';
import { SelectField } from '../components/SelectField.tsx';
import { count, percent, plural } from '../format.ts';
import { inputOptions } from '../run/input-options.ts';
import { RunChecks } from '../run/RunChecks.tsx';
import { type Result, useResults } from '../run/useResults.ts';
import { useBackend, useDocument, useServices } from '../services.ts';
import { aloneRight } from './alone-right.ts';
import './try.css';
import { CellFrame } from './CellFrame.tsx';

export function EvaluateCell({ cell, index }: { readonly cell: CellOf<'evaluate'>; readonly index: number }) {
  const { notebook } = useServices();
  const document = useDocument();
  const change = (to: Partial<Pick<CellOf<'evaluate'>, 'runCells' | 'dataCell' | 'split'>>) =>
    notebook.apply(updateCell(cell.id, 'evaluate', to));
  const splits = splitNames.map((split) => ({ id: split, label: split }));
  return (
    <CellFrame
      cell={cell}
      index={index}
      name=""
      heading={
        <RunChecks legend="Runs to evaluate" chosen={cell.runCells} onChoose={(runCells) => change({ runCells })} />
      }
    >
      <div className="choices">
        <SelectField
          label="Data"
          options={inputOptions(document, 'data')}
          value={cell.dataCell}
          onChoose={(dataCell) => change({ dataCell })}
        />
        <SelectField
          label="Split"
          options={splits}
          value={cell.split}
          onChoose={(id) => change({ split: splitNames.find((split) => split === id) ?? 'dev' })}
        />
      </div>
      <Evaluations cell={cell} />
    </CellFrame>
  );
}

interface Evaluated extends Result {
  readonly answer: Loadable<RunEvaluation> | null;
}

function Evaluations({ cell }: { readonly cell: CellOf<'evaluate'> }) {
  const { answers } = useServices();
  const isReady = useBackend().type === 'ready';
  const data = findCell(useDocument(), 'data', cell.dataCell)?.choice ?? null;
  const results = useResults(cell.runCells);
  const state = useStore(answers);
  if (!data) return <p className="empty">Choose the data to evaluate on, above.</p>;
  const requestOf = (runId: string) => ({ type: 'evaluate-run', runId, data, split: cell.split }) as const;
  const finished = results.filter(({ run }) => run !== null);
  if (finished.length === 0) {
    const names = results.map(({ name }) => name).join(', ');
    return <p className="empty">{names ? `Can be evaluated when ${names} has finished.` : 'Choose runs, above.'}</p>;
  }
  const rows: Evaluated[] = finished.map((result) => ({
    ...result,
    answer: result.run && answerTo(state, requestOf(result.run.id)),
  }));
  const isUnderWay = rows.some(({ answer }) => answer?.type === 'loading');
  const evaluate = () => {
    for (const { run, answer } of rows) {
      if (run && answer?.type === 'failed') answers.retry(requestOf(run.id));
      else if (run) answers.ask(requestOf(run.id));
    }
  };
  return (
    <>
      <button
        type="button"
        className="button button-primary ask-button"
        disabled={!isReady || isUnderWay}
        onClick={evaluate}
      >
        {`Evaluate on ${cell.split}`}
      </button>
      <EvaluationTable rows={rows} />
      <AloneRight rows={rows} />
    </>
  );
}

function EvaluationTable({ rows }: { readonly rows: readonly Evaluated[] }) {
  const loaded = rows.flatMap(({ answer }) => (answer?.type === 'loaded' ? [answer.value] : []));
  const tags = [...new Set(loaded.flatMap(({ metrics }) => Object.keys(metrics)))];
  if (rows.every(({ answer }) => answer === null)) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Evaluation" aria-live="polite">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">run</th>
            {tags.map((tag) => (
              <th key={tag} scope="col" className="number">
                {tag === 'f1' ? 'F1' : tag.replace('_', ' ')}
              </th>
            ))}
            <th scope="col" className="number">
              right
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cellId, name, color, answer }) => (
            <tr key={cellId}>
              <th scope="row">
                <i className="swatch" style={{ background: color }} aria-hidden="true" /> {name}
              </th>
              <Figures answer={answer} tags={tags} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Figures({ answer, tags }: { readonly answer: Evaluated['answer']; readonly tags: readonly string[] }) {
  if (answer?.type === 'loaded') {
    const { metrics, judgements } = answer.value;
    const right = judgements.filter(({ isRight }) => isRight).length;
    return (
      <>
        {tags.map((tag) => (
          <td key={tag} className="number">
            {figure(metrics, tag)}
          </td>
        ))}
        <td className="number">{`${count(right)} of ${count(judgements.length)}`}</td>
      </>
    );
  }
  const progress = answer?.type === 'loading' ? answer.progress : null;
  return (
    <td colSpan={tags.length + 1}>
      {answer?.type === 'failed' && <Notice level="error">{answer.error.message}</Notice>}
      {answer?.type === 'loading' &&
        (progress ? `${count(progress.done)} of ${count(progress.total)} texts…` : 'Reading the model…')}
    </td>
  );
}

/** Shares of classifiers in per cent; answers are scored in per cent already. */
function figure(metrics: RunEvaluation['metrics'], tag: string): string {
  const value = metrics[tag];
  if (value === undefined) return '–';
  if (tag === 'loss') return value.toFixed(3);
  return 'exact_match' in metrics ? `${value.toFixed(1)}\u202f%` : percent(value, 1);
}

const MOST_SHOWN = 10;

/** Where exactly one of the runs is right: what the others have lost, or never learned. */
function AloneRight({ rows }: { readonly rows: readonly Evaluated[] }) {
  const loaded = rows.flatMap(({ cellId, name, answer }) =>
    answer?.type === 'loaded' ? [{ cellId, name, judgements: answer.value.judgements }] : [],
  );
  if (loaded.length < 2) return null;
  return loaded.map(({ cellId, name, judgements }) => {
    const others = loaded.filter((other) => other.cellId !== cellId);
    const examples = aloneRight(
      judgements,
      others.map((other) => other.judgements),
    );
    if (examples.length === 0) return null;
    return (
      <details key={cellId} className="more">
        <summary>{`${plural(examples.length, 'example')} that only ${name} gets right`}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls by keyboard */}
        <section className="table-scroll" tabIndex={0} aria-label={`Right in ${name} alone`}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">text</th>
                <th scope="col">expected</th>
                {others.map((other) => (
                  <th key={other.cellId} scope="col">
                    {other.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {examples.slice(0, MOST_SHOWN).map(({ example, elsewhere }) => (
                <tr key={example.id}>
                  <td>{example.text}</td>
                  <td>{example.expected}</td>
                  {elsewhere.map((predicted, place) => (
                    <td key={others[place]?.cellId}>{predicted}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        {examples.length > MOST_SHOWN && <p className="hint">{`The first ${MOST_SHOWN} are shown.`}</p>}
      </details>
    );
  });
}
