import { describe, expect, it } from 'vitest';
import { pruningSchema, trainingArgumentsSchema } from '../../src/runs/spec.ts';
import { pictureSchedule } from '../../src/ui/run/schedule-curves.ts';

const training = trainingArgumentsSchema.parse({});
const facts = { totalSteps: 100, warmupSteps: 10 };
const picture = (pruning: Parameters<typeof pruningSchema.parse>[0], at = facts) =>
  pictureSchedule(training, pruningSchema.parse(pruning), at);
const curveOf = (drawn: ReturnType<typeof picture>, kind: string) => drawn.curves.find((curve) => curve.kind === kind);

describe('pictureSchedule', () => {
  it('marks warm-up and ramp where the engine has them', () => {
    // Ramp from 1 · 10 to 100 − 2 · 10.
    expect(picture({ final_threshold: 0.1 })).toMatchObject({ warmupEnd: 10, ramp: { start: 10, end: 80 } });
  });

  it('draws the kept fraction from all to the final share', () => {
    const points = curveOf(picture({ final_threshold: 0.1 }), 'threshold')!.points;
    expect(points[0]).toEqual([1, 1]);
    expect(points.at(-1)).toEqual([100, 0.1]);
    // Step 45 is halfway: 0.1 + 0.9 · (1/2)³ = 0.2125.
    expect(points.find(([step]) => step === 45)![1]).toBeCloseTo(0.2125, 10);
  });

  it('scales a cut-off to its own height', () => {
    const points = curveOf(
      picture({ pruning_method: 'threshold', initial_threshold: 0, final_threshold: 0.1 }),
      'threshold',
    )!;
    expect(points.points.at(-1)).toEqual([100, 1]);
  });

  it('draws λ only where there is one', () => {
    expect(curveOf(picture({}), 'lambda')).toBeUndefined();
    const soft = {
      pruning_method: 'sigmoied_threshold',
      initial_threshold: 0,
      final_threshold: 0.1,
      final_lambda: 400,
    };
    expect(curveOf(picture(soft), 'lambda')?.points.at(-1)).toEqual([100, 1]);
  });

  it('draws a dense run as its learning rate alone', () => {
    const dense = picture({ pruning_method: 'none' });
    expect(dense.curves.map(({ kind }) => kind)).toEqual(['rate']);
    expect(dense.ramp).toBeNull();
  });

  it('keeps an impossible ramp inside the picture', () => {
    const { ramp } = picture({}, { totalSteps: 20, warmupSteps: 10 });
    expect(ramp).toEqual({ start: 10, end: 10 });
  });

  it('draws a single step', () => {
    expect(picture({}, { totalSteps: 1, warmupSteps: 0 }).curves[0]?.points).toEqual([[1, 1]]);
  });
});
