// The worker that speaks to the Hub: started for one order, ended by the page. It knows neither texts nor weights of the
// user's; the engine's worker, which does, has no network but the page's own origin (scripts/lib/headers.ts).
import { WinnowError } from '../engine/error.ts';
import { parseConfig } from '../engine/model/config.ts';
import type { HubAccess } from '../hub/hub-client.ts';
import { guessTask, layoutOf, lookUpData, nameOfConfig, openTables, partsNeeded } from '../hub/hub-data.ts';
import { downloadFiles } from '../hub/hub-download.ts';
import { parseHubName } from '../hub/hub-id.ts';
import { lookUpModel } from '../hub/hub-model.ts';
import { bytesOf, createFetcher, missingParts } from '../hub/hub-parts.ts';
import { deleteKept, notKept, readKept, readModelFile, type WantedFile, wantFiles } from '../hub/hub-store.ts';
import { bytes } from '../runs/bytes.ts';
import { type FoundData, type FoundModel, type HubOrder, type HubReport, hubOrderSchema } from '../runs/hub.ts';
import { describeError } from './describe-error.ts';
import { reportDownloads } from './download-reports.ts';

const post = (report: HubReport) => self.postMessage(report);

self.addEventListener('message', ({ data }: MessageEvent<HubOrder>) => {
  carryOut(data).then(post, (error: unknown) => post({ type: 'failed', error: describeError(error) }));
});

async function carryOut(data: HubOrder): Promise<HubReport> {
  const order = hubOrderSchema.parse(data);
  post({ type: 'asking' });
  switch (order.type) {
    case 'find-model':
      return { type: 'found-model', model: await findModel(order.access, order.name) };
    case 'fetch-model':
      await fetchModel(order.access, order);
      return { type: 'fetched' };
    case 'find-data':
      return { type: 'found-data', data: await findData(order) };
    case 'fetch-data':
      await fetchData(order);
      return { type: 'fetched' };
    default:
      return order satisfies never;
  }
}

/** @throws WinnowError `bad-model` for an architecture that is not supported, before its weights are fetched. */
async function findModel(access: HubAccess, name: string): Promise<FoundModel> {
  const { texts, weights, ...model } = await lookUpModel(access, parseHubName(name));
  const wanted = [...texts, ...weights].map((file): WantedFile => ({ ...file, span: null }));
  const isConfig = ({ path }: WantedFile) => path === 'config.json';
  await downloadFiles(access, await wantFiles(model, wanted), { choose: isConfig });
  const config = await readModelFile(model.id, model.commit, 'config.json');
  try {
    parseConfig(await config.blob.text());
  } catch (error) {
    await deleteKept(model);
    throw error;
  }
  const { id, revision, commit } = model;
  return { id, revision, commit };
}

async function fetchModel(access: HubAccess, { id, commit }: { readonly id: string; readonly commit: string }) {
  const kept = await readKept({ kind: 'models', id, commit });
  if (!kept) throw notKept(id, 'to have been found', 'none');
  const missing = kept.files.reduce((sum, { size, isComplete }) => sum + (isComplete ? 0 : size), 0);
  await checkRoom(id, missing);
  await downloadFiles(access, kept, { onProgress: reportDownloads(post) });
}

type OrderOf<T extends HubOrder['type']> = Extract<HubOrder, { type: T }>;

async function findData({ access, name, config }: OrderOf<'find-data'>): Promise<FoundData> {
  const { files, ...repository } = await lookUpData(access, parseHubName(name));
  const layout = layoutOf(files);
  const chosen = nameOfConfig(repository.id, layout, config);
  const kept = await wantFiles({ ...repository, tables: files }, []);
  const data = await openTables(layout[chosen]!, createFetcher(access, kept).open);
  const task = guessTask(data)?.task ?? 'text-classification';
  return { id: repository.id, commit: repository.commit, config: chosen, task };
}

async function fetchData({ access, id, commit, config, ...selection }: OrderOf<'fetch-data'>): Promise<void> {
  const kept = await readKept({ kind: 'datasets', id, commit });
  if (!kept) throw notKept(id, 'to have been found', 'none');
  const fetcher = createFetcher(access, kept);
  const layout = layoutOf(kept.tables);
  const data = await openTables(layout[nameOfConfig(id, layout, config)]!, fetcher.open);
  const parts = partsNeeded(data, selection);
  await checkRoom(id, bytesOf(missingParts(kept, parts)));
  await fetcher.fetch(parts, { onProgress: reportDownloads(post) });
}

async function checkRoom(id: string, needed: number): Promise<void> {
  const { quota = Number.POSITIVE_INFINITY, usage = 0 } = await navigator.storage.estimate();
  if (usage + needed <= quota) return;
  throw new WinnowError(
    'storage',
    `${id}: expected room for ${bytes(needed)}, got ${bytes(quota - usage)} that this browser still allows. Delete models, data or runs that are no longer needed, or free disk space.`,
  );
}
