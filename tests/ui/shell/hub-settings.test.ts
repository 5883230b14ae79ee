import { describe, expect, it } from 'vitest';
import { defaultEndpoint } from '../../../src/runs/hub.ts';
import { createHubSettings, readEndpoint } from '../../../src/ui/shell/hub-settings.ts';

function place() {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

describe('the Hub’s address', () => {
  it.each([
    ['https://hub.example', 'https://hub.example'],
    [' http://localhost:4000/ ', 'http://localhost:4000'],
    ['https://mirror.example/hf/', 'https://mirror.example/hf'],
    ['ftp://hub.example', null],
    ['javascript:alert(1)', null],
    ['hub.example', null],
    ['', null],
  ])('%j is read as %j', (text, address) => {
    expect(readEndpoint(text)).toBe(address);
  });

  it('is remembered across visits', () => {
    const [lasting, visit] = [place(), place()];
    createHubSettings(lasting, visit).set({ endpoint: 'https://hub.example' });
    expect(createHubSettings(lasting, place()).getState().endpoint).toBe('https://hub.example');
  });
});

it('an address that only a newer page can read outlives other changes', () => {
  const lasting = place();
  createHubSettings(lasting, place()).set({ endpoint: 'https://hub.example' });
  const [[key] = ['']] = lasting.items;
  lasting.items.set(key, 'hub+quic://hub.example');
  const settings = createHubSettings(lasting, place());
  expect(settings.getState().endpoint).toBe(defaultEndpoint);
  settings.set({ token: 'hf_1', keepsToken: true });
  expect(lasting.items.get(key)).toBe('hub+quic://hub.example');
  settings.set({ endpoint: defaultEndpoint });
  expect(lasting.items.has(key)).toBe(false);
});

describe('a token', () => {
  it('is kept for the visit alone', () => {
    const [lasting, visit] = [place(), place()];
    createHubSettings(lasting, visit).set({ token: 'hf_1' });
    expect([...lasting.items.values()]).toEqual([]);
    expect(createHubSettings(lasting, visit).getState()).toMatchObject({ token: 'hf_1', keepsToken: false });
    expect(createHubSettings(lasting, place()).getState().token).toBeNull();
  });

  it('is kept longer where its owner wants it, and then no more', () => {
    const [lasting, visit] = [place(), place()];
    const settings = createHubSettings(lasting, visit);
    settings.set({ token: 'hf_1', keepsToken: true });
    expect(createHubSettings(lasting, place()).getState()).toMatchObject({ token: 'hf_1', keepsToken: true });
    settings.set({ keepsToken: false });
    expect([...lasting.items.values()]).toEqual([]);
    settings.set({ token: null });
    expect([...visit.items.values()]).toEqual([]);
  });
});
