import { describe, expect, it } from 'vitest';
import { groupRuns } from '../../../src/runs/groups.ts';
import { columnsOf, defaultColumns, filtered, sorted, textOf } from '../../../src/ui/compare/columns.ts';
import { finishedRuns } from './finished-runs.ts';

const list = (path: string, values: readonly number[]) => ({ kind: 'list', path, values });
/** Two settings with two seeds each: accuracies 0.7 and 0.9 at 10 % kept, 0.6 and 0.6 at 3 %. */
const runs = finishedRuns(
  [list('pruning.final_threshold', [0.1, 0.03]), list('training.seed', [1, 2])],
  [0.7, 0.9, 0.6, 0.6].map((accuracy, index) => ({ accuracy, kept: index < 2 ? 10 : 3 })),
);
const groups = groupRuns(runs);
const columns = columnsOf(runs);
const column = (id: string) => columns.find((each) => each.id === id)!;

describe('the columns of a table of runs', () => {
  it('are by default kept weights, the test split and what differs', () => {
    expect(defaultColumns(runs)).toEqual(['kept', 'test/accuracy', 'pruning.final_threshold']);
  });

  it('offer all settings, those that differ first', () => {
    expect(columns.slice(0, 2).map(({ id }) => id)).toEqual(['training.seed', 'pruning.final_threshold']);
    expect(columns.map(({ id }) => id)).toContain('training.learning_rate');
  });

  it('show a mean with its deviation over seeds, and settings as they are', () => {
    // 0.7 and 0.9: mean 0.8, deviation √(2 · 0.1²) = 0.1414…
    expect(groups.map((group) => textOf(column('test/accuracy'), group))).toEqual(['0.8 ± 0.1414', '0.6 ± 0']);
    expect(groups.map((group) => textOf(column('pruning.final_threshold'), group))).toEqual(['0.1', '0.03']);
    expect(groups.map((group) => textOf(column('kept'), group))).toEqual(['10.0 % ± 0.0 %', '3.0 % ± 0.0 %']);
    expect(textOf(column('pruning.pruning_method'), groups[0]!)).toBe('topK');
  });

  it('wait for numbers that are not there yet', () => {
    const unfinished = groupRuns(runs.map((run) => ({ ...run, summary: null })));
    expect(textOf(column('test/accuracy'), unfinished[0]!)).toBe('…');
  });
});

describe('the rows of a table of runs', () => {
  const thresholds = (rows: typeof groups) => rows.map(({ runs: [run] }) => run?.spec.pruning.final_threshold);

  it('are sorted by a column either way', () => {
    expect(thresholds(sorted(groups, column('test/accuracy'), false))).toEqual([0.03, 0.1]);
    expect(thresholds(sorted(groups, column('test/accuracy'), true))).toEqual([0.1, 0.03]);
    expect(thresholds(sorted(groups, undefined, false))).toEqual([0.1, 0.03]);
  });

  it('begin with what is pinned, and end with what has no value', () => {
    const [first, second] = groups;
    const pinned = { ...second!, runs: second!.runs.map((run) => ({ ...run, isPinned: true })) };
    expect(thresholds(sorted([first!, pinned], column('test/accuracy'), true))).toEqual([0.03, 0.1]);
    const waiting = { ...first!, runs: first!.runs.map((run) => ({ ...run, summary: null })) };
    expect(thresholds(sorted([waiting, second!], column('test/accuracy'), true))).toEqual([0.03, 0.1]);
  });

  it('are filtered by words of names, notes, states and columns', () => {
    const [first, second] = groups;
    const noted = [{ ...first!, runs: first!.runs.map((run) => ({ ...run, note: 'the Odd one' })) }, second!];
    const shown = [column('pruning.final_threshold'), column('test/accuracy')];
    expect(thresholds(filtered(noted, shown, 'odd'))).toEqual([0.1]);
    expect(thresholds(filtered(noted, shown, 'final_threshold 0.03'))).toEqual([0.03]);
    expect(thresholds(filtered(noted, shown, 'done'))).toEqual([0.1, 0.03]);
    expect(filtered(noted, shown, 'odd 0.03')).toEqual([]);
  });
});
