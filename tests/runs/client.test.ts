import { describe, expect, it, vi } from 'vitest';
import { createClient, type WorkerPort } from '../../src/runs/client.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import type { FromWorker, ToWorker } from '../../src/runs/protocol.ts';

class FakePort implements WorkerPort {
  readonly sent: ToWorker[] = [];
  terminated = false;
  private readonly message: ((event: MessageEvent<FromWorker>) => void)[] = [];
  private readonly error: ((event: ErrorEvent) => void)[] = [];

  postMessage(message: ToWorker) {
    this.sent.push(message);
  }
  // biome-ignore lint/suspicious/noExplicitAny: one implementation behind the port's two overloads
  addEventListener(type: 'message' | 'error', listener: (event: any) => void) {
    this[type].push(listener);
  }
  terminate() {
    this.terminated = true;
  }
  say(data: FromWorker) {
    for (const listener of this.message) listener({ data } as MessageEvent<FromWorker>);
  }
  die(message: string) {
    for (const listener of this.error) listener({ message } as ErrorEvent);
  }
}

function setUp() {
  const ports: FakePort[] = [];
  const client = createClient(() => {
    const port = new FakePort();
    ports.push(port);
    return port;
  });
  return { client, ports, port: ports[0]! };
}

const pause = (runId: string) => ({ type: 'pause-run', runId }) as const;

describe('createClient', () => {
  it('gives each request the answer with its id, whatever the order', async () => {
    const { client, port } = setUp();
    const first = client.request({ type: 'describe-data', data: dataChoice, previewRows: 1 });
    const second = client.request(pause('r'));
    const [a, b] = port.sent;
    port.say({ type: 'response', id: b!.id, value: null });
    port.say({ type: 'response', id: a!.id, value: description });
    expect(await second).toBeNull();
    expect(await first).toEqual(description);
  });

  it('takes a worker for hung that is silent for minutes while something is asked of it', async () => {
    vi.useFakeTimers();
    const { client, port } = setUp();
    const lost: string[] = [];
    client.onLost((message) => lost.push(message));
    vi.advanceTimersByTime(30 * 60_000);
    expect(lost).toEqual([]); // nothing was asked
    const request = client.request(pause('r'));
    vi.advanceTimersByTime(4.5 * 60_000);
    port.say({ type: 'alive' });
    vi.advanceTimersByTime(4.9 * 60_000);
    expect(lost).toEqual([]);
    vi.advanceTimersByTime(0.2 * 60_000);
    expect(lost).toEqual([expect.stringContaining('none for 5 minutes')]);
    await expect(request).rejects.toThrow('none for 5 minutes');
    vi.useRealTimers();
  });

  it('tells a request how far it is', async () => {
    const { client, port } = setUp();
    const heard: [number, number][] = [];
    const request = client.request({ type: 'describe-data', data: dataChoice, previewRows: 1 }, (...bytes) =>
      heard.push(bytes),
    );
    const { id } = port.sent[0]!;
    port.say({ type: 'progress', id, done: 3, total: 12 });
    port.say({ type: 'progress', id: id + 1, done: 9, total: 12 });
    port.say({ type: 'response', id, value: description });
    await request;
    expect(heard).toEqual([[3, 12]]);
  });

  it('rejects with the code and message of an error', async () => {
    const { client, port } = setUp();
    const request = client.request(pause('r'));
    port.say({ type: 'error', id: port.sent[0]!.id, error: { code: 'bad-settings', message: 'run: no such run.' } });
    await expect(request).rejects.toMatchObject({ code: 'bad-settings', message: 'run: no such run.' });
  });

  it('ignores an answer to no request', () => {
    const { port } = setUp();
    expect(() => port.say({ type: 'response', id: 99, value: null })).not.toThrow();
  });

  it('passes run events on until unsubscribed', () => {
    const { client, port } = setUp();
    const seen: (readonly [string, RunEvent['type']])[] = [];
    const stop = client.onEvent((runId, event) => seen.push([runId, event.type]));
    port.say({ type: 'event', runId: 'r', event: { type: 'paused' } });
    stop();
    port.say({ type: 'event', runId: 'r', event: { type: 'resumed' } });
    expect(seen).toEqual([['r', 'paused']]);
  });

  it('rejects everything open when the worker dies, and says so', async () => {
    const { client, port } = setUp();
    const lost: string[] = [];
    client.onLost((message) => lost.push(message));
    const requests = [client.request(pause('a')), client.request(pause('b'))];
    port.die('out of memory');
    const results = await Promise.allSettled(requests);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(lost).toEqual(['worker: out of memory.']);
  });

  it('restarts with a fresh worker and hears the old one no more', async () => {
    const { client, ports, port } = setUp();
    const request = client.request(pause('a'));
    client.restart();
    await expect(request).rejects.toMatchObject({ code: 'internal' });
    expect(port.terminated).toBe(true);

    const again = client.request(pause('a'));
    const fresh = ports[1]!;
    port.say({ type: 'error', id: fresh.sent[0]!.id, error: { code: 'internal', message: 'from the grave' } });
    fresh.say({ type: 'response', id: fresh.sent[0]!.id, value: null });
    expect(await again).toBeNull();
  });
});

const dataChoice = {
  kind: 'embedded',
  id: 'spam-assassin',
  slices: { train: 'train', dev: 'dev', test: 'test' },
  shuffle_seed: null,
  filter: null,
} as const;

const description = {
  name: 'SpamAssassin',
  task: 'text-classification',
  labels: ['ham', 'spam'],
  counts: { train: 3, dev: 2, test: 1 },
  unfiltered: null,
  inTrain: { dev: 0, test: 0 },
  note: '',
  columns: ['text', 'label'],
  preview: [],
  balance: null,
  answers: null,
} as const;
