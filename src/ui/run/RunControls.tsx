import { Pause, Play, SkipForward, Square, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { queueOf } from '../../runs/queue.ts';
import type { Run } from '../../runs/reducer.ts';
import type { RunsState } from '../../runs/store.ts';
import { cancelRuns, startRuns } from '../commands.ts';
import { useBackend, useServices } from '../services.ts';

interface RunControlsProps {
  readonly cellId: string;
  readonly run: Run | null;
  readonly canStart: boolean;
}

export function RunControls({ cellId, run, canStart }: RunControlsProps) {
  const services = useServices();
  const { runs } = services;
  const isReady = useBackend().type === 'ready';
  const control = (type: Parameters<typeof runs.control>[0]) => () => run && runs.control(type, run.id);
  const ownWaiting = (state: RunsState) => queueOf(state.runs).filter((other) => other.cellId === cellId);
  const waiting = useStore(runs, (state) => ownWaiting(state).length);
  const cancel = () => cancelRuns(services, ownWaiting(runs.getState()));
  const cancelWaiting = waiting > 0 && run?.status !== 'queued' && (
    <Control icon={<X size={15} aria-hidden="true" />} label={`Cancel the ${waiting} waiting`} onPress={cancel} />
  );
  const stop = <Control icon={<Square size={13} aria-hidden="true" />} label="Stop" onPress={control('stop-run')} />;
  switch (run?.status) {
    case 'queued':
      return <Control icon={<X size={15} aria-hidden="true" />} label="Cancel" onPress={cancel} />;
    case 'starting':
      return (
        <>
          {stop}
          {cancelWaiting}
        </>
      );
    case 'running':
      return (
        <>
          <Control icon={<Pause size={14} aria-hidden="true" />} label="Pause" onPress={control('pause-run')} />
          {stop}
          {cancelWaiting}
        </>
      );
    case 'paused':
      return (
        <>
          <Control icon={<Play size={14} aria-hidden="true" />} label="Resume" onPress={control('resume-run')} />
          <Control icon={<SkipForward size={14} aria-hidden="true" />} label="Step" onPress={control('step-run')} />
          {stop}
          {cancelWaiting}
        </>
      );
    default:
      return (
        <Control
          icon={<Play size={14} aria-hidden="true" />}
          label={run ? 'Run again' : 'Run'}
          isPrimary={!run}
          isDisabled={!isReady || !canStart}
          onPress={() => startRuns(services, [cellId])}
        />
      );
  }
}

interface ControlProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly isPrimary?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

function Control({ icon, label, isPrimary = false, isDisabled = false, onPress }: ControlProps) {
  return (
    <button
      type="button"
      className={isPrimary ? 'button button-primary' : 'button'}
      disabled={isDisabled}
      onClick={onPress}
    >
      {icon} {label}
    </button>
  );
}
