import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/notebook/difference.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import {
  deleteCell,
  duplicateCell,
  moveCell,
  moveCellTo,
  renameDocument,
  toggleCollapsed,
} from '../../src/notebook/transitions.ts';

const template = magnitudeOrMovement('full');
const place = (id: string) => template.cells.findIndex((cell) => cell.id === id);
const at = place('movement');

describe('the difference that a change makes', () => {
  it('is none where nothing changed', () => {
    expect(differenceOf(template, moveCell('nothing', 1)(template))).toBeNull();
  });

  it('names the cell added, and back again the cell removed, at its place', () => {
    const after = duplicateCell('movement', 'copy')(template);
    expect(differenceOf(template, after)).toMatchObject({ kind: 'added', cell: { id: 'copy' }, index: at + 1 });
    expect(differenceOf(after, template)).toMatchObject({ kind: 'removed', cell: { id: 'copy' }, index: at + 1 });
  });

  it('is the deletion alone, though other cells lose their references', () => {
    const difference = differenceOf(template, deleteCell('movement')(template));
    expect(difference).toMatchObject({ kind: 'removed', cell: { id: 'movement' }, index: at });
  });

  it.each([0, template.cells.length - 1])('names the cell that moved to %i', (index) => {
    const difference = differenceOf(template, moveCellTo('movement', index)(template));
    expect(difference).toMatchObject({ kind: 'moved', cell: { id: 'movement' }, index });
  });

  it('holds a changed cell as it was and is', () => {
    const difference = differenceOf(template, toggleCollapsed('movement')(template));
    expect(difference).toMatchObject({
      kind: 'changed',
      index: at,
      before: template.cells[at],
      cell: { collapsed: true },
    });
  });

  it('is about no one cell when the title changes', () => {
    expect(differenceOf(template, renameDocument('new')(template))).toEqual({ kind: 'other' });
  });
});
