import { describe, expect, it } from 'vitest';
import { causesIn, explainDivergence, hasRunAway } from '../../src/runs/divergence.ts';
import type { MetricRow } from '../../src/runs/events.ts';
import { checkRun } from '../../src/runs/guard-rails.ts';
import { type RunSpec, runSpecSchema } from '../../src/runs/spec.ts';

const specOf = (change: { readonly [part: string]: object } = {}): RunSpec =>
  runSpecSchema.parse({
    name: 'run',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
    ...change,
  });
const row = (step: number, loss: number, norm = 1): MetricRow => ({
  step,
  values: { 'train/loss': loss + 400, 'train/task_loss': loss, 'train/grad_norm': norm },
});
const steady = [row(1, 0.7), row(2, 0.69), row(3, 0.7)];
const explain = (change: { readonly [part: string]: object }, history = steady, step = history.length + 1) =>
  explainDivergence({ spec: specOf(change), step, totalSteps: 100, warmupSteps: 10, history });

const hotly = { learning_rate: 1e4 };
const adam = { training: { adam_epsilon: 0 } };

describe('what the settings alone tell', () => {
  it.each<[string, { readonly [part: string]: object }, string]>([
    ['a learning rate', { training: hotly }, 'the learning rate, 10000, is 2e8 times the usual 5e-5'],
    [
      'decay that grows',
      { training: { learning_rate: 1e-3, weight_decay: 1e4 } },
      'learning rate × weight decay is 10',
    ],
    ['ε', adam, 'Adam divides by zero wherever a gradient is zero'],
    ['β₂', { training: { adam_beta2: 1 } }, 'β₂ is 1'],
    ['a score rate', { pruning: { mask_scores_learning_rate: 100 } }, 'the score learning rate, 100, is 10000 times'],
    ['λ', { pruning: { regularization: 'l1', final_lambda: 1e6 } }, 'the penalty weighs λ = 1e6'],
    ['a temperature', { distillation: { teacher: 't', temperature: 0.01 } }, 'a temperature of 0.01'],
    ['UDA’s temperature', { uda: { uda_softmax_temp: 0.001 } }, 'a temperature of 0.001'],
  ])('of %s', (_, change, evidence) => {
    expect(causesIn(specOf(change))).toEqual([
      expect.objectContaining({ evidence: expect.stringContaining(evidence) }),
    ]);
  });

  it('of rates that were taken for one another', () => {
    const [cause] = causesIn(
      specOf({ training: { learning_rate: 1e-2 }, pruning: { mask_scores_learning_rate: 5e-5 } }),
    );
    expect(cause?.evidence).toContain('and no less than that of the scores, 5e-5');
  });

  it.each<[string, { readonly [part: string]: object }]>([
    ['the defaults', {}],
    ['l0 as published', { pruning: { pruning_method: 'l0', mask_scores_learning_rate: 0.1, final_lambda: 125 } }],
    ['soft movement as published', { pruning: { regularization: 'l1', final_lambda: 1400 } }],
    ['a short run', { training: { learning_rate: 5e-4 } }],
    ['UDA without a temperature', { uda: {} }],
    ['scores of a method that has none', { pruning: { pruning_method: 'magnitude', mask_scores_learning_rate: 1e6 } }],
    ['a decay of Adam’s authors, which corrects nothing', { training: { optim: 'bert_adam', adam_beta1: 1 } }],
  ])('nothing of %s', (_, change) => expect(causesIn(specOf(change))).toEqual([]));

  it('is said on the form, with a better value to take', () => {
    const [finding] = checkRun(specOf({ training: hotly }), { totalSteps: 100, warmupSteps: 10 });
    expect(finding).toEqual({
      level: 'warning',
      text: 'The loss may run away: the learning rate, 10000, is 2e8 times the usual 5e-5, and no less than that of the scores, 0.01. Set it to between 2e-5 and 5e-4.',
      remedies: [{ label: 'Set 5e-5', training: { learning_rate: 5e-5 } }],
    });
  });
});

it.each<[string, readonly MetricRow[], boolean]>([
  ['nothing yet', [], false],
  ['near zero, where losses jump', [row(1, 0.001), row(2, 0.5)], false],
  ['ten times what it was', [row(1, 2), row(2, 20)], false],
  ['more', [row(1, 2), row(2, 21)], true],
  ['back again', [row(1, 2), row(2, 21), row(3, 3)], false],
])('a loss has run away or not: %s', (_, history, expected) => expect(hasRunAway(history)).toBe(expected));

describe('a loss that is no number', () => {
  it('is laid to what is furthest from usual, and to the next', () => {
    const message = explain({ training: { ...hotly, max_grad_norm: 0 } }, [row(1, 0.7), row(2, 3), row(3, 8e9, 4e7)]);
    expect(message).toBe(
      'The loss had risen from 0.7 at step 1 to 8e9 at step 3. Most likely: the learning rate, 10000, is 2e8 times the ' +
        'usual 5e-5, and no less than that of the scores, 0.01. Set it to between 2e-5 and 5e-4. ' +
        'Perhaps also: nothing clips the gradients, the last of which had a norm of 4e7.',
    );
  });

  it('comes of Adam before all else where that divides by zero', () => {
    expect(explain({ training: { ...hotly, adam_epsilon: 0 } })).toContain('Most likely: ε is 0');
  });

  it('comes of half precision where nothing else is unusual', () => {
    expect(explain({ training: { fp16: true } })).toBe(
      'The loss was still 0.7 at step 3. Most likely: half precision holds no activation above 65,504. ' +
        'Turn half-precision storage off.',
    );
  });

  it('is never laid to a learning rate before the first update', () => {
    const message = explain({ training: hotly }, [], 1);
    expect(message).toContain('Most likely: the weights that it starts with');
    expect(message).toContain('no learning rate did it');
    expect(message).not.toContain('10000');
    expect(explain({ training: { fp16: true } }, [], 1)).toMatch(
      /^Most likely: half precision.*Perhaps also: the weights/,
    );
  });

  it('comes of a missing warm-up or clip only where they are missing', () => {
    const cold = { spec: specOf(), totalSteps: 100, warmupSteps: 0, history: steady };
    expect(explainDivergence({ ...cold, step: 4 })).toContain('no warm-up: the learning rate had its full height');
    expect(explainDivergence({ ...cold, step: 60 })).toContain('No setting is far from what is usual');
    expect(explain({ training: { max_grad_norm: 1e4 } })).toContain(
      'a clip of 10000 hardly ever touches the gradients',
    );
    expect(explain({})).toBe(
      'The loss was still 0.7 at step 3. No setting is far from what is usual. ' +
        'Halve the learning rate first, to 2.5e-5; then warm up longer.',
    );
  });
});
