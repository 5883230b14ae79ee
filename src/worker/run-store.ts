// Finished runs in OPFS, one folder each under `runs/`. The manifest is written last: a folder without one is a
// run that never finished writing, and counts as absent.
import { WinnowError } from '../engine/error.ts';
import { readTensors } from '../engine/model/safetensors.ts';
import type { MaskHistory } from '../engine/pruning/mask-history.ts';
import { openFile, openFolder, readBytes, removeEntry, writeFile } from '../hub/opfs.ts';
import {
  type Artefact,
  type artefactFileNames,
  type FinishedRun,
  type Manifest,
  packRun,
  parseManifest,
  type RunFileName,
  runFileNames,
  toFloats,
  unpackArtefact,
} from './artefact.ts';
import { readHistory } from './history-file.ts';

/** All of it or nothing: what a full disk cut short does not take the room of what could be removed by hand. */
export async function saveRun(runId: string, finished: FinishedRun): Promise<void> {
  const files = packRun(finished);
  const folder = await openFolder('runs', runId);
  try {
    for (const name of runFileNames) await writeFile(folder, name, new Blob([files[name]]));
  } catch (error) {
    await deleteArtefact(runId);
    throw error;
  }
}

export async function loadArtefact(runId: string): Promise<Artefact> {
  const folder = await openFolder('runs', runId);
  const read = async (name: (typeof artefactFileNames)[number]) => (await readBytes(folder, name)) ?? missing(runId);
  return unpackArtefact({
    'manifest.json': await read('manifest.json'),
    'weights.safetensors': await read('weights.safetensors'),
    'masks.safetensors': await read('masks.safetensors'),
  });
}

/** A matrix's scores; null where the method learns none. */
export async function loadScores(runId: string, name: string): Promise<Float32Array | null> {
  const file = await openRunFile(runId, 'scores.safetensors');
  const scores = file && (await readTensors(file, [name], 'scores.safetensors')).get(name);
  return scores ? toFloats(scores.data) : null;
}

/** A matrix's mask history; null where the run recorded none. */
export async function loadHistory(runId: string, name: string): Promise<MaskHistory | null> {
  const file = await openRunFile(runId, 'history.safetensors');
  return file && readHistory(file, name);
}

const openRunFile = async (runId: string, name: RunFileName) => openFile(await openFolder('runs', runId), name);

export interface NamedRun {
  readonly runId: string;
  readonly manifest: Manifest;
}

/**
 * The newest finished run of this name, `among` runs of these ids where any are given; null where none is.
 * @throws WinnowError `storage` where none is, but there are runs that this page cannot read, such as a newer one's.
 */
export async function findRunNamed(name: string, among: readonly string[] | null): Promise<NamedRun | null> {
  const runs = await openFolder('runs');
  let newest: NamedRun | null = null;
  let unreadable: unknown = null;
  for await (const runId of runs.keys()) {
    if (among && !among.includes(runId)) continue;
    const bytes = await readBytes(await openFolder('runs', runId), 'manifest.json');
    if (!bytes) continue;
    try {
      const manifest = parseManifest(bytes);
      if (manifest.spec.name === name && manifest.finishedAt > (newest?.manifest.finishedAt ?? 0)) {
        newest = { runId, manifest };
      }
    } catch (problem) {
      unreadable = problem;
    }
  }
  if (!newest && unreadable) throw unreadable;
  return newest;
}

export async function deleteArtefact(runId: string): Promise<void> {
  await removeEntry(await openFolder('runs'), runId);
}

function missing(runId: string): never {
  throw new WinnowError(
    'storage',
    `run ${runId}: expected its weights in this browser's storage, got none. Run it again.`,
  );
}
