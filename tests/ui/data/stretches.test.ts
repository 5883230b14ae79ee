import { expect, it } from 'vitest';
import { mostRowsAtOnce, stretchesOf } from '../../../src/ui/data/stretches.ts';

it('all rows are in one stretch, and none is higher than a browser can show', () => {
  expect(stretchesOf(650_000)).toEqual([
    { from: 0, to: 200_000 },
    { from: 200_000, to: 400_000 },
    { from: 400_000, to: 600_000 },
    { from: 600_000, to: 650_000 },
  ]);
  expect(stretchesOf(mostRowsAtOnce)).toEqual([{ from: 0, to: mostRowsAtOnce }]);
  expect(stretchesOf(0)).toEqual([]);
});
