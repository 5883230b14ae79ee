// What runs learn from: where it comes from, how it is divided, a look at some rows.
import { useEffect, useRef } from 'react';
import type { Task } from '../../engine/text/types.ts';
import type { CellOf } from '../../notebook/document.ts';
import { allRows } from '../../notebook/new-cells.ts';
import { updateCell } from '../../notebook/transitions.ts';
import type { DataDescription } from '../../runs/protocol.ts';
import { type DataChoice, splitNames } from '../../runs/spec.ts';
import { DropZone } from '../components/DropZone.tsx';
import { Notice } from '../components/Notice.tsx';
import { SelectField } from '../components/SelectField.tsx';
import { DataViews } from '../data/DataViews.tsx';
import type { KeptFiles } from '../files/keep-files.ts';
import { OnDisk } from '../files/OnDisk.tsx';
import { count, plural } from '../format.ts';
import { HubConfigChoice, HubDataDownload, HubDataSearch } from '../hub/HubData.tsx';
import { dataRequest, useAnswer, useServices } from '../services.ts';
import { AnswerState } from './AnswerState.tsx';
import { CellFrame } from './CellFrame.tsx';
import { ColumnsChoice } from './ColumnsChoice.tsx';
import { ShuffleAndFilter } from './ShuffleAndFilter.tsx';
import { SliceFields } from './SliceFields.tsx';

const embedded = [
  { id: 'spam-assassin', label: 'SpamAssassin: spam or mail' },
  { id: 'wordnet-glosses', label: 'WordNet glosses: six kinds' },
  { id: 'wordnet-qa', label: 'WordNet QA: constructed questions' },
] as const;

export function DataCell({ cell, index }: { readonly cell: CellOf<'data'>; readonly index: number }) {
  const { notebook } = useServices();
  const { choice } = cell;
  const request = dataRequest(choice);
  const answer = useAnswer(request);
  const choose = (next: DataChoice) => notebook.apply(updateCell(cell.id, 'data', { choice: next }));
  const chooseEmbedded = (chosen: string) => {
    const { id } = embedded.find((set) => set.id === chosen) ?? embedded[0];
    choose({ kind: 'embedded', id, slices: choice.slices, shuffle_seed: choice.shuffle_seed, filter: null });
  };
  useHeard(answer?.type === 'loaded' ? sizesOf(answer.value) : null);
  const isMissing = answer?.type === 'failed' && answer.error.code === 'not-kept';
  const name = answer?.type === 'loaded' ? answer.value.name : choice.kind === 'hub' ? choice.id : 'Data';
  return (
    <CellFrame cell={cell} index={index} name={name} heading={<h3>{name}</h3>}>
      <div className="choices">
        <SelectField
          label="Data set"
          options={embedded}
          value={choice.kind === 'embedded' ? choice.id : null}
          placeholder={choice.kind === 'hub' ? 'From the Hub' : 'Your own files'}
          onChoose={chooseEmbedded}
        />
        {choice.kind === 'hub' && <HubConfigChoice cellId={cell.id} choice={choice} onFound={choose} />}
        <SliceFields slices={choice.slices} onChange={(slices) => choose({ ...choice, slices })} />
      </div>
      <ShuffleAndFilter
        choice={choice}
        labels={answer?.type === 'loaded' ? (answer.value.unfiltered ?? answer.value).labels : noLabels}
        onChange={(rows) => choose({ ...choice, ...rows })}
      />
      <HubDataSearch cellId={cell.id} choice={choice} onFound={choose} />
      {choice.kind !== 'embedded' && !isMissing && answer && answer.type !== 'loading' && (
        <ColumnsChoice
          choice={choice}
          known={answer.type === 'loaded' ? answer.value.columns : null}
          onChoose={choose}
        />
      )}
      {choice.kind === 'hub' && isMissing ? (
        <HubDataDownload choice={choice} onFound={choose}>
          {answer.error.message}
        </HubDataDownload>
      ) : (
        <AnswerState answer={answer} request={request} doing="Reading the data">
          {(description) => <Description cell={cell} description={description} />}
        </AnswerState>
      )}
      {choice.kind === 'files' && (
        <OnDisk kind="dataset" importKey={choice.key} onChanged={(key) => choose({ ...choice, key })} />
      )}
      <DropZone
        kind="dataset"
        hint="Or drop your own, zipped or not: parquet, JSON lines, CSV or TSV with a text and a label column (and, for UDA, one of paraphrases), or SQuAD’s JSON or columns."
        onKept={async (kept) => choose(await choiceOf(kept))}
      />
    </CellFrame>
  );
}

