// The models that `npm run bench -- --suite infer` hands to ONNX Runtime compute what the engine computes.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { createRandom } from '../../src/engine/random.ts';
import { feedsOf } from '../../src/engine/train/feeds.ts';
import { createProgram } from '../../src/engine/train/program.ts';
import { bertOnnx, DIALECTS } from '../../tools/bench/infer/bert-onnx.ts';
import { writeOnnx } from '../../tools/bench/infer/onnx.ts';
import { randomWorkload } from '../../tools/bench/workload.ts';

const TINY = { layers: 2, hidden: 24, heads: 3, feedForward: 40, vocabulary: 50, tokens: 16, batch: 3 };

/** Weights of which none can be left out unnoticed: biases and norms are as far from 0 and 1 as matrices from 0. */
function tinyWorkload() {
  const { config, tensors, batch } = randomWorkload(TINY);
  const random = createRandom(11);
  const offset = (name: string) => (name.endsWith('LayerNorm.weight') ? 1 : 0);
  const drawn = [...tensors].map(([name, { shape, data }]) => {
    return [name, { shape, data: data.map(() => offset(name) + random.float() - 0.5) }] as const;
  });
  const tokenTypeIds = batch.tokenTypeIds.map((_, i) => i % 2);
  return { config, tensors: new Map(drawn), batch: { ...batch, tokenTypeIds } };
}

describe('an ONNX model written by hand', () => {
  it('is read with its constants, attributes and shapes', async () => {
    const model = writeOnnx({
      operatorSets: { '': 20 },
      nodes: [
        {
          operator: 'Gather',
          domain: '',
          inputs: ['table', 'ids'],
          outputs: ['rows'],
          attributes: { axis: { int: -1 } },
        },
        {
          operator: 'Transpose',
          domain: '',
          inputs: ['rows'],
          outputs: ['out'],
          attributes: { perm: { ints: [1, 0] } },
        },
      ],
      initializers: new Map([['table', { dims: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]]),
      inputs: [{ name: 'ids', type: 'int32', dims: [2] }],
      outputs: [{ name: 'out', type: 'float32', dims: [2, 2] }],
    });
    const session = await InferenceSession.create(model);
    const { out } = await session.run({ ids: new Tensor('int32', [2, 0], [2]) });
    expect(out?.dims).toEqual([2, 2]);
    expect(out?.data).toEqual(Float32Array.of(3, 6, 1, 4)); // columns 2 and 0, as rows
  });
});

describe.each(DIALECTS)('the encoder in %s operators', (dialect) => {
  beforeAll(() => tf.setBackend('cpu'));

  it('gives the logits of the reference', async () => {
    const { config, tensors, batch } = tinyWorkload();
    const executor = createReferenceExecutor('wasm');
    for (const [name, tensor] of tensors) executor.setParameter(name, tensor);
    const program = createProgram({
      config,
      task: 'question-answering',
      labels: 0,
      pruning: null,
      samplesGates: false,
      temperature: null,
    });
    const [expected] = await executor.evaluate([program.logits(batch)], {
      feeds: feedsOf(batch),
      threshold: 0,
      seed: 0,
    });
    const session = await InferenceSession.create(bertOnnx({ config, tensors, shape: batch, dialect }));
    const dims = [batch.batchSize, batch.tokens];
    const { logits } = await session.run({
      inputIds: new Tensor('int32', batch.inputIds, dims),
      tokenTypeIds: new Tensor('int32', batch.tokenTypeIds, dims),
      attentionMask: new Tensor('int32', batch.attentionMask, dims),
    });
    expect(logits?.dims).toEqual([2 * batch.batchSize, batch.tokens]);
    const got = logits?.data as Float32Array;
    expected!.forEach((value, i) => void expect(got[i]).toBeCloseTo(value, 5));
    executor.dispose();
  });
});
