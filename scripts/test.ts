// `npm test`: everything that must hold, one step after the other; a failure stops no other step. Ends with a table
// of the steps and, as the last line, the number of tests passed, failed and skipped.
import { type SpawnOptions, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './lib/install-chromium.ts';
import { repositoryRoot } from './lib/paths.ts';
import { addTallies, emptyTally, printTally, readTally, type Tally } from './lib/tally.ts';

interface Step {
  readonly name: string;
  /** Run at the same time. */
  readonly commands: readonly string[];
  /** Where each command writes how its tests went. */
  readonly reports?: readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly elapsedMs: number;
  readonly tally: Tally;
}

const vitest = (project: string, report: string): string =>
  `npx vitest run --project ${project} --reporter=default --reporter=json --outputFile.json=${report}`;

const step = (name: string, command: string, report?: string): Step => ({
  name,
  commands: [command],
  ...(report === undefined ? {} : { reports: [report] }),
});

/** A browser compiles shaders on one thread, which takes most of the time of these tests: two keep two cores busy. */
const browserStep: Step = {
  name: 'browser',
  commands: [1, 2].map((part) => `${vitest('browser', browserReport(part))} --shard=${part}/2`),
  reports: [1, 2].map(browserReport),
};

function browserReport(part: number): string {
  return `out/browser-${part}.json`;
}

const steps: readonly Step[] = [
  step('types', 'npm run -s check:types'),
  step('style', 'npm run -s check:style'),
  step('directions', 'npm run -s check:directions'),
  step('unused', 'npm run -s check:unused'),
  step('licences', 'npm run -s check:licences'),
  step('assets', 'npm run -s assets'),
  step('unit', vitest('node', 'out/unit.json'), 'out/unit.json'),
  browserStep,
  step('build', 'npm run -s build'),
  step('e2e', 'npx playwright test', 'out/e2e.json'),
];

/** Whether it ended well. */
const succeeds = (command: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const options: SpawnOptions = { cwd: repositoryRoot, shell: true, stdio: ['ignore', 'inherit', 'inherit'] };
    spawn(command, options)
      .on('error', reject)
      .on('close', (code) => resolve(code === 0));
  });

async function run({ name, commands, reports = [] }: Step): Promise<Outcome> {
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const ok = (await Promise.all(commands.map(succeeds))).every(Boolean);
  const tally = reports.map((report) => readTally(join(repositoryRoot, report))).reduce(addTallies, emptyTally);
  // A step that fails without a failed test (a wrong type, a crashed runner) must show in the sum as well.
  const isSilentFailure = !ok && tally.failed === 0;
  return { name, ok, elapsedMs: Date.now() - startedAt, tally: isSilentFailure ? { ...tally, failed: 1 } : tally };
}

function printOutcome({ name, ok, elapsedMs, tally }: Outcome): void {
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`;
  console.log(`${name.padEnd(12)}${(ok ? 'ok' : 'FAILED').padEnd(8)}${seconds.padStart(9)}   ${printTally(tally)}`);
}

async function main(): Promise<number> {
  process.env.CHROME_PATH = ensureChromium();
  console.log(`Browser: ${process.env.CHROME_PATH}`);
  rmSync(join(repositoryRoot, 'out'), { recursive: true, force: true });
  const outcomes: Outcome[] = [];
  for (const each of steps) outcomes.push(await run(each));
  console.log('');
  for (const outcome of outcomes) printOutcome(outcome);
  console.log(printTally(outcomes.map(({ tally }) => tally).reduce(addTallies, emptyTally)));
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
