// A line of a chart, as named and as drawn.
import type { RunsStore } from '../../runs/store.ts';
import { bandOf } from '../charts/band.ts';
import type { MetricSeries } from '../charts/series.ts';

export interface ChartLine {
  /** One run, or several seeds, which are drawn as their mean and a band. */
  readonly runIds: readonly string[];
  readonly tag: string;
  readonly label: string;
  readonly color: string;
  readonly isDashed: boolean;
}

/** What was drawn of the line before, where nothing has come since: a finished run is not drawn again. */
export function seriesOf(
  line: ChartLine,
  { pointsOf }: Pick<RunsStore, 'pointsOf'>,
  before: readonly MetricSeries[],
): MetricSeries {
  const { runIds, tag, label, color, isDashed } = line;
  const name = { key: `${runIds.join(' ')} ${tag}`, label, color, dashed: isDashed };
  const grown = runIds.map((id) => pointsOf(id, tag));
  const old = before.find(({ key }) => key === name.key);
  const isSame =
    old?.label === label &&
    old.color === color &&
    old.dashed === isDashed &&
    (old.seeds ?? [old.points]).every((points, i) => points.length === grown[i]?.length);
  if (isSame) return old;
  const seeds = grown.map((points) => points.slice());
  return { ...name, points: bandOf(seeds).mean, ...(seeds.length > 1 ? { seeds } : {}) };
}
