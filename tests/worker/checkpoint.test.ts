// A run that goes on from a checkpoint is the run that was never broken off, to the last bit.
import '@tensorflow/tfjs-backend-cpu';
import 'fake-indexeddb/auto';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFolder } from '../../src/hub/opfs.ts';
import { readRecords, writeRecord } from '../../src/runs/checkpoint-records.ts';
import { asRunError } from '../../src/runs/events.ts';
import type { RunSpec } from '../../src/runs/spec.ts';
import type { RunCheckpoint } from '../../src/worker/checkpoint.ts';
import {
  deleteCheckpoints,
  loadCheckpoint,
  saveCheckpoint,
  tidyCheckpoints,
} from '../../src/worker/checkpoint-store.ts';
import { loadArtefact, loadHistory, loadScores } from '../../src/worker/run-store.ts';
import { FakeDirectory, FakeFile } from '../hub/fake-opfs.ts';
import { type Course, course, finishedOf, prepareStorage, rowsOf, saveCsv, specOf } from './course.ts';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  await prepareStorage();
  await deleteCheckpoints('run');
  await saveCsv('texts', { train: texts(0, 40), dev: texts(100, 12), test: texts(140, 10) });
});
afterEach(() => vi.unstubAllGlobals());

const MATRIX = 'bert.encoder.layer.0.intermediate.dense.weight';

const WORDS = ['keep', 'what', 'moves', 'move'];

/** Four words each, all different. */
const texts = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const words = [0, 1, 2, 3].map((place) => WORDS[((from + i) >> (2 * place)) % 4]);
    return `${words.join(' ')},${i % 2}`;
  });

const runFrom = (spec: RunSpec, resumes: RunCheckpoint | null, runId: string) =>
  course(spec, undefined, runId, 0, false, resumes);

async function outcomeOf(done: Course, runId: string) {
  const { weights, masks, gates, history } = await loadArtefact(runId);
  const { outcome, summary, problem } = finishedOf(done);
  return {
    outcome,
    problem,
    summary: { ...summary, elapsedMs: 0 },
    rows: rowsOf(done),
    history,
    weights,
    masks,
    gates,
    scores: await loadScores(runId, MATRIX),
    changes: await loadHistory(runId, MATRIX),
  };
}

const training = { save_steps: 2, hidden_dropout_prob: 0.1, weight_decay: 0.01 };

const kinds: Readonly<Record<string, RunSpec>> = {
  movement: specOf({ training }),
  magnitude: specOf({ training, pruning: { pruning_method: 'magnitude' } }),
  'soft movement with a penalty': specOf({
    training,
    pruning: {
      pruning_method: 'sigmoied_threshold',
      final_threshold: 0.1,
      initial_threshold: 0,
      regularization: 'l1',
      final_lambda: 10,
    },
  }),
  l0: specOf({
    training,
    pruning: { pruning_method: 'l0', regularization: 'l0', final_lambda: 10, mask_init: 'constant', mask_scale: 2.2 },
  }),
  'dense, with accumulation and texts grouped by length': specOf({
    training: { ...training, gradient_accumulation_steps: 2, group_by_length: true },
    pruning: { pruning_method: 'none' },
  }),
  'few labels, of which dev selects': specOf({
    training: { ...training, eval_steps: 1 },
    pruning: { pruning_method: 'none' },
    few_shot: { labels_per_class: 2 },
  }),
  UDA: specOf({
    data: 'texts',
    training: { ...training, eval_steps: 2 },
    pruning: { pruning_method: 'none' },
    few_shot: { labels_per_class: 2 },
    uda: { aug_ops: 'tf_idf-0.5', unsup_ratio: 2 },
  }),
  'hidden words': specOf({ training, pruning: { pruning_method: 'none' }, mlm: { mlm_probability: 0.5 } }),
};

