// A translator that downloads nothing and shouts: for looking at the page, and for stores that need one.
import type { TranslationReport } from '../../src/runs/translation.ts';
import { createFakePort, type FakePort } from './fake-port.ts';

export type FakeTranslator = FakePort<TranslationReport>;

/** Silent but for what it is made to report. */
export const createFakeTranslator = (): FakeTranslator => createFakePort<TranslationReport>();

/** Downloads for two seconds, then translates a text every `msPerText`. */
export function createPacedTranslator(msPerText: number): FakeTranslator {
  const fake = createFakeTranslator();
  const total = 4200;
  let tick = 0;
  const advance = () => {
    if (fake.isTerminated) return;
    tick++;
    const done = Math.max(0, tick - 10);
    if (tick <= 10) fake.report({ type: 'downloading', done: 21.5e6 * tick, total: 215e6, bytesPerSecond: 21.5e6 });
    else fake.report({ type: 'translating', done, total, etaMs: (total - done) * msPerText, latest });
    setTimeout(advance, tick <= 10 ? 200 : msPerText);
  };
  return Object.assign(fake, { postMessage: advance });
}

const latest = {
  original: 'a long slender fish of warm seas that has a sword-like upper jaw',
  paraphrase: 'a long, thin fish of the warm seas, with an upper jaw in the shape of a sword',
};
