// Finished runs in OPFS, one folder each under `runs/`. The manifest is written last: a folder without one is a
// run that never finished writing, and counts as absent.
import { WinnowError } from '../engine/error.ts';
import { openFolder, readBytes, removeEntry, writeFile } from '../hub/opfs.ts';
import {
  type Artefact,
  artefactFileNames,
  type Manifest,
  packArtefact,
  parseManifest,
  unpackArtefact,
} from './artefact.ts';

export async function saveArtefact(runId: string, artefact: Artefact): Promise<void> {
  const files = packArtefact(artefact);
  const folder = await openFolder('runs', runId);
  for (const name of artefactFileNames) await writeFile(folder, name, new Blob([files[name]]));
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

/** The newest finished run of this name, for distillation; null where none is. */
export async function findRunNamed(
  name: string,
): Promise<{ readonly runId: string; readonly manifest: Manifest } | null> {
  const runs = await openFolder('runs');
  let newest: { runId: string; manifest: Manifest } | null = null;
  for await (const runId of runs.keys()) {
    const bytes = await readBytes(await openFolder('runs', runId), 'manifest.json');
    if (!bytes) continue;
    const manifest = parseManifest(bytes);
    if (manifest.spec.name === name && manifest.finishedAt > (newest?.manifest.finishedAt ?? 0)) {
      newest = { runId, manifest };
    }
  }
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
