// A finished run as a zipped Hub folder, re-read and checked before anyone gets it.
import { parseConfig, withLayers } from '../engine/model/config.ts';
import { buildFolder } from '../engine/model/export/folder.ts';
import { verifyZip } from '../engine/model/export/verify.ts';
import { zipFolder } from '../engine/model/export/zip.ts';
import { readTokenizer } from '../engine/text/vocabulary.ts';
import { fetchModelFiles } from '../hub/model-source.ts';
import type { ExportedFolder } from '../runs/protocol.ts';
import { type Artefact, taskOfArtefact } from './artefact.ts';
import { loadArtefact } from './run-store.ts';

export async function exportRun(runId: string, dtype: 'F32' | 'F16'): Promise<ExportedFolder> {
  const artefact = await loadArtefact(runId);
  const { spec, summary } = artefact;
  const files = await fetchModelFiles(spec.model);
  const whole = parseConfig(files.config);
  const config = spec.model.layers === null ? whole : withLayers(whole, spec.model.layers);
  const folder = buildFolder({
    spec,
    summary,
    history: artefact.history,
    stepsPerEpoch: artefact.stepsPerEpoch,
    task: taskOfArtefact(artefact),
    config,
    tensors: artefact.weights,
    masks: artefact.masks,
    gates: artefact.gates,
    tokenizer: readTokenizer(files.tokenizer, config),
    tokenizerJson: files.tokenizer['tokenizer.json'] ?? null,
    labels: artefact.labels,
    dtype,
    origin: {
      model: files.name,
      license: files.licence === 'unknown' ? null : files.licence,
      dataset: datasetName(artefact),
    },
  });
  const name = folderName(spec.name);
  const zip = await zipFolder(name, folder);
  return { fileName: `${name}.zip`, zip, verifiedZeros: verifyZip(zip, config, summary), summary };
}

const datasetName = ({ spec }: Artefact): string => (spec.data.kind === 'files' ? spec.data.key : spec.data.id);

/** A run's name as a file name everywhere. */
function folderName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain || 'winnow-model';
}
