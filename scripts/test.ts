// `npm test`: everything that must hold, one step after the other; a failure stops no other step. Ends with a table
// of the steps and, as the last line, the number of tests passed, failed and skipped.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './lib/install-chromium.ts';
import { repositoryRoot } from './lib/paths.ts';
import { addTallies, emptyTally, printTally, readTally, type Tally } from './lib/tally.ts';

interface Step {
  readonly name: string;
  readonly command: string;
  /** Where the step writes how its tests went. */
  readonly report?: string;
}

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly elapsedMs: number;
  readonly tally: Tally;
}

const vitest = (project: string, report: string): Step => ({
  name: project === 'node' ? 'unit' : 'browser',
  command: `npx vitest run --project ${project} --reporter=default --reporter=json --outputFile.json=${report}`,
  report,
});

const steps: readonly Step[] = [
  { name: 'types', command: 'npm run -s check:types' },
  { name: 'style', command: 'npm run -s check:style' },
  { name: 'directions', command: 'npm run -s check:directions' },
  { name: 'unused', command: 'npm run -s check:unused' },
  { name: 'assets', command: 'npm run -s assets' },
  vitest('node', 'out/unit.json'),
  vitest('browser', 'out/browser.json'),
  { name: 'build', command: 'npm run -s build' },
  { name: 'e2e', command: 'npx playwright test', report: 'out/e2e.json' },
];

function run({ name, command, report }: Step): Outcome {
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const ok =
    spawnSync(command, { cwd: repositoryRoot, shell: true, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
  const tally = report ? readTally(join(repositoryRoot, report)) : emptyTally;
  // A step that fails without a failed test (a wrong type, a crashed runner) must show in the sum as well.
  const isSilentFailure = !ok && tally.failed === 0;
  return { name, ok, elapsedMs: Date.now() - startedAt, tally: isSilentFailure ? { ...tally, failed: 1 } : tally };
}

function printOutcome({ name, ok, elapsedMs, tally }: Outcome): void {
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`;
  console.log(`${name.padEnd(12)}${(ok ? 'ok' : 'FAILED').padEnd(8)}${seconds.padStart(9)}   ${printTally(tally)}`);
}

function main(): number {
  process.env.CHROME_PATH = ensureChromium();
  console.log(`Browser: ${process.env.CHROME_PATH}`);
  rmSync(join(repositoryRoot, 'out'), { recursive: true, force: true });
  const outcomes = steps.map(run);
  console.log('');
  for (const outcome of outcomes) printOutcome(outcome);
  console.log(printTally(outcomes.map(({ tally }) => tally).reduce(addTallies, emptyTally)));
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
