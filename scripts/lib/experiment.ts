// Runs specifications one after the other in one headless page, so that an earlier run may teach a later one. Each
// leaves a folder: metrics.jsonl (written while it trains), summary.json, model/ as downloaded from the page, and of a
// run with UDA log.txt, as its authors' code prints it.
import { authorsLog } from '../../src/runs/authors-log.ts';
import type { MetricRow, RunEvent, RunSummary } from '../../src/runs/events.ts';
import type { BackendPreference, BackendStatus } from '../../src/runs/protocol.ts';
import type { RunSpec } from '../../src/runs/spec.ts';
import type { ExperimentPage } from '../../tools/experiment.ts';
import { callPage, withPage } from './browser.ts';
import { type Import, withImportKeys } from './experiment-files.ts';
import { type RunFolder, runFolder } from './run-folder.ts';
import { createRunLog } from './run-log.ts';

export interface Experiment {
  readonly specs: readonly RunSpec[];
  readonly imports: readonly Import[];
  readonly out: string;
  readonly backend: BackendPreference;
  readonly dtype: 'F32' | 'F16';
}

export interface Outcome {
  readonly spec: RunSpec;
  readonly backend: BackendStatus;
  readonly summary: RunSummary;
  /** Pruned weights counted as exact zeros in the written model. */
  readonly verifiedZeros: number;
}

interface Run {
  readonly spec: RunSpec;
  readonly folder: RunFolder;
  readonly log: (event: RunEvent) => void;
  readonly rows: MetricRow[];
}

export async function runExperiment({ specs, imports, out, backend, dtype }: Experiment): Promise<readonly Outcome[]> {
  const runs: readonly Run[] = specs.map((spec) => ({
    spec,
    folder: runFolder(out, spec.name),
    log: createRunLog(spec.name),
    rows: [],
  }));
  const reportEvent = (runId: string, event: RunEvent) => {
    const run = runs[Number(runId)]!;
    run.log(event);
    if (event.type !== 'metrics') return;
    run.folder.appendMetrics(event.rows);
    run.rows.push(...event.rows);
  };
  const options = { name: 'experiment', folders: imports.map(({ folder }) => folder), receivers: { reportEvent } };
  return withPage(options, async ({ page }) => {
    const call = callPage<ExperimentPage>(page);
    const status = await call('open', backend);
    console.error(`Computing on ${status.adapter}. ${status.note}`.trimEnd());
    const keys = new Map<string, string>();
    for (const [index, { key, names }] of imports.entries()) {
      const urls = names.map((name) => `/files/${index}/${encodeURIComponent(name)}`);
      keys.set(key, await call('importFiles', urls));
    }

    async function runOne(runId: string, { spec, folder, rows }: Run): Promise<Outcome> {
      folder.clear();
      const summary = await call('train', runId, withImportKeys(spec, keys));
      const offered = page.waitForEvent('download', { timeout: 0 });
      const verifiedZeros = await call('download', runId, dtype);
      const outcome = { spec, backend: status, summary, verifiedZeros };
      folder.writeModel(await (await offered).path());
      folder.writeSummary(outcome);
      if (spec.uda) folder.writeLog(authorsLog(rows));
      return outcome;
    }

    const outcomes: Outcome[] = [];
    for (const [index, run] of runs.entries()) outcomes.push(await runOne(String(index), run));
    return outcomes;
  });
}
