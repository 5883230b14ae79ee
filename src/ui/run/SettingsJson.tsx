// A run's settings as JSON: what batch mode reads, and what another notebook can take over.
import { Braces, ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import { importRunPlan, parseRunPlan } from '../../notebook/resolve.ts';
import type { RunPlan } from '../../runs/sweep.ts';
import { CopyButton } from '../components/CopyButton.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useServices } from '../services.ts';

interface SettingsJsonProps {
  readonly cellId: string;
  /** Null while the cell has no complete settings. */
  readonly plan: RunPlan | null;
}

export function SettingsJson({ cellId, plan }: SettingsJsonProps) {
  const [isPasting, setPasting] = useState(false);
  return (
    <>
      <CopyButton icon={Braces} label="Copy settings as JSON" what="settings" text={plan && (() => textOf(plan))} />
      <button type="button" className="button button-quiet" onClick={() => setPasting(true)}>
        <ClipboardPaste size={15} aria-hidden="true" /> Paste settings
      </button>
      {isPasting && <PasteDialog cellId={cellId} onClose={() => setPasting(false)} />}
    </>
  );
}

/** A run alone is a specification, without a word on sweeps. */
const textOf = ({ sweep, ...spec }: RunPlan): string => JSON.stringify(sweep ? { ...spec, sweep } : spec, null, 2);

function PasteDialog({ cellId, onClose }: { readonly cellId: string; readonly onClose: () => void }) {
  const { notebook } = useServices();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const take = () => {
    try {
      notebook.apply(importRunPlan(cellId, parseRunPlan(text), () => crypto.randomUUID()));
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Dialog title="Paste settings" onClose={onClose}>
      <textarea
        aria-label="Settings as JSON"
        placeholder={'{ "name": "…", "model": …, "data": …, "training": …, "pruning": … }'}
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {problem && <Notice level="error">{problem}</Notice>}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="button button-primary" disabled={text.trim() === ''} onClick={take}>
          Use these settings
        </button>
      </div>
    </Dialog>
  );
}
