// What is promised about figures, and whether it is kept. A promise that is missed is shown, not an error: it depends
// on the machine.
import { markdownTable, shortNumber } from './markdown.ts';

export interface Target {
  readonly what: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** NaN meets nothing. */
function isMet({ value, atLeast = -Infinity, atMost = Infinity }: Target): boolean {
  return value >= atLeast && value <= atMost;
}

export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => [
    target.what,
    shortNumber(target.value),
    target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`,
    isMet(target) ? 'met' : '**missed**',
  ]);
  return markdownTable(['', 'measured', 'aim', ''], rows);
}
