import { describe, expect, it } from 'vitest';
import { tabulate } from '../../src/ui/run/confusion.ts';

describe('tabulate', () => {
  it('gives shares of the true class, recall, precision and the number that is wrong', () => {
    const table = tabulate({
      labels: ['a', 'b', 'c'],
      confusion: [
        [3, 1, 0],
        [2, 2, 0],
        [0, 0, 0],
      ],
    });
    expect(table.rows.map(({ cells }) => cells.map(({ share }) => share))).toEqual([
      [0.75, 0.25, 0],
      [0.5, 0.5, 0],
      [0, 0, 0],
    ]);
    expect(table.rows.map(({ recall }) => recall)).toEqual([0.75, 0.5, null]);
    expect(table.precision).toEqual([3 / 5, 2 / 3, null]); // c is never predicted
    expect([table.wrong, table.total]).toEqual([3, 8]);
  });
});
