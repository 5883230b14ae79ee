import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CellKind,
  cellSchema,
  cellsOf,
  documentSchema,
  type NotebookDocument,
} from '../../src/notebook/document.ts';
import { record, redo, startHistory, undo } from '../../src/notebook/history.ts';
import { newCell } from '../../src/notebook/new-cells.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import {
  addCell,
  deleteCell,
  duplicateCell,
  moveCell,
  moveCellTo,
  pasteCell,
  renameDocument,
  renameRun,
  renewIds,
  sweepOver,
  type Transition,
  toggleCollapsed,
  updateCell,
} from '../../src/notebook/transitions.ts';

const template = magnitudeOrMovement('full');
const idsOf = (document: NotebookDocument) => document.cells.map(({ id }) => id);
const find = (document: NotebookDocument, id: string) => document.cells.find((cell) => cell.id === id);
const kinds = cellSchema.options.map((option) => option.shape.kind.value) satisfies readonly CellKind[];

describe('a copy with ids of its own', () => {
  const renumber = () => {
    let count = 0;
    return () => `n${count++}`;
  };

  it('keeps every reference, and shares no id', () => {
    const copy = renewIds(renumber())(template);
    expect(idsOf(copy)).toEqual(template.cells.map((_, place) => `n${place}`));
    const place = (id: string) => `n${idsOf(template).indexOf(id)}`;
    expect(copy.cells.find((cell) => cell.kind === 'compare')).toMatchObject({
      runCells: [place('magnitude'), place('movement')],
    });
    expect(find(copy, place('movement'))).toMatchObject({ modelCell: place('model'), dataCell: place('data') });
    const back = idsOf(template)[Symbol.iterator]();
    expect(renewIds(() => back.next().value ?? '')(copy)).toEqual(template);
  });

  it('tells cells with one id apart, and drops references to none', () => {
    const twice = addCell({ kind: 'download', id: 'x', runCell: 'gone', dtype: 'F32' }, 0)(template);
    const copy = renewIds(renumber())(addCell(twice.cells[0]!, 0)(twice));
    expect(copy.cells.slice(0, 2)).toMatchObject([
      { id: 'n0', runCell: null },
      { id: 'n1', runCell: null },
    ]);
  });
});

describe('cells', () => {
  it('move past their neighbour and stop at the ends', () => {
    const [first, second] = idsOf(template);
    expect(idsOf(moveCell(second!, -1)(template)).slice(0, 2)).toEqual([second, first]);
    expect(moveCell(first!, -1)(template)).toBe(template);
  });

  it('move to a place, and nowhere outside the document', () => {
    const [first, second, third] = idsOf(template);
    expect(idsOf(moveCellTo(first!, 2)(template)).slice(0, 3)).toEqual([second, third, first]);
    expect(moveCellTo(first!, template.cells.length)(template)).toBe(template);
    expect(moveCellTo('nothing', 1)(template)).toBe(template);
  });

  it('collapse, and collapsed they are valid', () => {
    const after = toggleCollapsed('movement')(template);
    expect(documentSchema.parse(after)).toEqual(after);
    expect(find(after, 'movement')).toMatchObject({ collapsed: true });
    expect(find(toggleCollapsed('movement')(after), 'movement')).toMatchObject({ collapsed: false });
  });

  it('refer to nothing once what they referred to is deleted', () => {
    const after = deleteCell('movement')(template);
    expect(find(after, 'compare')).toMatchObject({ runCells: ['magnitude'] });
    expect(find(after, 'masks')).toMatchObject({ left: 'magnitude', right: null });
    expect(find(after, 'download-movement')).toMatchObject({ runCell: null });
    expect(find(deleteCell('model')(template), 'movement')).toMatchObject({ modelCell: null, dataCell: 'data' });
  });

  it('are duplicated below themselves, runs under a free name', () => {
    const after = duplicateCell('movement', 'copy')(template);
    expect(idsOf(after).indexOf('copy')).toBe(idsOf(after).indexOf('movement') + 1);
    expect(find(after, 'copy')).toMatchObject({ kind: 'run', name: 'movement 2' });
  });

  it('keep their kind when updated', () => {
    expect(updateCell('model', 'text', { source: 'no' })(template)).toEqual(template);
    expect(find(updateCell('opening', 'text', { source: 'yes' })(template), 'opening')).toMatchObject({
      source: 'yes',
    });
  });
});

