// What the form is told of a run's memory, for BERT-base or its first two layers: nothing is computed.
import { describe, expect, it } from 'vitest';
import { SOFTWARE_TIER } from '../../src/engine/gpu/plan/tier.ts';
import { parseConfig, withLayers } from '../../src/engine/model/config.ts';
import type { MemoryTarget } from '../../src/engine/train/memory.ts';
import { runSpecSchema } from '../../src/runs/spec.ts';
import { type EstimateOptions, estimateRun } from '../../src/worker/estimate.ts';
import type { MemoryLayout } from '../../src/worker/memory.ts';

const bertBase = parseConfig({
  model_type: 'bert',
  vocab_size: 30_522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 512,
  type_vocab_size: 2,
});
const bert = withLayers(bertBase, 2);
const gib = 2 ** 30;
const webgpu: MemoryTarget = {
  backend: 'webgpu',
  tier: SOFTWARE_TIER,
  precision: 'f32',
  limits: { maxBufferSize: 2 * gib, maxStorageBufferBindingSize: 2 * gib },
};

interface Change {
  readonly training?: object;
  readonly distillation?: object;
  readonly mlm?: object;
  readonly layout?: Partial<MemoryLayout>;
}

function layoutOf({ training, distillation, mlm, layout }: Change): MemoryLayout {
  const spec = runSpecSchema.parse({
    name: 'run',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'wordnet-qa' },
    training: { per_device_train_batch_size: 8, per_device_eval_batch_size: 8, ...training },
    distillation: distillation ?? null,
    mlm: mlm ?? null,
  });
  const tokens = { training: 384, evaluation: 384 };
  const blueprint = { config: bert, task: 'question-answering', labels: 0 } as const;
  return { spec, blueprint, tokens, teacher: null, target: webgpu, ...layout };
}

const estimate = (change: Change, options: Partial<EstimateOptions> = {}) =>
  estimateRun(layoutOf(change), { statedBytes: null, wantsLess: false, breathe: async () => undefined, ...options });

