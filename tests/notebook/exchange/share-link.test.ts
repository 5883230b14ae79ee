import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyNotebook } from '../../../src/notebook/document.ts';
import { packDocument, unpackDocument } from '../../../src/notebook/exchange/share-link.ts';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import { twentyLabels } from '../../../src/notebook/templates/twenty-labels.ts';

const payloadOf = (text: string) => deflateRawSync(text).toString('base64url');

describe('a notebook in a link', () => {
  it.each([magnitudeOrMovement('quick'), twentyLabels('full'), emptyNotebook])(
    'comes out as it went in: $title',
    async (document) => {
      const payload = await packDocument(document);
      expect(payload).toMatch(/^[\w-]+$/);
      expect(await unpackDocument(payload)).toEqual(document);
    },
  );

  it('that is too long is refused with its length', async () => {
    const noise = randomBytes(30_000).toString('base64'); // 6 bits a sign: 40,000 signs do not pack to fewer bytes
    const long = { ...emptyNotebook, cells: [{ kind: 'text' as const, id: 'a', source: noise }] };
    await expect(packDocument(long)).rejects.toThrow(
      /expected at most 32,000 characters, but this notebook takes \d\d,\d{3}/,
    );
  });

  it('that is cut short, changed or made up is refused', async () => {
    const payload = await packDocument(magnitudeOrMovement('quick'));
    await expect(unpackDocument(payload.slice(0, -20))).rejects.toThrow(/cannot be read/);
    await expect(unpackDocument('')).rejects.toThrow(/cannot be read/);
    await expect(unpackDocument(payloadOf('{"version": 1, "title": 3}'))).rejects.toThrow(/no notebook/);
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        await expect(unpackDocument(text)).rejects.toThrow(/Link to a notebook/);
      }),
    );
  });

  it('that would unpack to gigabytes is not unpacked', async () => {
    await expect(unpackDocument(payloadOf(' '.repeat(5 * 2 ** 20)))).rejects.toThrow(/more than any notebook/);
  });
});