describe('a run that is resumed', () => {
  it.each(Object.entries(kinds))('%s: has the same curves, weights and masks', async (_, spec) => {
    const whole = await runFrom(spec, null, 'whole');
    const expected = await outcomeOf(whole, 'whole');
    expect(whole.checkpoints.map(({ step }) => step)).toEqual([2, 4]);
    for (const checkpoint of whole.checkpoints) {
      const resumed = await runFrom(spec, checkpoint, 'resumed');
      expect(resumed.steps).toBe(6 - checkpoint.step);
      expect(resumed.events.find(({ type }) => type === 'started')).toMatchObject({ resumedAt: checkpoint.step });
      expect(await outcomeOf(resumed, 'resumed')).toEqual(expected);
    }
  });

  it.each([
    ['its checkpoint, where a loss has shown that it was good', 1, 4],
    ['the last good evaluation of the time before, where none has yet', 10, 3],
  ])('goes back to %s', async (_, logging_steps, kept) => {
    const spec = specOf({ training: { save_steps: 4, logging_steps } });
    const whole = await course(spec);
    const [checkpoint] = whole.checkpoints;
    const broken = await course(spec, undefined, 'broken', 1, false, checkpoint);
    expect(finishedOf(broken)).toMatchObject({ outcome: 'stopped', problem: { code: 'nan-loss' } });
    expect(finishedOf(broken).problem?.message).toContain(`The weights of step ${kept}, the last known`);
  });
});

describe('checkpoints', () => {
  it('with one cut-off over all matrices wait for the step at which it is decided anew', async () => {
    const spec = specOf({ training: { save_steps: 5, max_steps: 52 }, pruning: { global_topk: true } });
    const whole = await course(spec, undefined, 'whole');
    expect(whole.checkpoints.map(({ step }) => step)).toEqual([25, 50]);
    const resumed = await runFrom(spec, whole.checkpoints[0]!, 'resumed');
    expect(await outcomeOf(resumed, 'resumed')).toEqual(await outcomeOf(whole, 'whole'));
  });

  it('are made at a pause as well, and never where none are wanted', async () => {
    const paused = await course(specOf({ training: { save_steps: 1000 } }), undefined, 'run', 0, true);
    expect(paused.checkpoints.map(({ step }) => step)).toEqual([1]); // the next steps come within moments
    expect((await course(specOf({ training: { save_steps: 0 } }))).checkpoints).toEqual([]);
  });
});

async function checkpointsOf(save_steps: number) {
  return (await course(specOf({ training: { save_steps } }))).checkpoints;
}

async function filesOf(runId: string): Promise<Map<string, FakeFile>> {
  const folder = (await openFolder('checkpoints', runId)) as unknown as FakeDirectory;
  return new Map(
    [...folder.entriesByName].flatMap(([name, entry]) => (entry instanceof FakeFile ? [[name, entry]] : [])),
  );
}