describe('estimateRun', () => {
  it('says what it leaves on the disk: at most three checkpoints, or two and the weights', async () => {
    const history = 16e6;
    const masked = 14_155_776;
    const layers = masked + 2 * (4 * 768 + 3072 + 768 + 4 * 768); // biases, and two LayerNorms each
    const embeddings = (30_522 + 512 + 2 + 2) * 768;
    const head = 2 * 768 + 2;
    const { disk } = await estimate({});
    // Weights, scores and head, once with two moments and once as they last were good; embeddings are frozen.
    expect(disk.checkpointBytes).toBe(4 * 4 * (layers + masked + head) + history);
    expect(disk.finalBytes).toBe(4 * (embeddings + layers + head) + masked / 8 + 4 * masked + history);
    expect(disk.mostBytes).toBe(3 * disk.checkpointBytes);
    const none = (await estimate({ training: { save_steps: 0 } })).disk;
    expect(none).toEqual({ ...disk, checkpointBytes: 0, mostBytes: disk.finalBytes });
  });

  it('says what a run needs by kind, and fits where no limit is known', async () => {
    const { bytesByKind, totalBytes, limitBytes, fits, choices } = await estimate({});
    // 2 · (4 · 768² + 2 · 768 · 3072) masked weights have as many scores.
    expect(bytesByKind.scores).toBe(4 * 14_155_776);
    expect(Object.values(bytesByKind).reduce((sum, bytes) => sum + bytes, 0)).toBe(totalBytes);
    expect({ limitBytes, fits, choices }).toEqual({ limitBytes: null, fits: true, choices: [] });
  });

  it('offers what fits into the 4 GiB that a user states, the fastest first, each needing less', async () => {
    const blueprint = { config: bertBase, task: 'question-answering', labels: 0 } as const;
    const { totalBytes, fits, choices } = await estimate({ layout: { blueprint } }, { statedBytes: 4 * gib });
    expect(totalBytes).toBeGreaterThan(4 * gib);
    expect(fits).toBe(false);
    expect(choices.length).toBeGreaterThan(0);
    const bytes = choices.map((choice) => choice.totalBytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
    for (const { training, totalBytes: needed } of choices) {
      expect(needed).toBeLessThanOrEqual(4 * gib);
      expect(training.per_device_train_batch_size * training.gradient_accumulation_steps).toBe(8);
      const again = await estimate({ training, layout: { blueprint } }, { statedBytes: 4 * gib });
      expect(again).toMatchObject({ fits: true, totalBytes: needed });
    }
  });

  it('counts the words that are filled in, a share of all, and divides them with the batch', async () => {
    const layout = { blueprint: { config: bert, task: 'fill-mask', labels: 0 } } as const;
    const [few, many] = await Promise.all(
      [0.05, 0.15].map((mlm_probability) => estimate({ layout, mlm: { mlm_probability } })),
    );
    // Per word a row of logits over 30,522 and its gradient; 8 × 382 words can be asked for, less [CLS] and [SEP].
    const logits = 8 * (Math.round(0.15 * 382) - Math.round(0.05 * 382)) * 30_522 * 4;
    expect(many!.totalBytes - few!.totalBytes).toBeGreaterThan(logits);
    expect(many!.totalBytes - few!.totalBytes).toBeLessThan(3 * logits);
    const { choices } = await estimate({ layout, mlm: {} }, { wantsLess: true });
    expect(choices.some(({ training }) => training.per_device_train_batch_size < 8)).toBe(true);
    for (const { training, totalBytes } of choices) {
      expect((await estimate({ layout, mlm: {}, training })).totalBytes).toBe(totalBytes);
    }
  });

  it('offers no half precision on WebAssembly, where it does nothing', async () => {
    const target = { backend: 'wasm', threads: 1 } as const;
    const small = await estimate({ layout: { target } }, { wantsLess: true });
    expect(small).toMatchObject({ backend: 'wasm', largestBuffer: null, limitBytes: 65535 * 65536 });
    expect(small.choices.every(({ training }) => !training.fp16)).toBe(true);
    const half = await estimate({ training: { fp16: true }, layout: { target } });
    expect(half.totalBytes).toBe(small.totalBytes);
  });

  it('lowers the batch of evaluation where that is what does not fit', async () => {
    const training = { per_device_train_batch_size: 2, per_device_eval_batch_size: 64 };
    const small = await estimate({ training: { ...training, per_device_eval_batch_size: 8 } });
    const { fits, choices } = await estimate({ training }, { statedBytes: small.totalBytes });
    expect(fits).toBe(false);
    expect(choices[0]?.training).toMatchObject({ per_device_train_batch_size: 2, per_device_eval_batch_size: 8 });
  });

  it('finds a single buffer too large', async () => {
    const limits = { maxBufferSize: gib / 8, maxStorageBufferBindingSize: gib / 8 };
    const { largestBuffer, fits } = await estimate({ layout: { target: { ...webgpu, limits } } });
    expect(fits).toBe(false);
    expect(largestBuffer?.limitBytes).toBe(gib / 8);
    expect(largestBuffer?.bytes).toBeGreaterThan(gib / 8);
  });

  it('offers a quarter less to a run that fits on paper and did not when tried', async () => {
    const { totalBytes, fits, choices } = await estimate({}, { wantsLess: true });
    expect(fits).toBe(true);
    expect(choices.length).toBeGreaterThan(0);
    for (const choice of choices) expect(choice.totalBytes).toBeLessThanOrEqual(0.75 * totalBytes);
  });

  it('counts a teacher’s weights and what it holds while it looks', async () => {
    const distillation = { teacher: 'dense' };
    const { bytesByKind, totalBytes } = await estimate({ distillation, layout: { teacher: bert } });
    const alone = await estimate({ distillation });
    expect(bytesByKind.teacher).toBeGreaterThan(alone.bytesByKind.weights);
    expect(totalBytes).toBe(alone.totalBytes + bytesByKind.teacher);
  });
});
