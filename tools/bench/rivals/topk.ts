// The same cut-off in stock TensorFlow.js: the last of the sorted `topk`.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { drawScores, KEEP_FRACTION } from '../scores.ts';

export interface TopK {
  /** Finds the cut-off and brings it to the host: one number. */
  run(): Promise<number>;
}

export async function createTopK(n: number): Promise<TopK> {
  await tf.setBackend('webgpu');
  await tf.ready();
  const scores = tf.tensor1d(drawScores(n, 'fine'));
  await tf.max(scores).data(); // brings the scores to the GPU
  const keep = Math.floor(KEEP_FRACTION * n);
  return {
    async run() {
      const last = tf.tidy(() => tf.slice(tf.topk(scores, keep, true).values, keep - 1, 1));
      const [cutOff] = await last.data();
      last.dispose();
      return cutOff ?? Number.NaN;
    },
  };
}
