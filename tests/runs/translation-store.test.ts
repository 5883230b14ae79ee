import { describe, expect, it } from 'vitest';
import { dataChoiceSchema, udaSchema } from '../../src/runs/spec.ts';
import { backTranslationOf, modelsFor, type TranslationOrder } from '../../src/runs/translation.ts';
import { createTranslationStore, isTranslating } from '../../src/runs/translation-store.ts';
import { createFakeTranslator, type FakeTranslator } from '../ui/fake-translator.ts';

const data = dataChoiceSchema.parse({ kind: 'embedded', id: 'wordnet-glosses' });
const order: TranslationOrder = { data, how: { language: 'fr', temperature: 0.9 } };
const halfway = { type: 'translating', done: 2, total: 4, etaMs: 100, latest: null } as const;

function setUp() {
  const workers: FakeTranslator[] = [];
  const store = createTranslationStore(() => {
    const worker = createFakeTranslator();
    workers.push(worker);
    return worker;
  });
  return { store, workers };
}

describe('the translation of the page', () => {
  it('follows its worker, which ends with the pass', () => {
    const { store, workers } = setUp();
    expect(isTranslating(store.getState())).toBe(false);
    store.start(order);
    workers[0]!.report(halfway);
    expect(store.getState()).toEqual({ order, report: halfway, ended: 0 });
    expect(isTranslating(store.getState())).toBe(true);
    workers[0]!.report({ type: 'finished' });
    expect(store.getState()).toMatchObject({ report: { type: 'finished' }, ended: 1 });
    expect(workers[0]!.isTerminated).toBe(true);
  });

  it('pauses at once, whatever the worker still says', () => {
    const { store, workers } = setUp();
    store.start(order);
    store.pause();
    expect(workers[0]!.isTerminated).toBe(true);
    workers[0]!.report(halfway);
    expect(store.getState()).toEqual({ order, report: null, ended: 1 });
    store.pause(); // with nothing under way
    expect(store.getState().ended).toBe(1);
  });

  it('gives another order a worker of its own', () => {
    const { store, workers } = setUp();
    store.start(order);
    const other = { ...order, how: { ...order.how, temperature: 0.8 } };
    store.start(other);
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false]);
    expect(store.getState()).toMatchObject({ order: other, report: { type: 'reading' }, ended: 1 });
  });

  it('keeps why it failed in sight', () => {
    const { store, workers } = setUp();
    store.start(order);
    const failed = { type: 'failed', error: { code: 'network', message: 'no answer' } } as const;
    workers[0]!.report(failed);
    expect(store.getState()).toMatchObject({ report: failed, ended: 1 });
  });
});

describe('how texts are back-translated', () => {
  it('follows from the policy and the language', () => {
    const how = backTranslationOf(udaSchema.parse({ aug_ops: 'tf_idf-0.3+bt-0.8', bt_language: 'es' }));
    expect(how).toEqual({ language: 'es', temperature: 0.8 });
    expect(modelsFor(how!)).toEqual(['Xenova/opus-mt-en-es', 'Xenova/opus-mt-es-en']);
    expect(backTranslationOf(udaSchema.parse({}))).toBeNull();
  });
});
