// `npm run experiment -- SPEC.json --out DIR`: runs of the page without the page, and their results as a table.
import { dirname } from 'node:path';
import { oneOf, runCommand, UsageError } from './lib/command.ts';
import { runExperiment } from './lib/experiment.ts';
import { findImports, readPlans, specsOf, withSeeds } from './lib/experiment-files.ts';
import { outcomeTable } from './lib/outcome-table.ts';

await runCommand({
  usage:
    'npm run experiment -- SPEC.json --out DIR [--backend auto|webgpu|wasm] [--dtype F32|F16] [--seeds SEED,SEED,…]',
  options: {
    out: { type: 'string' },
    backend: { type: 'string', default: 'auto' },
    dtype: { type: 'string', default: 'F32' },
    seeds: { type: 'string' },
  },
  positionals: 1,
  async run({ out, backend, dtype, seeds }, [path = '']) {
    if (!out) throw new UsageError('--out: expected a folder to write to, got none.');
    const plans = readPlans(path);
    const specs = seeds === undefined ? specsOf(plans) : withSeeds(plans, parseSeeds(seeds));
    const outcomes = await runExperiment({
      specs,
      imports: findImports(specs, dirname(path)),
      out,
      backend: oneOf('backend', ['auto', 'webgpu', 'wasm'], backend),
      dtype: oneOf('dtype', ['F32', 'F16'], dtype),
    });
    console.log(outcomeTable(outcomes));
    return 0;
  },
});

function parseSeeds(text: string): number[] {
  const seeds = text.split(',').map(Number);
  if (seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) return seeds;
  throw new UsageError(`--seeds: expected whole numbers with commas between, got ${text}.`);
}
