// A whole run through the session, and what else is asked of it about checkpoints meanwhile.
import '@tensorflow/tfjs-backend-cpu';
import 'fake-indexeddb/auto';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Backend } from '../../src/engine/gpu/backend.ts';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { openFolder } from '../../src/hub/opfs.ts';
import { readRecords } from '../../src/runs/checkpoint-records.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import type { Request } from '../../src/runs/protocol.ts';
import { createSession } from '../../src/worker/session.ts';
import type { FakeDirectory } from '../hub/fake-opfs.ts';
import { prepareStorage, specOf } from './course.ts';

vi.mock('../../src/engine/gpu/backend.ts', () => ({
  openBackend: async (): Promise<Partial<Backend>> => ({
    name: 'wasm',
    adapter: '',
    tier: null,
    threads: 1,
    lost: new Promise<string>(() => undefined),
  }),
}));
vi.mock('../../src/engine/gpu/create-executor.ts', () => ({ createExecutor: () => createReferenceExecutor('wasm') }));

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  vi.stubGlobal('self', { location: { href: 'http://localhost/assets/worker.js' } });
  await prepareStorage();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function openSession(onEvent: (event: RunEvent) => void) {
  const session = createSession({ event: (_, event) => onEvent(event), deviceLost: () => undefined });
  const ask = (request: Request) => session.handle(request, () => undefined);
  await ask({ type: 'initialise', backend: 'wasm' });
  const spec = specOf({ training: { save_steps: 2 } });
  return { ask, start: (runId: string) => ask({ type: 'start-run', runId, spec, sources: null }) };
}

it('a run that is done leaves its checkpoints until they are asked away', async () => {
  const events: RunEvent[] = [];
  const { ask, start } = await openSession((event) => events.push(event));
  await start('run');
  expect(events.at(-1)).toMatchObject({ type: 'finished', outcome: 'done' });
  const kept = async () => [
    [...(await readRecords()).keys()],
    [...((await openFolder('checkpoints')) as unknown as FakeDirectory).entriesByName.keys()],
  ];
  expect(await kept()).toEqual([['run'], ['run']]);
  await ask({ type: 'delete-checkpoints', runId: 'run' });
  expect(await kept()).toEqual([[], []]);
});

it('what a run under way has saved is neither tidied away nor deleted', async () => {
  const asked: Promise<unknown>[] = [];
  const session = await openSession((event) => {
    if (event.type !== 'saved' || asked.length > 0) return;
    asked.push(session.ask({ type: 'tidy-checkpoints', runIds: [] }));
    asked.push(session.ask({ type: 'delete-checkpoints', runId: 'run' }).catch((error: unknown) => String(error)));
    asked.push(readRecords().then((records) => [...records.keys()]));
  });
  await session.start('run');
  expect(await Promise.all(asked)).toEqual([[], expect.stringContaining('expected no run under way'), ['run']]);
  await session.ask({ type: 'tidy-checkpoints', runIds: [] });
  expect([...(await readRecords()).keys()]).toEqual([]);
});
