// What runs and what waits, from anywhere in the notebook: there while something does.
import { ArrowDown, ArrowUp, ListOrdered, Square, X } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { useStore } from 'zustand';
import { queueOf } from '../../runs/queue.ts';
import { isActive, type Run } from '../../runs/reducer.ts';
import { cancelRuns, focusCell, moveInQueue } from '../commands.ts';
import { IconButton } from '../components/IconButton.tsx';
import { Popover } from '../components/Popover.tsx';
import { duration, percent } from '../format.ts';
import { useDocument, useServices } from '../services.ts';
import { chordOf } from './keys.ts';
import { NotebookLink } from './NotebookLink.tsx';
import { NotifyChoice } from './NotifyChoice.tsx';
import { Sealed } from './Sealed.tsx';
import './queue.css';

export function QueueMenu() {
  const { runs } = useServices();
  // A string: reports of a run, several a second, change it only with the number shown.
  const title = useStore(runs, (state) => titleOf(state.runs));
  if (title === '') return null;
  return (
    <Popover
      label={`Queue: ${title}`}
      hasOwnText
      buttonClass="button button-quiet queue-button"
      button={
        <>
          <ListOrdered size={16} aria-hidden="true" />
          <span className="queue-title">{title}</span>
        </>
      }
    >
      {(close) => <QueuePanel onGo={close} />}
    </Popover>
  );
}

/** "movement 34 %, 2 waiting". */
function titleOf(runs: Readonly<Record<string, Run>>): string {
  const active = Object.values(runs).find(isActive);
  const waiting = queueOf(runs).length;
  const parts = [active && `${active.spec.name} ${percent(shareOf(active), 0)}`, waiting > 0 && `${waiting} waiting`];
  return parts.filter(Boolean).join(', ');
}

const shareOf = ({ progress, started }: Run): number =>
  progress && started ? progress.step / Math.max(1, started.totalSteps) : 0;

function QueuePanel({ onGo }: { readonly onGo: () => void }) {
  const { runs } = useServices();
  const state = useStore(runs, (now) => now.runs);
  const active = Object.values(state).find(isActive);
  const queue = queueOf(state);
  return (
    <Sealed>
      {active && (
        <div className="popover-section">
          <p className="eyebrow">Now</p>
          <div className="queue-row">
            <RunLink run={active} onGo={onGo} />
            <span className="hint">{progressOf(active)}</span>
            <IconButton
              icon={Square}
              label={`Stop ${active.spec.name}`}
              onPress={() => runs.control('stop-run', active.id)}
            />
          </div>
        </div>
      )}
      <div className="popover-section">
        <p className="eyebrow">Waiting</p>
        {queue.length === 0 && <p className="hint">Nothing.</p>}
        <ol className="queue-list">
          {queue.map((run) => (
            <WaitingRun key={run.id} run={run} onGo={onGo} />
          ))}
        </ol>
      </div>
      <NotifyChoice />
    </Sealed>
  );
}

function progressOf({ status, progress, phase, started }: Run): string {
  if (!progress || !started) return phase?.name ?? 'Getting ready';
  const left = status === 'paused' ? 'on hold' : `${duration(progress.etaMs)} left`;
  return `${percent(progress.step / Math.max(1, started.totalSteps), 0)}, ${left}`;
}

function WaitingRun({ run, onGo }: { readonly run: Run; readonly onGo: () => void }) {
  const services = useServices();
  const { name } = run.spec;
  const move = (by: -1 | 1) => {
    const focused = document.activeElement;
    moveInQueue(services, run.id, by);
    // The row is put elsewhere on the page, where it would lose the focus.
    requestAnimationFrame(() => focused instanceof HTMLElement && focused.focus());
  };
  const row = useRef<HTMLLIElement>(null);
  const cancel = () => {
    const list = row.current?.parentElement;
    const place = queueOf(services.runs.getState().runs).indexOf(run);
    cancelRuns(services, [run]);
    // The button goes with its row: the focus passes to that of the next, or to what runs.
    requestAnimationFrame(() => {
      const next = list?.children[place] ?? list?.lastElementChild ?? list?.closest('[popover]');
      next?.querySelector<HTMLElement>('button:last-of-type')?.focus();
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chord = chordOf(event);
    if (chord !== 'Alt+ArrowUp' && chord !== 'Alt+ArrowDown') return;
    event.preventDefault();
    move(chord === 'Alt+ArrowUp' ? -1 : 1);
  };
  return (
    <li ref={row} className="queue-row" onKeyDown={onKeyDown}>
      <RunLink run={run} onGo={onGo} />
      <IconButton icon={ArrowUp} label={`${name}: sooner`} keys={upKeys} onPress={() => move(-1)} />
      <IconButton icon={ArrowDown} label={`${name}: later`} keys={downKeys} onPress={() => move(1)} />
      <IconButton icon={X} label={`${name}: do not run`} onPress={cancel} />
    </li>
  );
}

const upKeys = { shown: 'Alt ↑', aria: 'Alt+ArrowUp' };
const downKeys = { shown: 'Alt ↓', aria: 'Alt+ArrowDown' };

/** Leads to the run's cell, in this notebook or in its own. */
function RunLink({ run, onGo }: { readonly run: Run; readonly onGo: () => void }) {
  const { notebook, library } = useServices();
  const isHere = useStore(notebook, ({ id }) => id === run.notebookId);
  const hasCell = useDocument().cells.some(({ id }) => id === run.cellId);
  const entry = useStore(library, ({ entries }) => entries.find(({ id }) => id === run.notebookId));
  const { name } = run.spec;
  if (!isHere && entry) {
    return (
      <NotebookLink notebookId={entry.id} cellId={run.cellId} className="button button-quiet queue-name" onOpen={onGo}>
        {name} <small>of “{entry.title || 'Untitled'}”</small>
      </NotebookLink>
    );
  }
  if (!hasCell) return <span className="queue-name">{name}, whose cell is gone</span>;
  const go = () => {
    onGo();
    focusCell(run.cellId);
  };
  return (
    <button type="button" className="button button-quiet queue-name" onClick={go}>
      {name}
    </button>
  );
}
