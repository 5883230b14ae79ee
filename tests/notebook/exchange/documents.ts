// Arbitrary notebooks: cells of every kind, with any texts, names and ids, that refer to each other or to nothing.
import fc from 'fast-check';
import { type Cell, cellSchema, type NotebookDocument } from '../../../src/notebook/document.ts';
import { newCell, newPretrainingRun, newUdaRun } from '../../../src/notebook/new-cells.ts';
import { addCell } from '../../../src/notebook/transitions.ts';
import { filterSchema } from '../../../src/runs/spec.ts';

const creators = [
  ...cellSchema.options.map(
    ({ shape }) =>
      (id: string, document: NotebookDocument) =>
        newCell(shape.kind.value, id, document),
  ),
  newUdaRun,
  newPretrainingRun,
];

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\n', 'a\r\nb\n\n', '<script>alert(1)</script>'),
);

const arbitraryCell = fc.record({
  create: fc.constantFrom(...creators),
  id: fc.oneof(fc.uuid(), fc.string({ unit: 'binary', minLength: 1 }), fc.string({ minLength: 60, maxLength: 70 })),
  collapsed: fc.constantFrom(undefined, true, false),
  text: anyText,
});

export const arbitraryDocument: fc.Arbitrary<NotebookDocument> = fc
  .record({ title: anyText, cells: fc.uniqueArray(arbitraryCell, { selector: ({ id }) => id, maxLength: 12 }) })
  .map(({ title, cells }) =>
    cells.reduce<NotebookDocument>(
      (document, { create, id, collapsed, text }) => {
        const created = create(id, document);
        const written = created.kind === 'text' ? { ...created, source: text } : created;
        const named = withText(written, text);
        const cell = collapsed === undefined ? named : { ...named, collapsed };
        return addCell(cell, document.cells.length)(document);
      },
      { version: 1, title, cells: [] },
    ),
  );

function withText(cell: Cell, text: string): Cell {
  if (cell.kind === 'run') return { ...cell, name: text };
  if (cell.kind !== 'data') return cell;
  const filter = filterSchema.parse({ contains: text, labels: [text], max_words: text.length });
  return { ...cell, choice: { ...cell.choice, shuffle_seed: text.length, filter } };
}
