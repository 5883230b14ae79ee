import { describe, expect, it } from 'vitest';
import { nameOfChoice, resultOf } from '../../src/notebook/run-choice.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { recordOf, runOfCell } from './run-records.ts';

const template = magnitudeOrMovement('quick');
const seed = (value: number, createdAt: number) =>
  runOfCell(template, 'movement', { id: `seed ${value}`, variant: `seed ${value}`, createdAt });

describe('the choice of a run', () => {
  const failed = runOfCell(template, 'movement', { id: 'failed', variant: 'seed 1', createdAt: 9, status: 'failed' });
  const runs = recordOf(seed(1, 1), seed(2, 2), failed);

  it('is the newest result of its cell, or that of one variant', () => {
    expect(resultOf(runs, { cellId: 'movement' })?.id).toBe('seed 2');
    expect(resultOf(runs, { cellId: 'movement', variant: 'seed 1' })?.id).toBe('seed 1');
    expect(resultOf(runs, { cellId: 'movement', variant: 'seed 3' })).toBeNull();
    expect(resultOf(runs, { cellId: null })).toBeNull();
  });

  it('is named as the run is', () => {
    expect(nameOfChoice(template, { cellId: 'movement', variant: 'seed 1' })).toBe('movement seed 1');
    expect(nameOfChoice(template, { cellId: 'movement' })).toBe('movement');
    expect(nameOfChoice(template, { cellId: 'gone', variant: 'seed 1' })).toBe('');
  });
});
