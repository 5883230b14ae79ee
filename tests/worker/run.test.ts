// Whole runs as the worker makes them, on a tiny dropped model and dropped data, from settings to the checked zip.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptCount, maskBit } from '../../src/engine/pruning/agreement.ts';
import { MaskPlayer } from '../../src/engine/pruning/mask-history.ts';
import type { RunSpec } from '../../src/runs/spec.ts';
import { exportRun } from '../../src/worker/export.ts';
import { createMatrixReader } from '../../src/worker/matrix.ts';
import { loadArtefact, loadHistory, loadScores } from '../../src/worker/run-store.ts';
import { type Course, course, finishedOf, prepareStorage, rowsOf, saveCsv, specOf } from './course.ts';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(prepareStorage);
afterEach(() => vi.unstubAllGlobals());

describe('a run', () => {
  it('reports its matrices, every step, evaluations at both thresholds, and a summary', async () => {
    const done = await course(specOf({}));
    const started = done.events.find((event) => event.type === 'started');
    expect(started).toMatchObject({ totalSteps: 6, backend: 'wasm' });
    expect(done.steps).toBe(6);
    const rows = rowsOf(done);
    expect(rows.filter(({ values }) => 'train/loss' in values).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    const midway = rows.find(({ step, values }) => step === 3 && 'eval/accuracy' in values);
    expect(Object.keys(midway!.values)).toEqual(expect.arrayContaining(['eval/f1', 'eval_final/accuracy']));
    const { outcome, summary, problem } = finishedOf(done);
    expect({ outcome, problem }).toEqual({ outcome: 'done', problem: null });
    // H 4, F 8, two layers: four 4×4 and two 32-element matrices each; a quarter of each stays.
    expect(summary.keptByMatrix).toEqual([4, 4, 4, 4, 8, 8, 4, 4, 4, 4, 8, 8]);
    expect([summary.encoderKept, summary.encoderTotal]).toEqual([64, 256]);
    expect(Object.keys(summary.metrics)).toEqual(expect.arrayContaining(['eval/accuracy', 'test/accuracy', 'test/f1']));
  });

  it('gives the same curve twice', async () => {
    const losses = async () => rowsOf(await course(specOf({}))).map(({ values }) => values['train/loss']);
    expect(await losses()).toEqual(await losses());
  });

  it('computes layers again where asked, to the same losses and in less memory', async () => {
    const outcomeOf = async (gradient_checkpointing: boolean) => {
      const done = await course(specOf({ training: { gradient_checkpointing } }));
      const progress = done.events.findLast((event) => event.type === 'progress');
      const losses = rowsOf(done).map(({ values }) => values['train/loss']);
      return { losses, peak: progress?.type === 'progress' ? progress.progress.peakBytes : 0 };
    };
    const [kept, recomputed] = [await outcomeOf(false), await outcomeOf(true)];
    expect(recomputed.losses).toEqual(kept.losses);
    expect(recomputed.peak).toBeLessThan(kept.peak);
  });

  it('estimates its memory by the texts there are, however long they may be, and measures it to the end', async () => {
    const memoryOf = async (max_seq_length: number) => {
      const done = await course(specOf({ training: { max_seq_length, max_steps: 2 } }));
      const started = done.events.find((event) => event.type === 'started');
      const progress = done.events.findLast((event) => event.type === 'progress');
      return {
        estimated: started?.type === 'started' ? started.estimatedBytes : 0,
        trained: progress?.type === 'progress' ? progress.progress.peakBytes : 0,
        peak: finishedOf(done).peakBytes,
      };
    };
    const { estimated, trained, peak } = await memoryOf(8);
    expect(trained).toBeGreaterThan(0);
    expect(peak).toBeGreaterThanOrEqual(trained);
    expect(estimated).toBe((await memoryOf(10)).estimated);
  });

  it('stores halves where asked', async () => {
    expect((await course(specOf({}))).executors).toEqual([{ precision: 'f32' }]);
    expect((await course(specOf({ training: { fp16: true } }))).executors).toEqual([{ precision: 'f16' }]);
  });

  it('leaves the history of its masks, which ends at the final ones, and the scores that decided them', async () => {
    await course(specOf({}));
    const name = 'bert.encoder.layer.0.intermediate.dense.weight';
    const history = (await loadHistory('run', name))!;
    expect(history.steps).toEqual([1, 2, 3, 4, 5, 6]);
    const player = new MaskPlayer(history);
    const { masks } = await loadArtefact('run');
    expect(player.seek(6)).toEqual(masks.get(name));
    expect(keptCount(player.seek(6), 32)).toBe(8);
    expect(keptCount(player.seek(1), 32)).toBe(32); // pruning begins after the first warm-up
    const scores = (await loadScores('run', name))!;
    const cutOff = [...scores].sort((a, b) => b - a)[7]!;
    expect([...scores.keys()].filter((weight) => scores[weight]! >= cutOff)).toEqual(
      [...scores.keys()].filter((weight) => maskBit(masks.get(name)!, weight) === 1),
    );
  });

  it('records the masks of the step at which it is stopped, and none where none are wanted', async () => {
    const name = 'bert.encoder.layer.0.intermediate.dense.weight';
    await course(specOf({ training: { max_steps: 250 } }), 7);
    expect((await loadHistory('run', name))!.steps).toEqual([3, 6, 7]);
    await course(specOf({ pruning: { mask_history_mb: 0 } }));
    expect(await loadHistory('run', name)).toBeNull();
    await course(specOf({ pruning: { pruning_method: 'magnitude' } }));
    expect(await loadScores('run', name)).toBeNull();
  });

  it('leaves weights that can be shown, downloaded and trusted', async () => {
    await course(specOf({}));
    const matrix = await createMatrixReader().read('run', 'bert.encoder.layer.0.intermediate.dense.weight');
    expect(matrix.kept).toBe(8);
    expect(matrix.finetuned).not.toEqual(matrix.pretrained);
    const { verifiedZeros, fileName } = await exportRun('run', 'F32');
    expect(verifiedZeros).toBe(256 - 64);
    expect(fileName).toBe('tiny-run.zip');
  });

  it('keeps its weights when stopped, with the masks of that moment', async () => {
    const stopped = await course(specOf({}), 2);
    const { outcome, summary } = finishedOf(stopped);
    expect(outcome).toBe('stopped');
    expect(stopped.steps).toBe(2);
    expect(summary.encoderKept).toBeGreaterThan(64); // the ramp was not over
    expect((await exportRun('run', 'F16')).verifiedZeros).toBe(256 - summary.encoderKept);
  });

  it('tells where it stands before it waits', async () => {
    const { events } = await course(specOf({}), 3, 'run', 0, true);
    const told = events.flatMap((event) => (event.type === 'progress' ? [event.progress.step] : []));
    expect(told).toEqual([1, 2, 3]);
  });

  it('ends at a loss that is no number, says at which step, and goes back to the last good evaluation', async () => {
    const good = await course(specOf({ training: { max_steps: 6, eval_steps: 2 } }), 2);
    const weightsAt2 = (await loadArtefact('run')).weights;
    expect(good.steps).toBe(2);
    // The same run, but a learning rate that explodes after the second update.
    const broken = await course(specOf({ training: { max_steps: 6, eval_steps: 2 } }), undefined, 'broken', 2);
    const { outcome, problem } = finishedOf(broken);
    expect(outcome).toBe('stopped');
    expect(problem?.code).toBe('nan-loss');
    expect(problem?.message).toMatch(
      /^step 3: expected a finite loss.*The weights of step 2, the last known to be good/,
    );
    expect((await loadArtefact('broken')).weights).toEqual(weightsAt2);
  });

  it('that runs away says what did it, and keeps the last weights that were seen to be good', async () => {
    // Decay alone multiplies each weight by 1 − 1e4 · 0.01 = −99 at every update.
    const training = { learning_rate: 1e4, weight_decay: 0.01, max_steps: 60, save_steps: 1, eval_strategy: 'no' };
    const { events, checkpoints } = await course(specOf({ training, pruning: { pruning_method: 'none' } }));
    const { outcome, problem } = finishedOf({ events });
    const kept = Number(/The weights of step (\d+)/.exec(problem?.message ?? '')?.[1]);
    expect(outcome).toBe('stopped');
    expect(problem?.message).toContain('Most likely: learning rate × weight decay is 100');
    expect(problem?.message).toContain('Perhaps also: the learning rate, 10000, is 2e8 times the usual 5e-5');
    // Step 1 starts from 0.58, and the weights of a step give the loss of the next.
    const sound = rowsOf({ events }).filter(({ values }) => (values['train/task_loss'] ?? Number.NaN) <= 10);
    expect(kept).toBe(sound.at(-1)!.step - 1);
    expect(kept).toBeGreaterThan(0);
    const { weights, summary } = await loadArtefact('run');
    expect(summary.metrics['train/loss']).toBe(sound.at(-2)?.values['train/loss']); // of those weights' own step
    const good = checkpoints.find(({ step }) => step === kept);
    for (const [name, { data }] of good?.parameters ?? []) expect(weights.get(name)?.data).toEqual(data);
    expect(good?.parameters.size).toBeGreaterThan(10);
  });

  it('says before its first step where the disk has too little room, and goes on', async () => {
    const warningsOf = ({ events }: Pick<Course, 'events'>) =>
      events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
    const spec = specOf({ training: { save_steps: 2 } });
    const tight = await course(spec, undefined, 'run', 0, false, null, 20e6);
    expect(warningsOf(tight)).toEqual([
      { code: 'little-room', message: expect.stringMatching(/^Takes up to \d+ MiB on the disk .* has 19 MiB left/) },
    ]);
    const first = (...types: readonly string[]) => tight.events.findIndex(({ type }) => types.includes(type));
    expect(first('warning')).toBeLessThan(first('metrics', 'progress'));
    expect(finishedOf(tight).outcome).toBe('done');
    expect(warningsOf(await course(spec, undefined, 'run', 0, false, null, 1e9))).toEqual([]);
    const [checkpoint] = tight.checkpoints;
    expect(warningsOf(await course(spec, undefined, 'run', 0, false, checkpoint, 20e6))).toEqual([]);
  });

  it('never comes to a checkpoint, however seldom losses are read', async () => {
    const training = { logging_steps: 100, save_steps: 2, max_steps: 8, eval_strategy: 'no' };
    const { events, checkpoints } = await course(specOf({ training }), undefined, 'run', 3);
    expect(checkpoints.map(({ step }) => step)).toEqual([2]);
    expect(finishedOf({ events }).problem).toMatchObject({
      code: 'nan-loss',
      message: expect.stringContaining('step 4: expected finite weights, got others in '),
    });
  });

  it('bakes l0’s real-valued gates into what is downloaded', async () => {
    await course(
      specOf({ pruning: { pruning_method: 'l0', mask_scale: 2.197, regularization: 'l0', final_lambda: 1 } }),
    );
    const { gates, masks } = await loadArtefact('run');
    expect(gates?.size).toBe(12);
    expect(masks.size).toBe(12);
    expect((await exportRun('run', 'F32')).summary.encoderTotal).toBe(256);
  });

  it('prunes nothing in a dense run', async () => {
    const { summary } = finishedOf(await course(specOf({ pruning: { pruning_method: 'none' } })));
    expect(summary.encoderKept).toBe(256);
    expect(summary.modelNonZero).toBe(summary.modelTotal);
  });

  it('learns from a dense teacher by name, and says so where there is none', async () => {
    await course(specOf({ name: 'teacher', pruning: { pruning_method: 'none' } }), undefined, 'first');
    const student = {
      ...specOf({ name: 'student' }),
      distillation: { teacher: 'teacher', alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 },
    };
    const rows = rowsOf(await course(student, undefined, 'second'));
    expect(rows[0]!.values['train/distillation_loss']).toBeGreaterThan(0);
    const orphan = { ...student, distillation: { ...student.distillation, teacher: 'nobody' } };
    await expect(course(orphan)).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('"nobody"'),
    });
  });
});

