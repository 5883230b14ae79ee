// tfjs's wasm backend starts threads from the text of a function: it must survive bundling, and find its binaries.
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

it('multiplies matrices on several wasm threads', async () => {
  // tfjs takes half the cores, four threads at most; so even a machine with two cores uses threads here.
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });
  setWasmPaths('/wasm/');
  await tf.setBackend('wasm');
  const product = tf.tidy(() => tf.sum(tf.matMul(tf.ones([64, 32]), tf.fill([32, 48], 0.5))));
  expect(getThreadsCount()).toBe(2);
  expect([...(await product.data())]).toEqual([64 * 32 * 48 * 0.5]);
  product.dispose();
});
