import { describe, expect, it } from 'vitest';
import { groupRuns } from '../../../src/runs/groups.ts';
import { publishedOnSquad } from '../../../src/runs/published.ts';
import type { Run } from '../../../src/runs/reducer.ts';
import {
  denseResult,
  isOnOneDataSet,
  publishedFor,
  qualityTags,
  resultLines,
  resultPoints,
} from '../../../src/ui/compare/tradeoff.ts';
import { finishedRuns } from './finished-runs.ts';

const list = (path: string, values: readonly (number | string)[]) => ({ kind: 'list', path, values });
const pointsOf = (runs: readonly Run[]) =>
  resultPoints(
    groupRuns(runs).map((group) => ({ ...group, color: 'red' })),
    'test/accuracy',
  );

/** topK at 10 % and 3 % with two seeds each: accuracies 0.7 and 0.9, and 0.6 and 0.6. */
const pruned = finishedRuns(
  [list('pruning.final_threshold', [0.1, 0.03]), list('training.seed', [1, 2])],
  [0.7, 0.9, 0.6, 0.6].map((accuracy, index) => ({ accuracy, kept: index < 2 ? 10 : 3 })),
);
const [dense] = finishedRuns([list('pruning.pruning_method', ['none'])], [{ accuracy: 0.92, kept: 100 }]);

describe('the points of the trade-off', () => {
  it('are the means over seeds, with the deviation of the quality', () => {
    const points = pointsOf(pruned);
    expect(points.map(({ cost, quality }) => [cost, quality])).toEqual([
      [0.1, 0.8],
      [0.03, 0.6],
    ]);
    expect(points[0]?.deviation).toBeCloseTo(0.141421, 6);
    expect(points[0]?.seeds.map(({ quality }) => quality)).toEqual([0.7, 0.9]);
  });

  it('measure by F1 or accuracy, as far as runs have it', () => {
    expect(qualityTags(groupRuns(pruned))).toEqual(['test/accuracy']);
    expect(qualityTags([])).toEqual([]);
  });
});

describe('resultLines', () => {
  it('join runs of a method that differ in how much they prune, by what they keep', () => {
    const lines = resultLines(pointsOf(pruned));
    expect(lines.map(({ label, points }) => [label, points.map(({ cost }) => cost)])).toEqual([['topK', [0.03, 0.1]]]);
  });

  it('take runs from several cells', () => {
    const apart = pruned.map((run, index) => ({ ...run, cellId: index < 2 ? 'one' : 'other' }));
    expect(resultLines(pointsOf(apart))).toHaveLength(1);
  });

  it('part methods, and runs of one method with other settings, which they name', () => {
    const runs = finishedRuns(
      [list('pruning.pruning_method', ['topK', 'magnitude']), list('training.learning_rate', [1e-4, 2e-4])],
      [0.7, 0.8, 0.6, 0.5].map((accuracy) => ({ accuracy, kept: 10 })),
    );
    expect(resultLines(pointsOf(runs)).map(({ label }) => label)).toEqual([
      'topK, learning_rate 1e-4',
      'topK, learning_rate 2e-4',
      'magnitude, learning_rate 1e-4',
      'magnitude, learning_rate 2e-4',
    ]);
  });

  it('leave out the dense run, which has a line of its own', () => {
    expect(resultLines(pointsOf([dense!]))).toEqual([]);
  });
});

describe('denseResult', () => {
  it('is the best of the dense runs', () => {
    const worse = {
      ...dense!,
      id: 'worse',
      cellId: 'other',
      summary: { ...dense!.summary!, metrics: { 'test/accuracy': 0.5 } },
    };
    expect(denseResult(pointsOf([worse, dense!, ...pruned]))?.quality).toBe(0.92);
    expect(denseResult(pointsOf(pruned))).toBeNull();
  });

  it('is none where runs were measured on different data', () => {
    const elsewhere = {
      ...dense!,
      spec: { ...dense!.spec, data: { ...dense!.spec.data, id: 'wordnet-glosses' } },
    } as Run;
    const points = pointsOf([elsewhere, ...pruned]);
    expect(isOnOneDataSet(points)).toBe(false);
    expect(denseResult(points)).toBeNull();
  });
});

describe('publishedFor', () => {
  const questions = {
    kind: 'files',
    key: 'squad',
    task: 'question-answering',
    columns: {},
    slices: dense!.spec.data.slices,
    shuffle_seed: null,
    filter: null,
  } as const;
  const points = pointsOf(pruned.map((run) => ({ ...run, spec: { ...run.spec, data: questions } })));

  it('lays SQuAD’s numbers beside runs that answer questions', () => {
    const published = publishedFor(points, 'test/f1')!;
    expect(published.points).toHaveLength(publishedOnSquad.results.length);
    expect(published.points.find(({ name, cost }) => name === 'topK' && cost === 0.03)?.quality).toBe(76.3);
    expect(publishedFor(points, 'eval/exact_match')!.points[0]).toMatchObject({
      name: 'dense',
      cost: 1,
      quality: 80.4,
    });
  });

  it('has none for another task or measurement', () => {
    expect(publishedFor(points, 'test/accuracy')).toBeNull();
    expect(publishedFor(pointsOf(pruned), 'test/f1')).toBeNull();
    expect(publishedFor([], 'test/f1')).toBeNull();
  });
});
