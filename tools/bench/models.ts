// The models that are raced, by the letters of docs/benchmarks.md.
import { loadCheckpoint } from '../../src/engine/model/checkpoint.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import { fetchModelFiles } from '../../src/hub/model-source.ts';
import { randomBatch, randomWorkload, SIZES, type Sizes, type Workload } from './workload.ts';

export type ModelName = 'S' | 'M' | 'D';

export async function loadModel(name: ModelName): Promise<Workload> {
  switch (name) {
    case 'S':
      return randomWorkload(SIZES.S);
    case 'D':
      return randomWorkload(SIZES.D);
    case 'M':
      return pretrained({ layers: 2, tokens: 64, batch: 8 });
  }
}

/** The first layers of the built-in MiniLM with a fresh span head, fine-tuned with frozen embeddings as runs here are. */
export async function pretrained({
  layers,
  tokens,
  batch,
}: Pick<Sizes, 'layers' | 'tokens' | 'batch'>): Promise<Workload> {
  const files = await fetchModelFiles({ kind: 'embedded', id: 'all-MiniLM-L6-v2', layers });
  const checkpoint = loadCheckpoint({
    config: parseConfig(files.config),
    files: files.weights,
    fileName: files.weightsFileName,
    task: 'question-answering',
    labels: 0,
    layers,
    seed: 0,
  });
  const config = { ...checkpoint.config, hiddenDropout: 0, attentionDropout: 0 };
  return {
    config,
    tensors: checkpoint.tensors,
    batch: randomBatch({ batch, tokens, vocabulary: config.vocabularySize }),
    freezesEmbeddings: true,
  };
}
