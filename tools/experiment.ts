// Page of `npm run experiment`: the product's own worker, driven without the notebook.
import { saveImport } from '../src/hub/file-store.ts';
import { createClient } from '../src/runs/client.ts';
import type { RunEvent, RunSummary } from '../src/runs/events.ts';
import type { BackendPreference } from '../src/runs/protocol.ts';
import type { RunSpec } from '../src/runs/spec.ts';

export interface ExperimentInput {
  readonly spec: RunSpec;
  readonly backend: BackendPreference;
  readonly dtype: 'F32' | 'F16';
  /** Files to be found under the keys that the spec names: key → addresses. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

export interface ExperimentResult {
  readonly summary: RunSummary;
  readonly adapter: string;
  readonly fileName: string;
  readonly verifiedZeros: number;
}

/** What the command line gives the page to speak through. */
declare const receiveEvent: (event: RunEvent) => Promise<void>;
declare const receiveZip: (base64: string) => Promise<void>;

const client = createClient(() => new Worker(new URL('../src/worker/worker.ts', import.meta.url), { type: 'module' }));
let opened: { readonly backend: BackendPreference; readonly adapter: string } | null = null;

async function run({ spec, backend, dtype, imports }: ExperimentInput): Promise<ExperimentResult> {
  if (opened?.backend !== backend) {
    const { adapter } = await client.request({ type: 'initialise', backend });
    opened = { backend, adapter };
  }
  for (const [key, addresses] of Object.entries(imports)) await importFiles(key, addresses);
  const stopListening = client.onEvent((_, event) => void receiveEvent(event));
  const runId = crypto.randomUUID();
  const summary = await client.request({ type: 'start-run', runId, spec });
  stopListening();
  const { zip, fileName, verifiedZeros } = await client.request({ type: 'export-run', runId, dtype });
  await sendZip(zip);
  return { summary, adapter: opened.adapter, fileName, verifiedZeros };
}

async function importFiles(key: string, addresses: readonly string[]): Promise<void> {
  const files = addresses.map(async (address) => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: expected a file, got status ${response.status}.`);
    return { name: decodeURIComponent(address.split('/').at(-1) ?? ''), blob: await response.blob() };
  });
  await saveImport(key, await Promise.all(files));
}

/** A multiple of 3, so that the pieces' base64 joins up. */
const PIECE_BYTES = 3 * 2 ** 20;

async function sendZip(zip: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let from = 0; from < zip.length; from += PIECE_BYTES) {
    await receiveZip(await base64Of(zip.slice(from, from + PIECE_BYTES)));
  }
}

function base64Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });
}

Object.assign(globalThis, { run });
