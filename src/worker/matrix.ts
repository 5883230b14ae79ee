// One masked matrix of a finished run: as pretrained, as fine-tuned, and its mask.
import { WinnowError } from '../engine/error.ts';
import { maskedMatrices } from '../engine/model/architecture.ts';
import { keptCount } from '../engine/pruning/agreement.ts';
import type { MatrixData } from '../runs/protocol.ts';
import type { ModelChoice } from '../runs/spec.ts';
import { type Artefact, taskOfArtefact } from './artefact.ts';
import { type LoadedModel, loadModel } from './inputs.ts';
import { loadArtefact, loadHistory, loadScores } from './run-store.ts';

/** Reads matrices; keeps the last few runs and the last model in memory, since people page through matrices. */
export type MatrixReader = ReturnType<typeof createMatrixReader>;

export function createMatrixReader() {
  const artefacts = new Map<string, Promise<Artefact>>();
  let model: { readonly key: string; readonly loaded: Promise<LoadedModel> } | null = null;

  function artefactOf(runId: string): Promise<Artefact> {
    const known = artefacts.get(runId) ?? loadArtefact(runId);
    artefacts.delete(runId);
    artefacts.set(runId, known);
    known.catch(() => artefacts.delete(runId));
    for (const oldest of [...artefacts.keys()].slice(0, -KEPT_RUNS)) artefacts.delete(oldest);
    return known;
  }

  function modelOf(choice: ModelChoice, artefact: Artefact): Promise<LoadedModel> {
    const key = JSON.stringify(choice);
    if (model?.key === key) return model.loaded;
    const loaded = loadModel({
      choice,
      task: taskOfArtefact(artefact),
      labels: artefact.labels.length,
      seed: artefact.spec.training.seed,
    });
    model = { key, loaded };
    loaded.catch(() => {
      model = null;
    });
    return loaded;
  }

  return {
    async read(runId: string, name: string): Promise<MatrixData> {
      const artefact = await artefactOf(runId);
      const { checkpoint } = await modelOf(artefact.spec.model, artefact);
      const info = maskedMatrices(checkpoint.config).find((matrix) => matrix.name === name);
      const pretrained = checkpoint.tensors.get(name);
      const finetuned = artefact.weights.get(name);
      if (!info || !pretrained || !finetuned) throw unknownMatrix(name);
      const mask = artefact.masks.get(name) ?? new Uint8Array(Math.ceil(finetuned.data.length / 8)).fill(0xff);
      const kept = keptCount(mask, finetuned.data.length);
      const [scores, history] = await Promise.all([loadScores(runId, name), loadHistory(runId, name)]);
      return { info, pretrained: pretrained.data, finetuned: finetuned.data, mask, kept, scores, history };
    },
    /** Names of the run's masked weights. */
    async namesOf(runId: string): Promise<readonly string[]> {
      return [...(await artefactOf(runId)).masks.keys()];
    },
    forget(runId: string): void {
      artefacts.delete(runId);
    },
  };
}

const KEPT_RUNS = 3;

function unknownMatrix(name: string): WinnowError {
  return new WinnowError('internal', `matrix ${name}: expected a masked weight of this run's model, got none.`);
}
