import { describe, expect, it } from 'vitest';
import { csvBlob } from '../../src/ui/files/csv.ts';

describe('csvBlob', () => {
  it('quotes what would be read as several fields, and keeps every digit of numbers', async () => {
    const rows = [
      ['run', 'kept'],
      ['the "best", one', 0.1 + 0.2],
    ];
    expect(await (await csvBlob(rows)).text()).toBe(`run,kept\n"the ""best"", one",${0.1 + 0.2}\n`);
  });
});
