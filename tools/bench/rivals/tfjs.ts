// The model in stock TensorFlow.js: its operations, its gradients, its Adam, on the WebGPU device it makes itself.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { namesOf } from '../../../src/engine/model/architecture.ts';
import type { Contestant } from '../contestant.ts';
import { decayedNames, LEARNING, trainedNames, type Workload } from '../workload.ts';
import { rivalParameters } from './parameters.ts';

/** PyTorch's own: exp(-10000) is 0 in single precision. */
const PADDING_LOGIT = -1e4;

export async function createTfjs(workload: Workload): Promise<Contestant> {
  await tf.setBackend('webgpu');
  await tf.ready();
  const { learningRate, weightDecay, beta1, beta2, epsilon } = LEARNING;
  const variables = makeVariables(workload);
  const lossOf = lossFunction(workload, variables);
  const trained = [...trainedNames(workload)].map((name) => variableOf(variables, name));
  const decayed = [...decayedNames(workload)].map((name) => variableOf(variables, name));
  const adam = tf.train.adam(learningRate, beta1, beta2, epsilon);
  let last: tf.Scalar | null = null;
  return {
    async step() {
      last?.dispose();
      last = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(lossOf, trained);
        for (const variable of decayed) variable.assign(tf.mul(variable, 1 - learningRate * weightDecay));
        adam.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        return value;
      });
    },
    loss: async () => (await last?.data())?.[0] ?? Number.NaN,
  };
}

type Variables = ReadonlyMap<string, tf.Variable>;

function makeVariables(workload: Workload): Variables {
  const parameters = [...rivalParameters(workload)];
  return new Map(parameters.map(([name, { shape, data }]) => [name, tf.variable(tf.tensor(data, [...shape]))]));
}

function variableOf(variables: Variables, name: string): tf.Variable {
  const variable = variables.get(name);
  if (!variable) throw new Error(`tfjs: expected ${name} among the parameters`);
  return variable;
}

function lossFunction({ config, batch }: Workload, variables: Variables): () => tf.Scalar {
  const { batchSize: B, tokens: T } = batch;
  const { hiddenSize: H, heads: N, layers } = config;
  const names = namesOf(config.architecture);
  const at = (name: string) => variableOf(variables, name);
  const ids = tf.tensor1d(batch.inputIds, 'int32');
  const padding = tf.tensor4d(
    Float32Array.from(batch.attentionMask, (isText) => (isText ? 0 : PADDING_LOGIT)),
    [B, 1, 1, T],
  );
  const labels = tf.tensor1d([...batch.startPositions!, ...batch.endPositions!], 'int32');

  const linear = (x: tf.Tensor, module: string) =>
    tf.add(tf.matMul(x as tf.Tensor2D, at(`${module}.weight`) as unknown as tf.Tensor2D), at(`${module}.bias`));
  const gelu = (x: tf.Tensor) => tf.mul(tf.mul(x, tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)), 0.5);
  const split = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [B, T, N, H / N]), [0, 2, 1, 3]); // → [B, N, T, D]
  const norm = (x: tf.Tensor, module: string) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    const scaled = tf.mul(centred, tf.rsqrt(tf.add(variance, config.layerNormEps)));
    return tf.add(tf.mul(scaled, at(`${module}.weight`)), at(`${module}.bias`));
  };

  function embed(): tf.Tensor {
    const { word, position, tokenType, norm: module } = names.embeddings;
    const words = tf.reshape(tf.gather(at(`${word}.weight`), ids), [B, T, H]);
    const positions = tf.slice(at(`${position}.weight`), [0, 0], [T, H]);
    const types = tf.slice(at(`${tokenType}.weight`), [0, 0], [1, H]); // every token is of type 0
    return norm(tf.reshape(tf.add(words, tf.add(positions, types)), [B * T, H]), module);
  }

  function encodeLayer(x: tf.Tensor, layer: number): tf.Tensor {
    const modules = names.layer(layer);
    const [q, k, v] = [modules.query, modules.key, modules.value].map((module) => split(linear(x, module)));
    const logits = tf.add(tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(H / N)), padding);
    const context = tf.reshape(tf.transpose(tf.matMul(tf.softmax(logits), v!), [0, 2, 1, 3]), [B * T, H]);
    const y = norm(tf.add(x, linear(context, modules.attentionOutput)), modules.attentionNorm);
    return norm(tf.add(y, linear(gelu(linear(y, modules.intermediate)), modules.output)), modules.outputNorm);
  }

  return () => {
    let x = embed();
    for (let layer = 0; layer < layers; layer++) x = encodeLayer(x, layer);
    const logits = tf.reshape(linear(x, names.questionAnswering), [B, T, 2]);
    const rows = tf.reshape(tf.transpose(logits, [2, 0, 1]), [2 * B, T]); // starts, then ends
    const hits = tf.mul(tf.logSoftmax(rows), tf.cast(tf.oneHot(labels, T), 'float32'));
    return tf.div(tf.neg(tf.sum(hits)), 2 * B) as tf.Scalar;
  };
}
