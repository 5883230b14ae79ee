import { expect, it, vi } from 'vitest';
import type { Backend, BackendOptions } from '../../src/engine/gpu/backend.ts';
import { createSession } from '../../src/worker/session.ts';
import { specOf } from './course.ts';

const openings: { readonly preference: string; readonly finish: () => void }[] = [];

vi.mock('../../src/engine/gpu/backend.ts', () => ({
  openBackend: ({ preference }: BackendOptions) =>
    new Promise<Partial<Backend>>((resolve) => {
      const backend = {
        name: preference as 'webgpu',
        adapter: '',
        tier: null,
        lost: new Promise<string>(() => undefined),
      };
      openings.push({ preference, finish: () => resolve(backend) });
    }),
}));
vi.stubGlobal('self', { location: { href: 'http://localhost/assets/worker.js' } });

it('a backend that is chosen while another opens is opened after it, and is the one that stays', async () => {
  const session = createSession({ event: () => undefined, deviceLost: () => undefined });
  const choose = (backend: 'wasm' | 'webgpu') => session.handle({ type: 'initialise', backend }, () => undefined);
  const [first, second] = [choose('wasm'), choose('webgpu')];
  await vi.waitFor(() => expect(openings).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(openings.map(({ preference }) => preference)).toEqual(['wasm']);
  openings[0]!.finish();
  await expect(first).resolves.toMatchObject({ backend: 'wasm' });
  await vi.waitFor(() => expect(openings).toHaveLength(2));
  openings[1]!.finish();
  await expect(second).resolves.toMatchObject({ backend: 'webgpu' });
});

it('a run whose checkpoints cannot be read fails, and leaves the engine to the next', async () => {
  // Neither IndexedDB nor a file system here.
  const session = createSession({ event: () => undefined, deviceLost: () => undefined });
  const before = openings.length;
  const opened = session.handle({ type: 'initialise', backend: 'wasm' }, () => undefined);
  await vi.waitFor(() => expect(openings).toHaveLength(before + 1));
  openings[before]!.finish();
  await opened;
  const start = () =>
    session.handle({ type: 'start-run', runId: 'run', spec: specOf({}), sources: null }, () => undefined);
  await expect(start()).rejects.toThrow('indexedDB');
  await expect(start()).rejects.toThrow('indexedDB'); // and not that another run is under way
});
