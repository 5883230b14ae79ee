import { describe, expect, it } from 'vitest';
import { addTallies, printTally, readTally, tallyPlaywright, tallyVitest } from '../../scripts/lib/tally.ts';

describe('the sum of tests', () => {
  it('counts to-dos as skipped, and a file that does not load as failed', () => {
    const testResults = [
      { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'pending' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ];
    const counts = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 1, numTodoTests: 3 };
    expect(tallyVitest({ ...counts, testResults })).toEqual({ passed: 2, failed: 2, skipped: 4 });
  });

  it('counts a flaky journey as passed', () => {
    const stats = { expected: 4, flaky: 1, unexpected: 2, skipped: 3 };
    expect(tallyPlaywright({ stats })).toEqual({ passed: 5, failed: 2, skipped: 3 });
  });

  it('is empty where no report was written', () => {
    expect(readTally('does-not-exist.json')).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  it('is printed as one line', () => {
    const sum = addTallies({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
    expect(printTally(sum)).toBe('11 passed, 22 failed, 33 skipped');
  });
});
