// A data set of the Hub in its cell: found by name, then fetched as far as the slices need it.
import type { ReactNode } from 'react';
import type { HubReport } from '../../runs/hub.ts';
import { isUnderWay } from '../../runs/hub-jobs.ts';
import type { DataChoice } from '../../runs/spec.ts';
import { SelectField } from '../components/SelectField.tsx';
import { useServices } from '../services.ts';
import { HubDownload, useHubReport } from './HubDownload.tsx';
import { HubNameField } from './HubNameField.tsx';
import { HubProblem } from './HubProblem.tsx';
import { useHubAccess } from './useHubAccess.ts';
import { useKept } from './useKept.ts';

type HubChoice = Extract<DataChoice, { kind: 'hub' }>;

interface HubDataSearchProps {
  readonly cellId: string;
  readonly choice: DataChoice;
  readonly onFound: (choice: HubChoice) => void;
}

/** One search of a cell at a time, whose failure shows below its name field. */
const findKey = (cellId: string): string => `find ${cellId}`;

export function HubDataSearch({ cellId, choice, onFound }: HubDataSearchProps) {
  const { hub } = useServices();
  const access = useHubAccess();
  const jobKey = findKey(cellId);
  const report = useHubReport(jobKey);
  const find = async (name: string) => {
    const found = choiceOf(await hub.run(jobKey, { type: 'find-data', access, name, config: null }), choice);
    if (found) onFound(found);
  };
  return (
    <>
      <HubNameField
        label="Or by name on the Hub"
        value={choice.kind === 'hub' ? choice.id : ''}
        known={knownData}
        isBusy={isUnderWay(report)}
        onFind={(name) => void find(name)}
      />
      {report?.type === 'failed' && <HubProblem report={report} />}
    </>
  );
}

/** Which part of a data set that has several, as glue has `sst2`, `mrpc`, …. */
export function HubConfigChoice({ cellId, choice, onFound }: HubDataSearchProps & { readonly choice: HubChoice }) {
  const { hub } = useServices();
  const access = useHubAccess();
  const kept = useKept({ kind: 'datasets', id: choice.id, commit: choice.commit ?? '' });
  const names = configsOf((kept?.tables ?? []).map(({ path }) => path));
  if (names.length < 2) return null;
  const choose = async (config: string) => {
    const name = `${choice.id}@${choice.commit ?? 'main'}`;
    const found = choiceOf(await hub.run(findKey(cellId), { type: 'find-data', access, name, config }), choice);
    if (found) onFound(found);
  };
  return (
    <SelectField
      label="Part"
      options={names.map((name) => ({ id: name, label: name }))}
      value={choice.config}
      onChoose={(config) => void choose(config)}
    />
  );
}

/** As the Hub's conversion lays files out: <config>/<split>/<number>.parquet. */
const configsOf = (paths: readonly string[]): readonly string[] => [
  ...new Set(paths.flatMap((path) => path.split('/').slice(0, -2).join('/') || [])),
];

interface HubDataDownloadProps {
  readonly choice: HubChoice;
  /** What is missing, in words. */
  readonly children: ReactNode;
  readonly onFound: (choice: HubChoice) => void;
}

export function HubDataDownload({ choice, children, onFound }: HubDataDownloadProps) {
  const { hub } = useServices();
  const access = useHubAccess();
  const { id, commit, config, slices, shuffle_seed } = choice;
  const kept = useKept({ kind: 'datasets', id, commit: commit ?? '' });
  const jobKey = `fetch datasets ${id} ${commit}`;
  const start = async () => {
    const name = `${id}@${commit ?? 'main'}`;
    const found = kept ? choice : choiceOf(await hub.run(jobKey, { type: 'find-data', access, name, config }), choice);
    if (found?.commit == null) return;
    if (found.commit !== commit) onFound(found);
    // Of what lies all over the files it is to be seen first how much that is.
    if (!kept && shuffle_seed !== null) return;
    const rows = { id: found.id, commit: found.commit, config, slices, shuffle_seed };
    await hub.run(jobKey, { type: 'fetch-data', access, ...rows });
  };
  return (
    <HubDownload jobKey={jobKey} left={null} onStart={() => void start()}>
      <p>{children}</p>
    </HubDownload>
  );
}

/** Null where nothing was found. What was chosen of the same data set's columns and rows stays. */
function choiceOf(report: HubReport | null, before: DataChoice): HubChoice | null {
  if (report?.type !== 'found-data') return null;
  const isSame = before.kind === 'hub' && before.id === report.data.id && before.config === report.data.config;
  const { slices, shuffle_seed } = before;
  const own = isSame ? { columns: before.columns, filter: before.filter } : { columns: {}, filter: null };
  return { ...report.data, kind: 'hub', slices, shuffle_seed, ...own };
}

const knownData = ['rajpurkar/squad', 'stanfordnlp/imdb', 'stanfordnlp/sst2', 'fancyzhx/ag_news', 'nyu-mll/glue'];
