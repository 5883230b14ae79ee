import { describe, expect, it } from 'vitest';
import { checkRun, type Finding, type RunFacts } from '../../src/runs/guard-rails.ts';
import { type PruningSettings, runSpecSchema, type TrainingArguments } from '../../src/runs/spec.ts';

const facts: RunFacts = { totalSteps: 400, warmupSteps: 40 };

function check(
  pruning: Partial<PruningSettings>,
  training: Partial<TrainingArguments> = {},
  runFacts = facts,
): readonly Finding[] {
  const spec = runSpecSchema.parse({
    name: 'run',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
    training: { learning_rate: 1e-4, ...training },
    pruning: { final_threshold: 0.1, ...pruning },
  });
  return checkRun(spec, runFacts);
}

const textsOf = (findings: readonly Finding[], level: Finding['level']) =>
  findings.filter((finding) => finding.level === level).map((finding) => finding.text);

describe('checkRun', () => {
  it('finds nothing wrong with the usual topK run, and tells its numbers', () => {
    const findings = check({});
    expect(textsOf(findings, 'error')).toEqual([]);
    expect(textsOf(findings, 'warning')).toEqual([]);
    // Ramp 40 … 320; half of the cut at 40 + 280 · (1 − ∛½) = 40 + 57.8.
    expect(textsOf(findings, 'note')[0]).toBe(
      'The ramp runs from step 40 to 320 (400 − (1 + 2) × 40 = 280 steps); half of the cut is done by step 98.',
    );
  });

  it('warns of frozen embeddings where words are filled in, and offers to train them', () => {
    const spec = (freeze_embeddings: boolean, mlm: object | null) =>
      runSpecSchema.parse({
        name: 'run',
        model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
        data: { kind: 'embedded', id: 'spam-assassin' },
        training: { freeze_embeddings },
        pruning: { pruning_method: 'none' },
        mlm,
      });
    const [found] = checkRun(spec(true, {}), facts);
    expect(found).toMatchObject({ level: 'warning', remedies: [{ training: { freeze_embeddings: false } }] });
    expect(checkRun(spec(false, {}), facts)).toEqual([]);
    expect(checkRun(spec(true, null), facts)).toEqual([]);
  });

  it('1: refuses a ramp without steps', () => {
    // 100 − 3 · 40 = −20
    const [first] = check({}, {}, { totalSteps: 100, warmupSteps: 40 });
    expect(first?.level).toBe('error');
    expect(first?.text).toContain('100 − (1 + 2) × 40 = −20');
    expect(first?.text).toContain('from 1 to 0.1 at once');
  });

  it('1: warns of a short ramp, whose first step cuts 3/length of the way', () => {
    // 36 − 3 · 4 = 24 steps; 1 − (1 − 1/24)³ ≈ 3/24 = 12.5 % → 13 %
    expect(textsOf(check({}, {}, { totalSteps: 36, warmupSteps: 4 }), 'warning')[0]).toBe(
      'The ramp is short (36 − (1 + 2) × 4 = 24 steps): its first step alone goes 13 % of the way.',
    );
  });

  it('2: warns when there is no cool-down', () => {
    expect(textsOf(check({ final_warmup: 0 }), 'warning')[0]).toContain('There is no cool-down');
  });

  it('2: warns when the learning rate is spent at the end of the ramp', () => {
    // Warm-up 4, ramp ends at 400 − 2·4 = 392: factor (400 − 391)/(400 − 4) = 2.27 %.
    const text = textsOf(check({}, {}, { totalSteps: 400, warmupSteps: 4 }), 'warning')[0];
    expect(text).toContain('only 2.3 % of the learning rate (2.3e-6) is left');
  });

  it('2: counts what is left to recover with', () => {
    // Ramp ends at 320: factor (400 − 319)/(400 − 40) = 22.5 % → 2.25e-5.
    expect(textsOf(check({}), 'note')[1]).toBe(
      'After the ramp, 80 steps remain to recover in, beginning with 23 % of the learning rate (2.3e-5).',
    );
  });

  it('3: says when scores cannot reach the cut-off, and the rate that would', () => {
    // Σ factors: warm-up 0/40 + … + 39/40 = 19.5, decay 360/360 + … + 1/360 = 180.5; · 0.01 = 2.0 < logit(0.1) = 2.197.
    const soft = { pruning_method: 'sigmoied_threshold', initial_threshold: 0 } as const;
    const penalty = { regularization: 'l1', final_lambda: 400 } as const;
    const errors = textsOf(check({ ...soft, ...penalty }), 'error');
    expect(errors).toEqual([
      'Scores must travel from 0 to −2.2 to be cut, but score learning rate × steps lets them move about 2. ' +
        'Raise the score learning rate above 0.011.',
    ]);
    expect(textsOf(check({ ...soft, ...penalty, mask_scores_learning_rate: 0.02 }), 'error')).toEqual([]);
  });

  it('3: measures the way of an l0 gate from its start to where it shuts', () => {
    const gates = { pruning_method: 'l0', mask_scale: 2.197, regularization: 'l0', final_lambda: 125 } as const;
    // σ(S) = 1/12 at S = ln(1/11) = −2.398
    expect(textsOf(check(gates), 'error')[0]).toContain('from 2.2 to −2.4');
  });

  it('4: tells the decay that scores do not get', () => {
    expect(textsOf(check({}, { weight_decay: 0.01 }), 'note').join()).toContain(
      'weight decay (0.01) never touches scores',
    );
  });

  it('4: warns when scores learn no faster than weights', () => {
    expect(textsOf(check({ mask_scores_learning_rate: 1e-4 }), 'warning')[0]).toContain('Scores learn at 1e-4');
  });

  it('5: says until when the final threshold looks collapsed', () => {
    expect(textsOf(check({}), 'note').join()).toContain('Until step 320, evaluation at the final kept fraction (0.1)');
  });

  it('6: warns when equal scores are cut from the first step', () => {
    expect(textsOf(check({ initial_warmup: 0 }), 'warning')[0]).toContain('All scores start equal (0)');
  });

  it('says that a method without a penalty prunes nothing', () => {
    const text = textsOf(check({ pruning_method: 'sigmoied_threshold', initial_threshold: 0 }), 'error')[0];
    expect(text).toBe('Nothing pushes scores down: penalty none, λ 0. Nothing is pruned.');
  });

  it('does not promise that movement wins where magnitude does', () => {
    expect(textsOf(check({ final_threshold: 0.5 }), 'note').join()).toContain('At 50 % kept magnitude usually wins');
  });

  it('refuses a kept fraction above 1', () => {
    expect(textsOf(check({ final_threshold: 15 }), 'error')[0]).toBe(
      '15 is not a kept fraction: choose a value from 0 to 1.',
    );
  });

  it('says nothing about pruning to a dense run', () => {
    expect(check({ pruning_method: 'none' })).toEqual([]);
  });
});