describe('a run that starts from an earlier one', () => {
  const weightsOf = async (runId: string) => (await loadArtefact(runId)).weights;
  const still = { max_steps: 1, learning_rate: 0, weight_decay: 0 };
  const dense = { pruning_method: 'none' };

  it('starts with its weights, classifier included', async () => {
    await course(specOf({ name: 'first', pruning: dense, training: { freeze_embeddings: false } }), undefined, 'first');
    const next = { ...specOf({ name: 'next', pruning: dense, training: still }), starts_from: 'first' };
    await course(next, undefined, 'next');
    expect(await weightsOf('next')).toEqual(await weightsOf('first'));
    await course(specOf({ name: 'own', pruning: dense, training: still }), undefined, 'own');
    expect(await weightsOf('own')).not.toEqual(await weightsOf('first'));
  });

  it('keeps a classifier of its own where the labels are others', async () => {
    await course(specOf({ name: 'first', pruning: dense }), undefined, 'first');
    await saveCsv('words', { train: ['keep,yes', 'what,no'], dev: ['keep,yes'], test: ['what,no'] });
    const next = { ...specOf({ name: 'next', data: 'words', pruning: dense, training: still }), starts_from: 'first' };
    await course(next, undefined, 'next');
    const [first, second] = [await weightsOf('first'), await weightsOf('next')];
    const query = 'bert.encoder.layer.0.attention.self.query.weight';
    expect(second.get(query)).toEqual(first.get(query));
    expect(second.get('classifier.weight')).not.toEqual(first.get('classifier.weight'));
  });

  it('needs a dense one of the same model', async () => {
    const startingFrom = (starts_from: string) => course({ ...specOf({ name: 'next', pruning: dense }), starts_from });
    await expect(startingFrom('nobody')).rejects.toThrow('Start: expected a finished run named "nobody"');
    await course(specOf({ name: 'pruned' }), undefined, 'pruned');
    await expect(startingFrom('pruned')).rejects.toThrow(
      'Start "pruned": expected a dense run, got one pruned by topK',
    );
    const shallow = specOf({ name: 'shallow', pruning: dense });
    await course({ ...shallow, model: { kind: 'files', key: 'tiny', layers: 1 } }, undefined, 'shallow');
    await expect(startingFrom('shallow')).rejects.toThrow(
      /Start "shallow": expected bert\.encoder\.layer\.1\..*got none/,
    );
  });
});

describe('bad input to a run names file, expectation and remedy', () => {
  it('more tokens than the model has positions', async () => {
    await expect(course(specOf({ training: { max_seq_length: 12 } }))).rejects.toMatchObject({
      message: expect.stringMatching(/max_seq_length.*at most 10.*got 12/),
    });
  });
  it('an unknown column', async () => {
    const spec = specOf({});
    const data = { ...spec.data, columns: { text: 'body', label: 'label' } } as RunSpec['data'];
    await expect(course({ ...spec, data })).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('body'),
    });
  });
  it('files that are no longer there', async () => {
    const model = { kind: 'files', key: 'gone', layers: null } as const;
    await expect(course({ ...specOf({}), model })).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('gone'),
    });
  });
});
