// A translator that downloads nothing and shouts: for looking at the page, and for stores that need one.
import type { TranslationReport } from '../../src/runs/translation.ts';
import type { TranslatorPort } from '../../src/runs/translation-store.ts';

export interface FakeTranslator extends TranslatorPort {
  report(report: TranslationReport): void;
  readonly isTerminated: boolean;
}

/** Silent but for what it is made to report. */
export function createFakeTranslator(): FakeTranslator {
  const listeners: ((event: MessageEvent<TranslationReport>) => void)[] = [];
  let isTerminated = false;
  return {
    postMessage: () => undefined,
    addEventListener(type: 'message' | 'error', listener: (event: never) => void) {
      if (type === 'message') listeners.push(listener as (event: MessageEvent<TranslationReport>) => void);
    },
    terminate() {
      isTerminated = true;
    },
    report(report) {
      for (const listener of listeners) listener({ data: report } as MessageEvent<TranslationReport>);
    },
    get isTerminated() {
      return isTerminated;
    },
  };
}

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
