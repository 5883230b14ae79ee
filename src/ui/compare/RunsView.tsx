// Runs beside each other: their curves, the settings in which they differ or what they trade for their weights, above
// a table of all of them, in which the reader chooses what is drawn.
import { useCallback, useDeferredValue, useMemo } from 'react';
import type { CompareLook } from '../../notebook/document.ts';
import { groupRuns, type RunGroup } from '../../runs/groups.ts';
import type { Run } from '../../runs/reducer.ts';
import { ZoomProvider } from '../charts/Zoom.tsx';
import { Segments } from '../components/Segments.tsx';
import { groupColors } from '../run/run-colors.ts';
import { useDocument } from '../services.ts';
import { ChartTools } from './ChartTools.tsx';
import { Overlay } from './Overlay.tsx';
import { RunsTable } from './RunsTable.tsx';
import { SettingsDifference } from './SettingsDifference.tsx';
import { TradeoffView } from './TradeoffView.tsx';
import './compare.css';

interface RunsViewProps {
  /** For what needs a name of its own on the page. */
  readonly id: string;
  readonly runs: readonly Run[];
  readonly look: CompareLook;
  readonly onChange: (change: Partial<CompareLook>) => void;
  /** Whether a run is drawn about which the reader has not chosen. */
  readonly isShownAtFirst: (run: Run) => boolean;
  /** Whether each seed has its own line in the table from the start. */
  readonly opensSeeds?: boolean;
}

/** More curves than this are a tangle, and cost frames. */
const mostDrawn = 20;

export interface ShownGroup extends RunGroup {
  readonly color: string;
}

export function RunsView({ id, look, onChange, isShownAtFirst, opensSeeds = false, ...props }: RunsViewProps) {
  const document = useDocument();
  const runs = useDeferredValue(props.runs);
  const groups = useMemo(() => {
    const all = groupRuns(runs);
    const colors = groupColors(document, all);
    return all.map((group): ShownGroup => ({ ...group, color: colors.get(group.key)! }));
  }, [runs, document]);
  const isShown = (run: Run) => look.shown[run.id] ?? isShownAtFirst(run);
  const shown = groups.filter((group) => group.runs.some(isShown));
  const drawn = shown.slice(0, mostDrawn);
  const show = useCallback(
    (group: RunGroup, isOn: boolean) =>
      onChange({ shown: { ...look.shown, ...Object.fromEntries(group.runs.map((run) => [run.id, isOn])) } }),
    [look.shown, onChange],
  );
  return (
    <ZoomProvider>
      <div className="compare-tools">
        <Segments legend="View" names={viewNames} value={look.view} onChoose={(view) => onChange({ view })} />
        {look.view === 'curves' && <ChartTools look={look} onChange={onChange} />}
      </div>
      {shown.length > drawn.length && (
        <p className="hint">{`The first ${mostDrawn} of ${shown.length} chosen rows are drawn.`}</p>
      )}
      {drawn.length === 0 ? (
        <p className="empty">Choose runs in the table below to see them here.</p>
      ) : look.view === 'curves' ? (
        <Overlay groups={drawn} look={look} />
      ) : look.view === 'settings' ? (
        <SettingsDifference groups={drawn} />
      ) : (
        <TradeoffView groups={drawn} />
      )}
      <RunsTable
        groups={groups}
        look={look}
        onChange={onChange}
        isShown={(group) => group.runs.some(isShown)}
        onShow={show}
        opensSeeds={opensSeeds}
      />
    </ZoomProvider>
  );
}

const viewNames: Readonly<Record<CompareLook['view'], string>> = {
  curves: 'Curves',
  settings: 'Settings',
  pareto: 'Trade-off',
};
