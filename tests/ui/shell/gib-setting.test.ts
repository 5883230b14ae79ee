import { expect, it } from 'vitest';
import { checkpointRoom, createGibSetting, gpuMemory } from '../../../src/ui/shell/gib-setting.ts';

function place(stored: string | null) {
  const storage = {
    stored,
    getItem: () => storage.stored,
    setItem(_: string, value: string) {
      storage.stored = value;
    },
  };
  return storage;
}

it.each([
  [null, 8],
  ['16', 16],
  ['3', 8],
  ['512 GiB, of a newer page', 8],
])('an amount that is kept as %j is %d GiB, and stays kept until another is stated', (stored, gib) => {
  const storage = place(stored);
  const setting = createGibSetting(checkpointRoom, storage);
  expect(setting.getState().gib).toBe(gib);
  expect(storage.stored).toBe(stored);
  setting.state(2);
  expect(createGibSetting(checkpointRoom, storage).getState().gib).toBe(2);
});

it('may be not stated, and no longer', () => {
  const storage = place('12');
  const setting = createGibSetting(gpuMemory, storage);
  expect(setting.getState().gib).toBe(12);
  setting.state(null);
  expect(createGibSetting(gpuMemory, storage).getState().gib).toBeNull();
});
