// Which pretrained model runs start from, and what is in it.
import type { CellOf } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import type { ModelDescription } from '../../runs/protocol.ts';
import type { ModelChoice } from '../../runs/spec.ts';
import { DropZone } from '../components/DropZone.tsx';
import { SelectField } from '../components/SelectField.tsx';
import { OnDisk } from '../files/OnDisk.tsx';
import { count, magnitude, plural } from '../format.ts';
import { HubModelDownload, HubModelSearch } from '../hub/HubModel.tsx';
import { modelRequest, useAnswer, useServices } from '../services.ts';
import { AnswerState } from './AnswerState.tsx';
import { CellFrame } from './CellFrame.tsx';

export function ModelCell({ cell, index }: { readonly cell: CellOf<'model'>; readonly index: number }) {
  const { notebook } = useServices();
  const request = modelRequest(cell.choice);
  const answer = useAnswer(request);
  const choose: ChooseModel = (choice) => notebook.apply(updateCell(cell.id, 'model', { choice }));
  return (
    <CellFrame cell={cell} index={index} name={nameOf(cell.choice)} heading={<h3>{nameOf(cell.choice)}</h3>}>
      <div className="choices">
        <SelectField
          label="Model"
          options={embedded}
          value={cell.choice.kind === 'embedded' ? cell.choice.id : null}
          placeholder={cell.choice.kind === 'hub' ? 'From the Hub' : 'Your own files'}
          onChoose={() => choose({ kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: cell.choice.layers })}
        />
        <LayersChoice
          choice={cell.choice}
          available={answer?.type === 'loaded' ? answer.value.availableLayers : null}
          onChoose={choose}
        />
      </div>
      <HubModelSearch cellId={cell.id} choice={cell.choice} onFound={choose} />
      {cell.choice.kind === 'hub' && answer?.type === 'failed' && answer.error.code === 'not-kept' ? (
        <HubModelDownload choice={cell.choice} onFound={choose} />
      ) : (
        <AnswerState answer={answer} request={request} doing="Reading the model">
          {(description) => <Description description={description} />}
        </AnswerState>
      )}
      <ModelOnDisk choice={cell.choice} onChoose={choose} />
      <DropZone
        kind="model"
        hint="Or drop a BERT, DistilBERT, RoBERTa or ELECTRA folder as on the Hub, or a zip of it: config.json, model.safetensors, and tokenizer.json, vocab.txt or vocab.json with merges.txt."
        onKept={({ key }) => choose({ kind: 'files', key, layers: null })}
      />
    </CellFrame>
  );
}

function ModelOnDisk({ choice, onChoose }: Omit<LayersChoiceProps, 'available'>) {
  if (choice.kind !== 'files') return null;
  return <OnDisk kind="model" importKey={choice.key} onChanged={(key) => onChoose({ ...choice, key })} />;
}

type ChooseModel = (choice: ModelChoice) => void;

const embedded = [{ id: 'all-MiniLM-L6-v2', label: 'all-MiniLM-L6-v2, embedded' }];

function nameOf(choice: ModelChoice): string {
  if (choice.kind === 'files') return 'Your own model';
  const at = choice.kind === 'hub' && choice.commit ? ` at ${choice.commit.slice(0, 7)}` : '';
  return choice.id + at;
}

interface LayersChoiceProps {
  readonly choice: ModelChoice;
  /** Null while the model's files have not been read. */
  readonly available: number | null;
  readonly onChoose: ChooseModel;
}

function LayersChoice({ choice, available, onChoose }: LayersChoiceProps) {
  const numbers = Array.from({ length: available ?? choice.layers ?? 0 }, (_, index) => String(index + 1));
  const options = numbers.map((number) => ({ id: number, label: number === '1' ? 'First only' : `First ${number}` }));
  return (
    <SelectField
      label="Layers"
      options={[{ id: 'all', label: 'All' }, ...options]}
      value={String(choice.layers ?? 'all')}
      onChoose={(id) => onChoose({ ...choice, layers: id === 'all' ? null : Number(id) })}
    />
  );
}

function Description({ description }: { readonly description: ModelDescription }) {
  const { architecture, layers, hiddenSize, heads, vocabularySize, parameters, matrices } = description;
  const prunable = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  return (
    <>
      <dl className="facts">
        <Fact label="Architecture" value={architecture} />
        <Fact label="Layers" value={String(layers)} />
        <Fact label="Hidden size" value={count(hiddenSize)} />
        <Fact label="Heads" value={String(heads)} />
        <Fact label="Vocabulary" value={count(vocabularySize)} />
        <Fact label="Parameters" value={magnitude(parameters)} />
        <Fact label="Of these, prunable" value={`${magnitude(prunable)} in ${matrices.length} matrices`} />
      </dl>
      <KeyList
        keys={description.newKeys}
        summary={`${plural(description.newKeys.length, 'parameter')} start untrained`}
      />
      <KeyList
        keys={description.unusedKeys}
        summary={`${plural(description.unusedKeys.length, 'key')} of the file not used`}
      />
    </>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function KeyList({ keys, summary }: { readonly keys: readonly string[]; readonly summary: string }) {
  if (keys.length === 0) return null;
  return (
    <details className="keys">
      <summary>{summary}</summary>
      <ul>
        {keys.map((key) => (
          <li key={key}>
            <code>{key}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
