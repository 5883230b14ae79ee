// Page of `npm run experiment`: the product's own worker, driven by a script in place of a person.
import { createClient } from '../src/runs/client.ts';
import type { RunEvent, RunSummary } from '../src/runs/events.ts';
import type { BackendPreference, BackendStatus } from '../src/runs/protocol.ts';
import type { RunSpec } from '../src/runs/spec.ts';
import { keepFiles, pathedFile } from '../src/ui/files/keep-files.ts';
import { saveBlob } from '../src/ui/files/save-blob.ts';

declare global {
  /** Given by the script; its promise is kept when the script has taken the event. */
  var reportEvent: (runId: string, event: RunEvent) => Promise<void>;
}

const worker = () => new Worker(new URL('../src/worker/worker.ts', import.meta.url), { type: 'module' });
const client = createClient(worker);
const reports: Promise<void>[] = [];
client.onEvent((runId, event) => reports.push(reportEvent(runId, event)));

const page = {
  open: (backend: BackendPreference): Promise<BackendStatus> => client.request({ type: 'initialise', backend }),

  /** Keeps files as if they had been dropped on the page; returns the key for a specification to name them by. */
  async importFiles(urls: readonly string[]): Promise<string> {
    const files = await Promise.all(urls.map(async (url) => pathedFile(nameOf(url), await fetchFile(url))));
    return (await keepFiles({ files, handles: [] })).key;
  },

  async train(runId: string, spec: RunSpec): Promise<RunSummary> {
    const summary = await client.request({ type: 'start-run', runId, spec, sources: null });
    await Promise.all(reports.splice(0));
    return summary;
  },

  /** Offers the trained model as a download, as the page does; returns the zeros counted in it. */
  async download(runId: string, dtype: 'F32' | 'F16'): Promise<number> {
    const { zip, fileName, verifiedZeros } = await client.request({ type: 'export-run', runId, dtype });
    saveBlob(new Blob([zip], { type: 'application/zip' }), fileName);
    return verifiedZeros;
  },
};

export type ExperimentPage = typeof page;

Object.assign(globalThis, page);

async function fetchFile(url: string): Promise<File> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${nameOf(url)}: expected a file, got HTTP ${response.status}. Check the folder.`);
  return new File([await response.blob()], nameOf(url));
}

function nameOf(url: string): string {
  return decodeURIComponent(url.slice(url.lastIndexOf('/') + 1));
}
