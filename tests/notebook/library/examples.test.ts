import { describe, expect, it } from 'vitest';
import { exampleNow, isExampleUpdated } from '../../../src/notebook/library/examples.ts';
import { templates } from '../../../src/notebook/templates/templates.ts';
import { renameDocument } from '../../../src/notebook/transitions.ts';

describe.each(templates)('a copy of “$title”', (template) => {
  it('is up to date, also as storage gives it back, until the example changes', async () => {
    const copy = await exampleNow(template);
    expect(await isExampleUpdated(structuredClone(copy))).toBe(false);
    expect(await isExampleUpdated({ ...copy, document: renameDocument('As it was')(copy.document) })).toBe(true);
  });

  it('made before pages knew a setting is up to date while that is at its default', async () => {
    const copy = JSON.parse(JSON.stringify(await exampleNow(template)));
    for (const cell of copy.document.cells) if (cell.kind === 'run') delete cell.mlm;
    expect(await isExampleUpdated(copy)).toBe(false);
  });
});

it('an example that is no longer offered has no newer one', async () => {
  const copy = await exampleNow(templates[0]!);
  expect(await isExampleUpdated({ ...copy, id: 'withdrawn' })).toBe(false);
});
