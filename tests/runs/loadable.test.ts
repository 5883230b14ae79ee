import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/runs/client.ts';
import { answerTo, createAnswersStore } from '../../src/runs/loadable.ts';
import type { FromWorker, ModelDescription, ToWorker } from '../../src/runs/protocol.ts';

const request = {
  type: 'describe-model',
  model: { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: null },
} as const;

/** Answers over a client whose worker is the test. */
function setUp() {
  const sent: ToWorker[] = [];
  const listeners: ((event: MessageEvent<FromWorker>) => void)[] = [];
  const client = createClient(() => ({
    postMessage: (message) => sent.push(message),
    addEventListener: (type: string, listener: (event: never) => void) => {
      if (type === 'message') listeners.push(listener as (event: MessageEvent<FromWorker>) => void);
    },
    terminate: () => undefined,
  }));
  const answers = createAnswersStore(client);
  return {
    answers,
    sent,
    now: () => answerTo(answers.getState(), request),
    say: (data: FromWorker) => {
      for (const listener of listeners) listener({ data } as MessageEvent<FromWorker>);
    },
  };
}

describe('answers of the worker', () => {
  it('are asked for once, and say how many bytes are read until they are there', async () => {
    const { answers, sent, now, say } = setUp();
    answers.ask(request);
    answers.ask(request);
    expect(sent).toHaveLength(1);
    expect(now()).toEqual({ type: 'loading', progress: null });
    const { id } = sent[0]!;
    say({ type: 'progress', id, done: 5, total: 20 });
    expect(now()).toEqual({ type: 'loading', progress: { done: 5, total: 20 } });
    const value = { name: 'tiny' } as ModelDescription;
    say({ type: 'response', id, value });
    await expect.poll(now).toEqual({ type: 'loaded', value });
  });
});
