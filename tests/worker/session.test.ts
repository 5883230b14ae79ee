import { expect, it, vi } from 'vitest';
import type { Backend, BackendOptions } from '../../src/engine/gpu/backend.ts';
import { createSession } from '../../src/worker/session.ts';

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
