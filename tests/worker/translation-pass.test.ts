// The pass with a translator and a store made up: what is done once, kept, and gone on with.
import { describe, expect, it } from 'vitest';
import type { ParaphraseStore } from '../../src/hub/paraphrases.ts';
import type { BackTranslation } from '../../src/runs/translation.ts';
import { type Translator, translateTexts } from '../../src/worker/translation-pass.ts';

const how: BackTranslation = { language: 'fr', temperature: 0.9 };

function createStore() {
  const kept = new Map<string, string>();
  const keyOf = ({ language, temperature }: BackTranslation, text: string) => `${language} ${temperature} ${text}`;
  const store: ParaphraseStore = {
    read: async (way, texts) => texts.map((text) => kept.get(keyOf(way, text)) ?? null),
    save: async (way, text, paraphrase) => void kept.set(keyOf(way, text), paraphrase),
  };
  return { kept, store };
}

/** Shouts in French; `fails` breaks off at a text that holds it. */
function createTranslator(fails?: string) {
  const seeds: number[] = [];
  const asked: string[] = [];
  const translator: Translator = {
    seed: (seed) => void seeds.push(seed),
    there: async (sentences) => {
      asked.push(...sentences);
      if (fails && sentences.some((text) => text.includes(fails))) throw new Error('out of memory');
      return sentences.map((text) => text.toUpperCase());
    },
    back: async (sentences) => sentences,
  };
  return { seeds, asked, openTranslator: async () => translator };
}

async function collect<T>(reports: AsyncIterable<T>, most = Number.POSITIVE_INFINITY): Promise<T[]> {
  const seen: T[] = [];
  for await (const report of reports) {
    seen.push(report);
    if (seen.length === most) break;
  }
  return seen;
}

const texts = ['one here', 'two here', 'three here', 'two here'];

describe('a pass of back-translation', () => {
  it('translates each different text once, and counts from what was there', async () => {
    const { kept, store } = createStore();
    const { asked, openTranslator } = createTranslator();
    const reports = await collect(translateTexts({ texts, how, store, openTranslator }));
    expect(asked).toEqual(['one here', 'two here', 'three here']);
    expect(reports.map(({ done, total }) => `${done}/${total}`)).toEqual(['0/3', '1/3', '2/3', '3/3']);
    expect(reports[2]?.latest).toEqual({ original: 'two here', paraphrase: 'TWO HERE' });
    expect([...kept.values()]).toEqual(['ONE HERE', 'TWO HERE', 'THREE HERE']);
  });

  it('broken off, keeps what it reported and goes on there', async () => {
    const { kept, store } = createStore();
    await collect(translateTexts({ texts, how, store, ...createTranslator() }), 2); // none done, then one
    expect([...kept.values()]).toEqual(['ONE HERE']);
    const { asked, openTranslator } = createTranslator();
    const reports = await collect(translateTexts({ texts, how, store, openTranslator }));
    expect(asked).toEqual(['two here', 'three here']);
    expect(reports.map(({ done }) => done)).toEqual([1, 2, 3]);
  });

  it('that fails in the middle keeps what came before', async () => {
    const { kept, store } = createStore();
    const pass = collect(translateTexts({ texts, how, store, ...createTranslator('three') }));
    await expect(pass).rejects.toThrow('out of memory');
    expect([...kept.values()]).toEqual(['ONE HERE', 'TWO HERE']);
  });

  it('opens no models where nothing is left to do', async () => {
    const { store } = createStore();
    await collect(translateTexts({ texts, how, store, ...createTranslator() }));
    const openTranslator = () => Promise.reject(new Error('opened'));
    expect(await collect(translateTexts({ texts, how, store, openTranslator }))).toEqual([
      { type: 'translating', done: 3, total: 3, etaMs: null, latest: null },
    ]);
  });

  it('makes other paraphrases at another temperature, or by way of another language', async () => {
    const { kept, store } = createStore();
    for (const way of [how, { ...how, temperature: 0.8 }, { ...how, language: 'de' } as const]) {
      await collect(translateTexts({ texts: ['one here'], how: way, store, ...createTranslator() }));
    }
    expect(kept.size).toBe(3);
  });

  it('seeds chance with the text, whatever its turn', async () => {
    const seedsOf = async (order: readonly string[]) => {
      const { seeds, openTranslator } = createTranslator();
      await collect(translateTexts({ texts: order, how, store: createStore().store, openTranslator }));
      return seeds;
    };
    const [one, two] = await seedsOf(['one here', 'two here']);
    expect(await seedsOf(['two here', 'one here'])).toEqual([two, one]);
    expect(one).not.toBe(two);
  });

  it('expects the time that the characters left will take', async () => {
    let now = 0;
    const { store } = createStore();
    const options = { texts: ['ten letters'.slice(0, 10), 'x'.repeat(30)], how, store, now: () => (now += 100) };
    const reports = await collect(translateTexts({ ...options, ...createTranslator() }));
    // Ten characters took 100 ms, thirty are left; then none is.
    expect(reports.map(({ etaMs }) => etaMs)).toEqual([null, 300, 0]);
  });
});
