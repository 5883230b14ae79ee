import { expect, it } from 'vitest';
import { bytes } from '../../src/runs/bytes.ts';

it('bytes are read as a person reads them', () => {
  expect(bytes(1536)).toBe('2 KiB');
  expect(bytes(1.5 * 2 ** 20)).toBe('1.5 MiB');
  expect(bytes(183 * 2 ** 20)).toBe('183 MiB');
  expect(bytes(1.309 * 2 ** 30)).toBe('1.31 GiB');
  expect(bytes(4 * 2 ** 30)).toBe('4 GiB');
});
