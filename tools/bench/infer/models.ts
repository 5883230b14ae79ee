// The models whose inference is timed: S as in training, and all six layers of MiniLM with batches of 8 and 32.
import { loadModel, pretrained } from '../models.ts';
import type { Workload } from '../workload.ts';

export type InferModelName = 'S' | 'M_B8' | 'M_B32';

export async function loadInferModel(name: InferModelName): Promise<Workload> {
  switch (name) {
    case 'S':
      return loadModel('S');
    case 'M_B8':
      return pretrained({ layers: 6, tokens: 64, batch: 8 });
    case 'M_B32':
      return pretrained({ layers: 6, tokens: 64, batch: 32 });
  }
}