describe('the disk', () => {
  it('keeps the last two, and gives the newest', async () => {
    for (const checkpoint of await checkpointsOf(1)) await saveCheckpoint('run', checkpoint);
    expect((await filesOf('run')).size).toBe(2);
    const { checkpoint, damaged } = await loadCheckpoint('run');
    expect([checkpoint?.step, damaged]).toEqual([5, []]);
  });

  it.each(['cut short', 'changed by a bit', 'gone'])(
    'falls back on the one before where the newest is %s',
    async (how) => {
      for (const checkpoint of await checkpointsOf(2)) await saveCheckpoint('run', checkpoint);
      const [name, newest] = [...(await filesOf('run'))].find(([file]) => file.startsWith('4-'))!;
      if (how === 'gone') await (await openFolder('checkpoints', 'run')).removeEntry(name);
      if (how === 'cut short') newest.bytes = newest.bytes.slice(0, 1000);
      if (how === 'changed by a bit') newest.bytes[2000]! ^= 1;
      const { checkpoint, damaged } = await loadCheckpoint('run');
      expect([checkpoint?.step, damaged]).toEqual([2, [4]]);
    },
  );

  it('keeps the one it went back to until there are two good ones again', async () => {
    const [second, fourth] = await checkpointsOf(2);
    await saveCheckpoint('run', second!);
    await saveCheckpoint('run', fourth!);
    const folder = await openFolder('checkpoints', 'run');
    const newest = async () => [...(await filesOf('run'))].filter(([file]) => file.startsWith('4-')).at(-1)![0];
    await folder.removeEntry(await newest());
    await saveCheckpoint('run', fourth!);
    await folder.removeEntry(await newest());
    expect((await loadCheckpoint('run')).checkpoint?.step).toBe(2);
  });

  it('that is full keeps what was saved before, and nothing of what was not', async () => {
    const [first, second] = await checkpointsOf(2);
    await saveCheckpoint('run', first!);
    const root = await navigator.storage.getDirectory();
    const { options } = root as unknown as FakeDirectory;
    Object.assign(options, { quota: (root as unknown as FakeDirectory).bytesUsed() + 5000 });
    await expect(saveCheckpoint('run', second!)).rejects.toMatchObject({ code: 'storage' });
    expect((await filesOf('run')).size).toBe(1);
    expect((await loadCheckpoint('run')).checkpoint?.step).toBe(2);
  });

  it('that is full at the end of a run says so, and holds nothing of the weights that it had no room for', async () => {
    const root = (await navigator.storage.getDirectory()) as unknown as FakeDirectory;
    Object.assign(root.options, { quota: root.bytesUsed() + 5000 });
    const problem = await course(specOf({})).catch(asRunError);
    expect(problem).toMatchObject({
      code: 'storage',
      message: expect.stringContaining("the browser's storage is full"),
    });
    const runs = (await openFolder('runs')) as unknown as FakeDirectory;
    expect([...runs.entriesByName.keys()]).toEqual([]);
  });

  it('forgets those of a run that is removed, and has none of one that it never saw', async () => {
    for (const checkpoint of await checkpointsOf(2)) await saveCheckpoint('run', checkpoint);
    await deleteCheckpoints('run');
    expect(await loadCheckpoint('run')).toEqual({ checkpoint: null, damaged: [] });
    expect((await filesOf('run')).size).toBe(0);
    expect(await loadCheckpoint('other')).toEqual({ checkpoint: null, damaged: [] });
  });
});

describe('tidying', () => {
  const foldersLeft = async () => [
    ...((await openFolder('checkpoints')) as unknown as FakeDirectory).entriesByName.keys(),
  ];
  const add = async (runId: string, file: string) =>
    (await openFolder('checkpoints', runId)).getFileHandle(file, { create: true });

  it('leaves what a run may go on from, and nothing else', async () => {
    const [first, second] = await checkpointsOf(2);
    for (const runId of ['kept', 'finished', 'hollow', 'torn']) {
      await saveCheckpoint(runId, first!);
      await saveCheckpoint(runId, second!);
    }
    for (const name of (await filesOf('hollow')).keys())
      await (await openFolder('checkpoints', 'hollow')).removeEntry(name);
    const [[newest]] = [[...(await filesOf('torn')).keys()].filter((name) => name.startsWith('4-'))];
    await (await openFolder('checkpoints', 'torn')).removeEntry(newest!);
    await add('kept', '5-broken-off.safetensors');
    await add('never saved', '1-broken-off.safetensors');

    expect(await tidyCheckpoints(['kept', 'hollow', 'torn', 'not begun'])).toEqual(['finished', 'hollow']);
    expect(await foldersLeft()).toEqual(['kept', 'torn']);
    expect([...(await filesOf('kept')).keys()]).toHaveLength(2);
    expect((await loadCheckpoint('kept')).checkpoint?.step).toBe(4);
    expect(await loadCheckpoint('torn')).toMatchObject({ checkpoint: { step: 2 }, damaged: [4] });
    expect([...(await readRecords()).keys()].sort()).toEqual(['kept', 'torn']);
    expect(await tidyCheckpoints(['kept', 'torn'])).toEqual([]);
    await tidyCheckpoints([]);
  });

  it('leaves what a newer page wrote, which no save replaces either', async () => {
    const newer = { version: 2, generations: 'elsewhere' } as never;
    await writeRecord('newer', newer);
    await add('newer', 'file');
    expect(await tidyCheckpoints([])).toEqual([]);
    expect(await foldersLeft()).toEqual(['newer']);
    const [checkpoint] = await checkpointsOf(4);
    await expect(saveCheckpoint('newer', checkpoint!)).rejects.toThrow('a newer Winnow wrote what is there');
    await expect(loadCheckpoint('newer')).rejects.toThrow('a newer Winnow wrote what is there');
    expect((await readRecords()).get('newer')).toBeNull();
    expect([...(await filesOf('newer')).keys()]).toEqual(['file']);
    await deleteCheckpoints('newer');
  });
});