describe('a pasted cell', () => {
  const movement = find(template, 'movement')!;
  const at = idsOf(template).indexOf('movement');

  it('that was cut comes back as itself, and what referred to it refers to it again', () => {
    const cut = deleteCell('movement')(template);
    const pasted = pasteCell({ cell: movement, from: template }, 'new', at)(cut);
    expect(pasted).toEqual(template);
    expect(idsOf(pasteCell({ cell: movement, from: template }, 'new', 0)(cut))[0]).toBe('movement');
  });

  it('leaves alone what has been changed since the cut', () => {
    const changed = updateCell('compare', 'compare', { runCells: [] })(deleteCell('movement')(template));
    const pasted = pasteCell({ cell: movement, from: template }, 'new', at)(changed);
    expect(find(pasted, 'compare')).toMatchObject({ runCells: [] });
    expect(find(pasted, 'download-movement')).toMatchObject({ runCell: 'movement' });
  });

  it('that was copied is a new one, under a free name', () => {
    const pasted = pasteCell({ cell: movement, from: template }, 'new', 0)(template);
    expect(pasted.cells[0]).toEqual({ ...movement, id: 'new', name: 'movement 2' });
    expect(pasted.cells.slice(1)).toEqual(template.cells);
  });

  it('from another notebook refers to nothing that is not here, and is new', () => {
    const pasted = pasteCell({ cell: movement, from: null }, 'new', 0)({ ...template, cells: [] });
    expect(pasted.cells).toEqual([{ ...movement, id: 'new', modelCell: null, dataCell: null }]);
    expect(documentSchema.parse(pasted)).toEqual(pasted);
  });
});

describe('run names', () => {
  it('are followed by students when a teacher is renamed', () => {
    const distillation = { teacher: 'magnitude', alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 };
    const taught = updateCell('movement', 'run', { distillation })(template);
    expect(find(renameRun('magnitude', 'teacher')(taught), 'movement')).toMatchObject({
      distillation: { teacher: 'teacher' },
    });
  });
});

describe('undo', () => {
  const index = fc.nat(20);
  const anyId = fc.constantFrom(...idsOf(template), 'a0', 'a1', 'nothing');
  const operation: fc.Arbitrary<(n: number) => Transition> = fc.oneof(
    fc.tuple(fc.constantFrom(...kinds), index).map(([kind, at]) => (n: number): Transition => {
      return (document) => addCell(newCell(kind, `a${n}`, document), at)(document);
    }),
    fc.tuple(anyId, fc.constantFrom(-1 as const, 1 as const)).map(
      ([id, by]) =>
        () =>
          moveCell(id, by),
    ),
    fc.tuple(anyId, index).map(
      ([id, to]) =>
        () =>
          moveCellTo(id, to),
    ),
    anyId.map((id) => () => toggleCollapsed(id)),
    anyId.map((id) => () => deleteCell(id)),
    anyId.map((id) => (n: number) => duplicateCell(id, `a${n}`)),
    fc.tuple(fc.constantFrom(...template.cells), index, fc.boolean()).map(([cell, at, isFromHere]) => (n: number) => {
      return pasteCell({ cell, from: isFromHere ? template : null }, `a${n}`, at);
    }),
    fc.tuple(anyId, fc.string()).map(
      ([id, source]) =>
        () =>
          updateCell(id, 'text', { source }),
    ),
    fc.string().map((title) => () => renameDocument(title)),
  );

  it('of every operation gives back the same document, and redo the changed one', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const start = startHistory(template);
        const end = operations.reduce(
          (history, make, n) => record(history, { next: make(n)(history.present), at: n }),
          start,
        );
        const back = end.past.reduce(undo, end);
        expect(back.present).toBe(template);
        expect(back.future.reduce(redo, back).present).toBe(end.present);
      }),
    );
  });

  it('takes back at once what was typed in one go into one field', () => {
    const typed = ['a', 'ab', 'abc'].reduce(
      (history, next, n) => record(history, { next, at: n * 200, mergeKey: 'title' }),
      startHistory(''),
    );
    expect(typed.present).toBe('abc');
    expect(undo(typed).present).toBe('');
  });

  it('takes back separately what was typed with a pause between', () => {
    const first = record(startHistory(''), { next: 'a', at: 0, mergeKey: 'title' });
    const second = record(first, { next: 'ab', at: 5000, mergeKey: 'title' });
    expect(undo(second).present).toBe('a');
  });

  it('ends the redo line at a new change', () => {
    const changed = record(undo(record(startHistory(0), { next: 1, at: 0 })), { next: 2, at: 1 });
    expect(redo(changed).present).toBe(2);
  });
});

describe('sweepOver', () => {
  const seeds = { kind: 'list', path: 'training.seed', values: [1, 2] } as const;
  const kept = { kind: 'list', path: 'pruning.final_threshold', values: [0.1, 0.03] } as const;
  const sweepOf = (...transitions: readonly Transition[]) =>
    cellsOf(
      transitions.reduce((document, transition) => transition(document), magnitudeOrMovement('quick')),
      'run',
    )[0]?.sweep;
  const over = (setting: typeof seeds | typeof kept, values: readonly number[] = setting.values) =>
    sweepOver('magnitude', setting.path, { ...setting, values: [...values] });

  it('adds a setting, changes it in its place, and ends with the last', () => {
    expect(sweepOf(over(seeds), over(kept))?.settings).toEqual([seeds, kept]);
    expect(sweepOf(over(seeds), over(kept), over(seeds, [7]))?.settings).toEqual([{ ...seeds, values: [7] }, kept]);
    expect(sweepOf(over(seeds), over(kept), sweepOver('magnitude', seeds.path, null))?.settings).toEqual([kept]);
    expect(sweepOf(over(seeds), sweepOver('magnitude', seeds.path, null))).toBeNull();
  });
});
