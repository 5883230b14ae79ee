// UDA's whole step through a plan: values and gradients as the reference has them, one submit.
import { describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../../../src/engine/model/config.ts';
import { createProgram, type ProgramOptions } from '../../../src/engine/train/program.ts';
import { type Case, createExecutors, disposeAll, distances, randomIntegers, setParameters, worst } from './compare.ts';

const BERT = {
  model_type: 'bert',
  vocab_size: 31,
  hidden_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  intermediate_size: 22,
  max_position_embeddings: 12,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};

const [LABELLED, PAIRS, TOKENS] = [3, 4, 7];

/** A step of `pairs` pairs beside the labelled texts; none trains on the labelled alone. */
function stepOf(options: Partial<ProgramOptions>, pairs = PAIRS): Case {
  const program = createProgram({
    config: parseConfig(JSON.stringify(BERT)),
    task: 'text-classification',
    labels: 3,
    pruning: null,
    samplesGates: true,
    temperature: null,
    consistency: { temperature: 0.7, confidenceThreshold: 0.4 },
    ...options,
  });
  const graph = program.training({ batchSize: LABELLED, tokens: TOKENS, pairs });
  const texts = (prefix: string, count: number, seed: number) => ({
    [`${prefix}inputIds`]: randomIntegers(count * TOKENS, BERT.vocab_size, seed),
    [`${prefix}attentionMask`]: Int32Array.from({ length: count * TOKENS }, (_, i) => (i % TOKENS < 5 ? 1 : 0)),
    [`${prefix}tokenTypeIds`]: randomIntegers(count * TOKENS, 2, seed + 1),
  });
  const { consistency, penalty } = graph;
  return {
    terms: [
      { name: 'supervised', value: graph.task, weight: 1 },
      ...(consistency
        ? [
            { name: 'consistency', value: consistency.loss, weight: 1.5 },
            { name: 'labelledShare', value: consistency.labelledShare, weight: 0 },
            { name: 'pairShare', value: consistency.pairShare, weight: 0 },
          ]
        : []),
      ...(penalty ? [{ name: 'penalty', value: penalty, weight: 3 }] : []),
    ],
    feeds: {
      ...texts('', LABELLED + pairs, 1),
      ...texts('original.', pairs, 3),
      labels: randomIntegers(LABELLED, 3, 5),
      annealingThreshold: Float32Array.of(0.6),
    },
    threshold: 0.6,
  };
}

describe('a step with pairs', () => {
  const variants: readonly Partial<ProgramOptions>[] = [
    { pooling: 'mean' },
    { pruning: { method: 'topK', isGlobal: true, regularization: null }, recomputesLayers: true },
    { pruning: { method: 'l0', isGlobal: false, regularization: 'l0' }, pooling: 'mean' },
  ];
  it.each(variants)('follows the reference (%o)', async (options) => {
    expect(worst(await distances(stepOf(options)))).toBeLessThan(1e-4);
  });

  it('is one submit; the originals cost forward kernels alone', async () => {
    const submit = vi.spyOn(GPUQueue.prototype, 'submit');
    const dispatch = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
    const dispatchesOf = async (work: () => Promise<unknown>) => {
      await work(); // makes the plan, which may take dispatches of its own
      submit.mockClear();
      dispatch.mockClear();
      await work();
      return dispatch.mock.calls.length;
    };
    const counts: number[] = [];
    let forward = 0;
    for (const pairs of [0, PAIRS]) {
      const { terms, feeds = {} } = stepOf({}, pairs);
      const executors = await createExecutors();
      const values = terms.map(({ value }) => value);
      const trainable = new Set(setParameters([executors.plan], values));
      const inputs = { feeds, threshold: 1, seed: 1 };
      const step = async () => {
        await executors.plan.accumulate({ terms, inputs, trainable, share: 1 });
        await executors.plan.update({ groups: [], step: 1, beta1: 0, beta2: 0, epsilon: 1, maxGradNorm: 0 });
      };
      counts.push(await dispatchesOf(step));
      expect(submit).toHaveBeenCalledTimes(1);
      const pairShare = terms.find(({ name }) => name === 'pairShare');
      if (pairShare) forward = await dispatchesOf(() => executors.plan.evaluate([pairShare.value], inputs));
      disposeAll(executors);
    }
    const [alone = Number.NaN, paired = Number.NaN] = counts;
    const losses = 2 + 2 + 1 + 2 + 1; // slices, their gradients and the sum of these; consistency; the other share
    expect(paired - alone).toBe(forward + losses);
    vi.restoreAllMocks();
  });
});
