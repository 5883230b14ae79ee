// `npm run experiment -- SPEC --out DIR`: trains what SPEC says: one specification as a run cell copies it, or a list.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseRunSpec } from '../src/notebook/resolve.ts';
import type { RunSpec } from '../src/runs/spec.ts';
import { oneOf, runCommand, UsageError } from './lib/command.ts';
import { runExperiment } from './lib/experiment.ts';
import { outcomeTable } from './lib/table.ts';

/** How often the command says how far it is. */
const SHOW_EVERY_MS = 10_000;

await runCommand({
  usage: 'npm run experiment -- SPEC.json --out DIR [--backend auto|webgpu|wasm]',
  options: { out: { type: 'string' }, backend: { type: 'string', default: 'auto' } },
  positionals: 1,
  async run({ out, backend }, [path = '']) {
    if (!out) throw new UsageError('--out: expected a folder to write to, got none.');
    const preference = oneOf('backend', ['auto', 'webgpu', 'wasm'], backend);
    const specs = readSpecs(path);
    console.log(outcomeTable(await runExperiment({ specs, folder: dirname(path), out, backend: preference })));
    return 0;
  },
});

function readSpecs(path: string): RunSpec[] {
  const text = readFileSync(path, 'utf8');
  if (!text.trimStart().startsWith('[')) return [parseRunSpec(text)];
  const items: unknown[] = JSON.parse(text);
  return items.map((item) => parseRunSpec(JSON.stringify(item)));
}
