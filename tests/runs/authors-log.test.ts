import { describe, expect, it } from 'vitest';
import { authorsLog } from '../../src/runs/authors-log.ts';

describe("the authors' log", () => {
  it('has a block for every evaluation and the best accuracy', () => {
    const rows = [
      { step: 499, values: { 'train/loss': 0.6 } },
      { step: 500, values: { 'eval/loss': 0.68, 'eval/accuracy': 0.578 } },
      { step: 1000, values: { 'eval/loss': 0.4, 'eval/accuracy': 0.895 } },
    ];
    expect(authorsLog(rows)).toBe(`=== step 500 ===
  eval_classify_loss = 0.68
  eval_classify_accuracy = 0.578
=== step 1000 ===
  eval_classify_loss = 0.4
  eval_classify_accuracy = 0.895
Best acc: 0.895
`);
  });

  it('is empty for a run that was never evaluated, or is of questions', () => {
    expect(authorsLog([{ step: 1, values: { 'train/loss': 1 } }])).toBe('');
    expect(authorsLog([{ step: 1, values: { 'eval/loss': 1, 'eval/f1': 50 } }])).toBe('');
  });
});