const noLabels: readonly string[] = [];
/** Of a split, from which on texts that are known from training make its results look better than they are. */
const noticeableShare = 0.01;

const consequence = 'results on it look better than they are.';

const keptOf = (kept: number, all: number): string => `${count(kept)} of ${count(all)}`;

const sizeOf = (split: (typeof splitNames)[number], { counts, unfiltered }: DataDescription): string =>
  unfiltered ? keptOf(counts[split], unfiltered.counts[split]) : count(counts[split]);

const sizesOf = (description: DataDescription): string =>
  splitNames.map((split) => `${split} ${sizeOf(split, description)}`).join(', ');

/** Says what other slices or another filter leave, once it is known; not what the notebook opens with. */
function useHeard(words: string | null): void {
  const { announcements } = useServices();
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (words === null || words === before.current) return;
    if (before.current !== null) announcements.say(words);
    before.current = words;
  }, [announcements, words]);
}

function overlapWords(split: 'dev' | 'test', { task, counts, inTrain }: DataDescription): string {
  const some = keptOf(inTrain[split], counts[split]);
  return task === 'question-answering'
    ? `${some} questions of ${split} are about passages that train asks about too: ${consequence}`
    : `${some} texts of ${split} are in train too: ${consequence}`;
}

async function choiceOf({ key, names }: KeptFiles): Promise<DataChoice> {
  return { kind: 'files', key, task: await taskOf(key, names), columns: {}, ...allRows };
}

/** SQuAD comes as JSON files, or with its columns in parquet; tables are texts with labels until the reader says otherwise. */
async function taskOf(key: string, names: readonly string[]): Promise<Task> {
  const all = (extension: string) => names.every((name) => name.toLowerCase().endsWith(extension));
  if (all('.json')) return 'question-answering';
  if (!all('.parquet')) return 'text-classification';
  const { previewImport } = await import('../../hub/data-source.ts');
  return (await previewImport(key, 0)).guess?.task ?? 'text-classification';
}

interface DescriptionProps {
  readonly cell: CellOf<'data'>;
  readonly description: DataDescription;
}

function Description({ cell, description }: DescriptionProps) {
  const { task, labels, counts, note, answers, inTrain } = description;
  const misplaced = answers ? splitNames.reduce((sum, split) => sum + answers[split].misplaced, 0) : 0;
  return (
    <>
      <dl className="facts">
        <div>
          <dt>Task</dt>
          <dd>{task === 'question-answering' ? 'Question answering' : 'Text classification'}</dd>
        </div>
        {splitNames.map((split) => (
          <div key={split}>
            <dt>{split}</dt>
            <dd>{sizeOf(split, description)}</dd>
          </div>
        ))}
        {labels.length > 0 && (
          <div>
            <dt>Labels</dt>
            <dd>{labels.join(', ')}</dd>
          </div>
        )}
      </dl>
      {note && <p className="provenance">{note}</p>}
      {misplaced > 0 && (
        <Notice level="warning">
          {`${plural(misplaced, 'question')} with an answer that is not where it says: see Answers.`}
        </Notice>
      )}
      {(['dev', 'test'] as const).map(
        (split) =>
          inTrain[split] > 0 && (
            <Notice key={split} level={inTrain[split] < counts[split] * noticeableShare ? 'note' : 'warning'}>
              {overlapWords(split, description)}
            </Notice>
          ),
      )}
      <DataViews cell={cell} description={description} />
    </>
  );
}
