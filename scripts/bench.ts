// `npm run bench -- --suite NAME --out FILE`: the figures of one suite as JSON and, with --table, in a document.
// Exit 1 if contestants computed different things or a promise is broken.
import { readFileSync, writeFileSync } from 'node:fs';
import { replaceSection } from './lib/bench/document.ts';
import { inferSuite } from './lib/bench/infer.ts';
import { memorySuite } from './lib/bench/memory.ts';
import { scaleSuite } from './lib/bench/scale.ts';
import { selectSuite } from './lib/bench/select.ts';
import { stepSuite } from './lib/bench/step.ts';
import type { Suite } from './lib/bench/suite.ts';
import { oneOf, runCommand, UsageError } from './lib/command.ts';

const suites: Readonly<Record<string, Suite>> = {
  step: stepSuite,
  select: selectSuite,
  scale: scaleSuite,
  infer: inferSuite,
  memory: memorySuite,
};

const names = Object.keys(suites);

await runCommand({
  usage: `npm run bench -- --suite ${names.join('|')} --out FILE [--steps N] [--table DOCUMENT]`,
  options: {
    suite: { type: 'string', default: '' },
    out: { type: 'string' },
    steps: { type: 'string', default: '10' },
    table: { type: 'string' },
  },
  positionals: 0,
  async run({ suite, out, steps, table }) {
    const name = oneOf('suite', names, suite);
    if (out === undefined) throw new UsageError('--out: expected a file to write, got none.');
    const result = await (suites[name] as Suite)({ steps: wholeNumber('steps', steps), progress: console.error });
    writeFileSync(out, `${JSON.stringify({ suite: name, ...result.figures }, null, 2)}\n`);
    if (table !== undefined) writeFileSync(table, replaceSection(readFileSync(table, 'utf8'), name, result.table));
    console.log(result.table);
    for (const failure of result.failures) console.error(`bench: ${failure}`);
    return result.failures.length === 0 ? 0 : 1;
  },
});

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--${option}: expected a positive whole number, got ${text}.`);
}
