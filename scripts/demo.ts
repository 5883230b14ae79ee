// `npm run demo`: the runs of the notebook that a first visit opens, through `npm run experiment`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf } from '../src/notebook/document.ts';
import { resolveRunSpec, runOrder } from '../src/notebook/resolve.ts';
import { sizeIds } from '../src/notebook/sizes.ts';
import { magnitudeOrMovement } from '../src/notebook/templates/magnitude-or-movement.ts';
import { oneOf, runCommand } from './lib/command.ts';
import { repositoryRoot } from './lib/paths.ts';

await runCommand({
  usage: 'npm run demo -- [--size quick|full] [--out DIR] [--backend auto|webgpu|wasm]',
  options: {
    size: { type: 'string', default: 'quick' },
    out: { type: 'string', default: 'out/demo' },
    backend: { type: 'string', default: 'auto' },
  },
  positionals: 0,
  async run({ size, out, backend }) {
    const document = magnitudeOrMovement(oneOf('size', sizeIds, size));
    const cells = cellsOf(document, 'run').map(({ id }) => id);
    const specs = runOrder(document, cells).map((id) => resolveRunSpec(document, id));
    const path = join(out, 'spec.json');
    mkdirSync(out, { recursive: true });
    writeFileSync(path, `${JSON.stringify(specs, null, 2)}\n`);
    const experiment = join(repositoryRoot, 'scripts/experiment.ts');
    const command = ['--import', 'tsx', experiment, path, '--out', out, '--backend', backend];
    return spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1;
  },
});