describe('a browser that dies in mid-save', () => {
  /** The disk's and the database's operations, in order; from the `last`-th on, nothing reaches either any more. */
  function dieAfter(last: number): { readonly operations: () => number } {
    let count = 0;
    const counted = <A extends unknown[], R>(real: (this: unknown, ...args: A) => R) =>
      function (this: unknown, ...args: A): R {
        if (++count > last) throw new Error('the browser is gone');
        return real.apply(this, args);
      };
    for (const name of ['getFileHandle', 'removeEntry', 'getDirectoryHandle'] as const) {
      const real = FakeDirectory.prototype[name] as (...args: unknown[]) => Promise<never>;
      vi.spyOn(FakeDirectory.prototype, name).mockImplementation(counted(real));
    }
    const { access } = FakeFile.prototype;
    vi.spyOn(FakeFile.prototype, 'access').mockImplementation(function (this: FakeFile) {
      const real = access.call(this);
      return {
        ...real,
        // Half of what is to be written still comes through: a torn file.
        write: (data: Uint8Array, place: { at: number }) => {
          if (count + 1 > last) real.write(data.subarray(0, data.length >> 1), place);
          return counted(real.write)(data, place);
        },
        flush: counted(real.flush),
        read: counted(real.read),
      };
    });
    for (const name of ['put', 'get'] as const) {
      const real = IDBObjectStore.prototype[name] as (...args: unknown[]) => never;
      vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(counted(real));
    }
    return { operations: () => count };
  }

  it('has the new checkpoint or the one before, whichever operation was its last', async () => {
    const [oldest, first, second] = await checkpointsOf(1);
    const prepare = async (runId: string) => {
      await saveCheckpoint(runId, oldest!);
      await saveCheckpoint(runId, first!);
    };
    await prepare('whole');
    const { operations } = dieAfter(Number.POSITIVE_INFINITY);
    await saveCheckpoint('whole', second!);
    const total = operations();
    vi.restoreAllMocks();
    expect(total).toBeGreaterThan(20);

    const found: (number | undefined)[] = [];
    for (let last = 0; last < total; last++) {
      const runId = `run ${last}`;
      await prepare(runId);
      dieAfter(last);
      await saveCheckpoint(runId, second!).catch(() => undefined); // it dies, as it must
      vi.restoreAllMocks();
      const { checkpoint, damaged } = await loadCheckpoint(runId);
      found.push(checkpoint?.step);
      expect({ last, damaged }).toEqual({ last, damaged: [] });
      expect(checkpoint).toEqual(checkpoint?.step === 3 ? second : first);
      // The next save clears away what was left.
      await saveCheckpoint(runId, second!);
      expect((await filesOf(runId)).size).toBe(2);
    }
    const turn = found.indexOf(3);
    expect(turn).toBeGreaterThan(0);
    expect(found).toEqual(found.map((_, last) => (last < turn ? 2 : 3)));
    console.log(`checkpoints: ${total} operations of a save, each once its last; whole after every one`);
  });
});
