import { describe, expect, it } from 'vitest';
import { checkMemory, remediesOf } from '../../src/runs/guard-rails-memory.ts';
import type { MemoryEstimate } from '../../src/runs/protocol.ts';
import { trainingArgumentsSchema } from '../../src/runs/spec.ts';

const gib = 2 ** 30;
const training = trainingArgumentsSchema.parse({ per_device_train_batch_size: 8 });
const choices = [
  {
    training: {
      per_device_train_batch_size: 8,
      per_device_eval_batch_size: 32,
      gradient_accumulation_steps: 1,
      gradient_checkpointing: true,
      fp16: false,
    },
    totalBytes: 3.5 * gib,
  },
  {
    training: {
      per_device_train_batch_size: 4,
      per_device_eval_batch_size: 8,
      gradient_accumulation_steps: 2,
      gradient_checkpointing: true,
      fp16: true,
    },
    totalBytes: 1.9 * gib,
  },
];
const estimate: MemoryEstimate = {
  backend: 'webgpu',
  bytesByKind: {
    weights: gib,
    scores: 0,
    gradients: gib,
    moments: 2 * gib,
    masks: 0,
    activations: 1.2 * gib,
    teacher: 0,
    other: 0,
  },
  totalBytes: 5.2 * gib,
  limitBytes: 4 * gib,
  largestBuffer: { bytes: gib, limitBytes: 2 * gib },
  disk: { checkpointBytes: 0, finalBytes: 0, mostBytes: 0 },
  fits: false,
  choices,
};

describe('checkMemory', () => {
  it('says nothing of a run that fits, or whose limit nobody knows', () => {
    expect(checkMemory({ ...estimate, fits: true }, training)).toEqual([]);
    expect(checkMemory({ ...estimate, limitBytes: null, fits: true }, training)).toEqual([]);
  });

  it('warns of more than the stated memory, and offers what fits', () => {
    const [finding] = checkMemory(estimate, training);
    expect(finding?.level).toBe('warning');
    expect(finding?.text).toBe(
      'Needs up to about 5.2 GiB, more than the 4 GiB that you say the GPU has. These would fit:',
    );
    expect(finding?.remedies?.map(({ label }) => label)).toEqual([
      'Recompute: 3.5 GiB',
      'Batch 4 × 2 accumulation, evaluation batch 8, recompute, half precision: 1.9 GiB',
    ]);
    expect(finding?.remedies?.[1]?.training).toEqual(choices[1]?.training);
  });

  it('refuses a buffer larger than the adapter allows, whatever memory there is', () => {
    const largestBuffer = { bytes: 2.5 * gib, limitBytes: 2 * gib };
    const [finding] = checkMemory({ ...estimate, limitBytes: null, largestBuffer }, training);
    expect(finding?.level).toBe('error');
    expect(finding?.text).toMatch(/^One buffer needs 2\.5 GiB, and this adapter allows at most 2 GiB in one\. /);
  });

  it('refuses more than WebAssembly can address, and says what to do where no batch fits', () => {
    const [finding] = checkMemory({ ...estimate, backend: 'wasm', largestBuffer: null, choices: [] }, training);
    expect(finding?.level).toBe('error');
    expect(finding?.text).toBe(
      'Needs up to about 5.2 GiB, more than the 4 GiB that WebAssembly can address. ' +
        'No batch would fit: choose fewer tokens or layers.',
    );
  });
});

describe('remediesOf', () => {
  it('leaves out what a sweep would set back', () => {
    const swept = ['training.per_device_train_batch_size'];
    expect(remediesOf(estimate, training, swept).map(({ label }) => label)).toEqual(['Recompute: 3.5 GiB']);
    const [finding] = checkMemory({ ...estimate, choices: choices.slice(1) }, training, swept);
    expect(finding?.text).toContain('Take the largest values out of the sweep.');
  });

  it('name only what they change', () => {
    const half = { ...training, per_device_eval_batch_size: 8, gradient_checkpointing: true, fp16: true };
    expect(remediesOf(estimate, half)[1]?.label).toBe('Batch 4 × 2 accumulation: 1.9 GiB');
  });
});
