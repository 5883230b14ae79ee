// The model in jax-js, on either of its devices. Its arrays are moved into the functions that use them, so what is
// used again is passed on as `.ref`.
import {
  blockUntilReady,
  defaultDevice,
  init,
  type Array as JaxArray,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
  vjp,
} from '@jax-js/jax';
import { namesOf } from '../../../src/engine/model/architecture.ts';
import type { Contestant } from '../contestant.ts';
import { decayedNames, LEARNING, trainedNames, type Workload } from '../workload.ts';
import { rivalParameters } from './parameters.ts';

type Parameters = Record<string, JaxArray>;

/** Stands for the gathered rows of the word embedding among the parameters of the compiled part. */
const ROWS = 'rows';
const PADDING_LOGIT = -1e4;

export async function createJax(device: 'webgpu' | 'wasm', workload: Workload): Promise<Contestant> {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js: expected the device ${device}, got none`);
  defaultDevice(device);
  const { trained, frozen } = makeParameters(workload);
  const gradientsOf = gradientFunction(workload, frozen);
  const update = jit(adamW(decayedNames(workload)));
  let parameters = trained;
  let first: Parameters = zerosLike(parameters);
  let second: Parameters = zerosLike(parameters);
  let steps = 0;
  let last: JaxArray | null = null;
  return {
    async step() {
      steps++;
      last?.dispose();
      const [loss, gradients] = gradientsOf(tree.ref(parameters));
      last = loss;
      [parameters, first, second] = update(parameters, gradients, first, second, corrections(steps));
      await blockUntilReady(Object.values(parameters)[0]); // left to run ahead, it takes half as long again
    },
    loss: async () => (await last!.ref.data())[0] ?? Number.NaN,
  };
}

type GradientFunction = (parameters: Parameters) => [loss: JaxArray, gradients: Parameters];

/** Rows are gathered outside jit, which refuses a scatter of fused numbers ("scatter input is not imm"). */
function gradientFunction(workload: Workload, frozen: Parameters): GradientFunction {
  const word = `${namesOf(workload.config.architecture).embeddings.word}.weight`;
  const ids = np.array(workload.batch.inputIds, { dtype: np.int32 });
  const lookUp = (table: JaxArray) => np.take(table, ids.ref, 0);
  const inputs = inputsOf(workload);
  const compiled = jit((trained: Parameters, fixed: Parameters, given: Inputs) =>
    valueAndGrad((p: Parameters) => lossOf(workload, { ...p, ...fixed }, given))(trained),
  );
  const { [word]: frozenTable, ...others } = frozen;
  if (frozenTable) {
    return (parameters) =>
      compiled(parameters, { ...tree.ref(others), [ROWS]: lookUp(frozenTable.ref) }, tree.ref(inputs));
  }
  return ({ [word]: table, ...parameters }) => {
    const [rows, pullBack] = vjp(lookUp, [table!]);
    const [loss, gradients] = compiled({ ...parameters, [ROWS]: rows }, tree.ref(frozen), tree.ref(inputs));
    const { [ROWS]: dRows, ...rest } = gradients;
    const [dTable] = pullBack(dRows!);
    pullBack.dispose();
    return [loss, { ...rest, [word]: dTable as JaxArray }];
  };
}

interface Inputs extends Record<string, JaxArray> {
  readonly padding: JaxArray;
  readonly labels: JaxArray;
}

function inputsOf({ batch }: Workload): Inputs {
  const { batchSize: B, tokens: T } = batch;
  const padding = Float32Array.from(batch.attentionMask, (isText) => (isText ? 0 : PADDING_LOGIT));
  const labels = Int32Array.of(...batch.startPositions!, ...batch.endPositions!);
  return { padding: np.array(padding).reshape([B, 1, 1, T]), labels: np.array(labels, { dtype: np.int32 }) };
}

function makeParameters(workload: Workload): { readonly trained: Parameters; readonly frozen: Parameters } {
  const isTrained = trainedNames(workload);
  const trained: Parameters = {};
  const frozen: Parameters = {};
  for (const [name, { shape, data }] of rivalParameters(workload)) {
    const array = np.array(data as Float32Array<ArrayBuffer>).reshape([...shape]);
    (isTrained.has(name) ? trained : frozen)[name] = array;
  }
  return { trained, frozen };
}

const zerosLike = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, np.zerosLike(value.ref)]));

/** Adam's bias corrections of both moments. */
const corrections = (step: number): JaxArray =>
  np.array(new Float32Array([1 / (1 - LEARNING.beta1 ** step), 1 / (1 - LEARNING.beta2 ** step)]));

function adamW(decayed: ReadonlySet<string>) {
  const { learningRate, weightDecay, beta1, beta2, epsilon } = LEARNING;
  return (
    parameters: Parameters,
    gradients: Parameters,
    first: Parameters,
    second: Parameters,
    correction: JaxArray,
  ): [Parameters, Parameters, Parameters] => {
    const next: [Parameters, Parameters, Parameters] = [{}, {}, {}];
    for (const name of Object.keys(parameters)) {
      const gradient = gradients[name]!;
      const m = first[name]!.mul(beta1).add(gradient.ref.mul(1 - beta1));
      const v = second[name]!.mul(beta2).add(np.square(gradient).mul(1 - beta2));
      next[1][name] = m.ref;
      next[2][name] = v.ref;
      const deviation = np.sqrt(v.mul(correction.ref.slice(1))).add(epsilon);
      const change = m.mul(correction.ref.slice(0)).div(deviation).mul(learningRate);
      const value = parameters[name]!;
      next[0][name] = (decayed.has(name) ? value.mul(1 - learningRate * weightDecay) : value).sub(change);
    }
    correction.dispose();
    return next;
  };
}

function lossOf({ config, batch }: Workload, parameters: Parameters, { padding, labels }: Inputs): JaxArray {
  const { batchSize: B, tokens: T } = batch;
  const { hiddenSize: H, heads: N, layers } = config;
  const names = namesOf(config.architecture);
  const at = (name: string) => parameters[name]!;

  const linear = (x: JaxArray, module: string) => np.matmul(x, at(`${module}.weight`)).add(at(`${module}.bias`));
  const gelu = (x: JaxArray) => x.ref.mul(lax.erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5);
  const split = (x: JaxArray) => np.transpose(x.reshape([B, T, N, H / N]), [0, 2, 1, 3]); // → [B, N, T, D]
  const norm = (x: JaxArray, module: string) => {
    const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
    const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
    const scaled = centred.div(np.sqrt(variance.add(config.layerNormEps)));
    return scaled.mul(at(`${module}.weight`)).add(at(`${module}.bias`));
  };

  function embed(): JaxArray {
    const { position, tokenType, norm: module } = names.embeddings;
    const words = at(ROWS).reshape([B, T, H]);
    const positions = at(`${position}.weight`).slice([0, T]);
    const types = at(`${tokenType}.weight`).slice([0, 1]); // every token is of type 0
    return norm(words.add(positions.add(types)).reshape([B * T, H]), module);
  }

  function encodeLayer(x: JaxArray, layer: number): JaxArray {
    const modules = names.layer(layer);
    const [q, k, v] = [modules.query, modules.key, modules.value].map((module) => split(linear(x.ref, module)));
    const logits = np
      .matmul(q!, np.transpose(k!, [0, 1, 3, 2]))
      .mul(1 / Math.sqrt(H / N))
      .add(padding.ref);
    const context = np.transpose(np.matmul(nn.softmax(logits, -1), v!), [0, 2, 1, 3]).reshape([B * T, H]);
    const y = norm(x.add(linear(context, modules.attentionOutput)), modules.attentionNorm);
    return norm(y.ref.add(linear(gelu(linear(y, modules.intermediate)), modules.output)), modules.outputNorm);
  }

  let x = embed();
  for (let layer = 0; layer < layers; layer++) x = encodeLayer(x, layer);
  padding.dispose();
  const logits = linear(x, names.questionAnswering).reshape([B, T, 2]);
  const rows = np.transpose(logits, [2, 0, 1]).reshape([2 * B, T]); // starts, then ends
  return nn
    .logSoftmax(rows, -1)
    .mul(nn.oneHot(labels, T))
    .sum()
    .mul(-1 / (2 * B));
}
