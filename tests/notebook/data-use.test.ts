import { describe, expect, it } from 'vitest';
import { modelFor, readingLengths } from '../../src/notebook/data-use.ts';
import { cellsOf, type NotebookDocument } from '../../src/notebook/document.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { updateCell } from '../../src/notebook/transitions.ts';
import { sweepSchema } from '../../src/runs/sweep.ts';

const document = magnitudeOrMovement('quick');
const dataCell = cellsOf(document, 'data')[0]!.id;
const [first, second] = cellsOf(document, 'run');
const withLength = (id: string, max_seq_length: number) => (before: NotebookDocument) => {
  const { training } = cellsOf(before, 'run').find((run) => run.id === id)!;
  return updateCell(id, 'run', { training: { ...training, max_seq_length } })(before);
};

describe('readingLengths', () => {
  it('are those of the runs on this data, each once', () => {
    const lengths = readingLengths(document, dataCell);
    expect(lengths.map(({ maxSeqLength }) => maxSeqLength)).toEqual([32]);
    expect(lengths[0]!.names).toContain(first!.name);
    const changed = readingLengths(withLength(second!.id, 16)(document), dataCell);
    expect(changed.map(({ maxSeqLength, names }) => [maxSeqLength, names.includes(second!.name)])).toEqual([
      [16, true],
      [32, false],
    ]);
  });

  it('of a sweep are all that it tries', () => {
    const settings = [{ kind: 'list', path: 'training.max_seq_length', values: [24, 48] }];
    const swept = updateCell(second!.id, 'run', { sweep: sweepSchema.parse({ settings }) })(document);
    const own = readingLengths(swept, dataCell).filter(({ names }) => names.includes(second!.name));
    expect(own.map(({ maxSeqLength }) => maxSeqLength)).toEqual([24, 48]);
  });

  it('of data that no run uses are none', () => {
    expect(readingLengths(document, 'other')).toEqual([]);
  });
});

describe('modelFor', () => {
  it('is the runs’ own, else the last one, else none', () => {
    const model = cellsOf(document, 'model').at(-1)!.choice;
    expect(modelFor(document, dataCell)).toEqual(model);
    expect(modelFor(document, 'other')).toEqual(model);
    expect(modelFor({ ...document, cells: [] }, dataCell)).toBeNull();
  });
});
