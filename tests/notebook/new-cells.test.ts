import { describe, expect, it } from 'vitest';
import { type CellKind, cellSchema } from '../../src/notebook/document.ts';
import { freeName, newCell } from '../../src/notebook/new-cells.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { duplicateCell } from '../../src/notebook/transitions.ts';

const template = magnitudeOrMovement('full');
const kinds = cellSchema.options.map((option) => option.shape.kind.value) satisfies readonly CellKind[];

describe('new cells', () => {
  it.each(kinds)('of kind %s have valid contents', (kind) => {
    const cell = newCell(kind, 'fresh', template);
    expect(cellSchema.parse(cell)).toEqual(cell);
  });
});

describe('a free name', () => {
  it('counts upwards from the stem', () => {
    expect(freeName(template, 'dense')).toBe('dense');
    const two = duplicateCell('movement', 'copy')(template);
    expect(freeName(two, 'movement 2')).toBe('movement 3');
  });
});
