// The bar on top: where one is, what it computes on, and what concerns the whole notebook.
import { Command, Ellipsis, Play, Redo2, Square, Undo2 } from 'lucide-react';
import { useStore } from 'zustand';
import { isPending } from '../../runs/reducer.ts';
import { runsOfNotebook } from '../../runs/store.ts';
import { startAll, stopAll } from '../commands.ts';
import { Popover } from '../components/Popover.tsx';
import { useBackend, useMayChange, useServices } from '../services.ts';
import { BackendBadge } from './BackendBadge.tsx';
import { CommandButton } from './CommandButton.tsx';
import { helpCommands } from './command-list.ts';
import { Mark } from './Mark.tsx';
import { NotebookMenu } from './NotebookMenu.tsx';
import { historyCommands } from './notebook-commands.ts';
import { QueueMenu } from './QueueMenu.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

export function Header() {
  const { notebook } = useServices();
  const mayChange = useMayChange();
  const canUndo = useStore(notebook, ({ history }) => history.past.length > 0);
  const canRedo = useStore(notebook, ({ history }) => history.future.length > 0);
  return (
    <header className="header">
      <a className="wordmark" href="#top" aria-label="Winnow, to the top of the page">
        <Mark /> Winnow
      </a>
      {mayChange ? (
        <BackendBadge />
      ) : (
        <a className="tag" href="#top" title="Winnow is open in another tab; nothing can be changed here">
          Only watching
        </a>
      )}
      <div className="header-tools">
        <QueueMenu />
        <CommandButton command={historyCommands.undo} icon={Undo2} isDisabled={!canUndo} />
        <CommandButton command={historyCommands.redo} icon={Redo2} isDisabled={!canRedo} />
        <CommandButton command={helpCommands.palette} icon={Command} />
        <ThemeSwitch />
        <Popover label="Notebook menu" buttonClass="icon-button" button={<Ellipsis size={17} aria-hidden="true" />}>
          {(close) => <NotebookMenu onDone={close} />}
        </Popover>
      </div>
      {mayChange && <RunAll />}
    </header>
  );
}

function RunAll() {
  const services = useServices();
  const isReady = useBackend().type === 'ready';
  const id = useStore(services.notebook, (state) => state.id);
  const isBusy = useStore(services.runs, ({ runs }) => runsOfNotebook(runs, id).some(isPending));
  if (isBusy) {
    return (
      <button
        type="button"
        className="button"
        title="Stops what this notebook has running or waiting"
        onClick={() => stopAll(services)}
      >
        <Square size={14} aria-hidden="true" /> Stop all
      </button>
    );
  }
  return (
    <button type="button" className="button button-primary" disabled={!isReady} onClick={() => startAll(services)}>
      <Play size={15} aria-hidden="true" /> Run all
    </button>
  );
}
