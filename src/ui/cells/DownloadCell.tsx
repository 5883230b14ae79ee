// Weights as a Hub folder. The worker re-reads the zip and counts its zeros before it is offered.
import { FileDown } from 'lucide-react';
import { useState } from 'react';
import type { CellOf } from '../../notebook/document.ts';
import { nameOfChoice } from '../../notebook/run-choice.ts';
import { updateCell } from '../../notebook/transitions.ts';
import { bytes } from '../../runs/bytes.ts';
import type { ExportedFolder } from '../../runs/protocol.ts';
import type { Run } from '../../runs/reducer.ts';
import { Notice } from '../components/Notice.tsx';
import { SelectField } from '../components/SelectField.tsx';
import { saveBlob } from '../files/save-blob.ts';
import { count } from '../format.ts';
import { RunSelect } from '../run/RunSelect.tsx';
import { runColor } from '../run/run-colors.ts';
import { useBackend, useDocument, useResultOf, useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';

export function DownloadCell({ cell, index }: { readonly cell: CellOf<'download'>; readonly index: number }) {
  const { notebook } = useServices();
  const document = useDocument();
  const choice = { cellId: cell.runCell, variant: cell.variant };
  const run = useResultOf(choice);
  const name = nameOfChoice(document, choice);
  const change = (to: Partial<Pick<CellOf<'download'>, 'runCell' | 'variant' | 'dtype'>>) =>
    notebook.apply(updateCell(cell.id, 'download', to));
  return (
    <CellFrame
      cell={cell}
      index={index}
      name={name}
      color={cell.runCell === null ? undefined : runColor(document, cell.runCell)}
      heading={
        <div className="run-name">
          {name && <i className="swatch" aria-hidden="true" />}
          <h3>{name || 'Choose a run'}</h3>
        </div>
      }
    >
      <div className="choices">
        <RunSelect
          label="Run"
          choice={choice}
          onChoose={({ cellId, variant }) => change({ runCell: cellId, variant })}
        />
        <SelectField
          label="Number format"
          options={dtypes}
          value={cell.dtype}
          onChoose={(dtype) => change({ dtype: dtype === 'F16' ? 'F16' : 'F32' })}
        />
      </div>
      {run ? (
        <Export key={`${run.id} ${cell.dtype}`} run={run} dtype={cell.dtype} />
      ) : (
        <p className="empty">
          {name ? `Can be downloaded when ${name} has finished.` : 'Choose a finished run, above.'}
        </p>
      )}
    </CellFrame>
  );
}

const dtypes = [
  { id: 'F32', label: 'F32: exactly as trained' },
  { id: 'F16', label: 'F16: half the size' },
];

type ExportState =
  | { readonly type: 'idle' }
  | { readonly type: 'working' }
  | { readonly type: 'ready'; readonly folder: ExportedFolder }
  | { readonly type: 'failed'; readonly message: string };

function Export({ run, dtype }: { readonly run: Run; readonly dtype: 'F32' | 'F16' }) {
  const { client } = useServices();
  const isReady = useBackend().type === 'ready';
  const [state, setState] = useState<ExportState>({ type: 'idle' });
  const start = async () => {
    setState({ type: 'working' });
    try {
      const folder = await client.request({ type: 'export-run', runId: run.id, dtype });
      saveFolder(folder);
      setState({ type: 'ready', folder });
    } catch (error) {
      setState({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <>
      <div className="download-line">
        <button
          type="button"
          className="button button-primary"
          disabled={!isReady || state.type === 'working'}
          onClick={state.type === 'ready' ? () => saveFolder(state.folder) : start}
        >
          <FileDown size={15} aria-hidden="true" />
          {state.type === 'ready' ? 'Download again' : 'Download the folder as a zip'}
        </button>
        <p className="hint" aria-live="polite">
          {state.type === 'working' && 'Writing the weights, reading them back and counting…'}
          {state.type === 'idle' && 'config.json, tokenizer, model.safetensors, model card, trainer state and masks.'}
          {state.type === 'ready' && <Verified folder={state.folder} />}
        </p>
      </div>
      {state.type === 'failed' && <Notice level="error">{state.message}</Notice>}
    </>
  );
}

function Verified({ folder }: { readonly folder: ExportedFolder }) {
  const { fileName, zip, verifiedZeros } = folder;
  return (
    <>
      <strong>{fileName}</strong>, {bytes(zip.byteLength)}. Read back: {count(verifiedZeros)} pruned weights are exactly
      zero.
    </>
  );
}

const saveFolder = ({ zip, fileName }: ExportedFolder): void =>
  saveBlob(new Blob([zip], { type: 'application/zip' }), fileName);
