// `npm run golden -- DIR [--backend webgpu|wasm]`: one JSON line; exit 1 if the engine and PyTorch differ.
import type { GoldenInput, GoldenReport } from '../tools/golden.ts';
import { runInPage } from './lib/browser.ts';
import { oneOf, runCommand } from './lib/command.ts';

await runCommand({
  usage: 'npm run golden -- DIR [--backend webgpu|wasm]',
  options: { backend: { type: 'string', default: 'webgpu' } },
  positionals: 1,
  async run({ backend }, [directory = '']) {
    const input: GoldenInput = { folder: '/files/0/', backend: oneOf('backend', ['webgpu', 'wasm'], backend) };
    const report = await runInPage<GoldenReport>({ name: 'golden', folders: [directory] }, input);
    console.log(JSON.stringify(report));
    return report.passed ? 0 : 1;
  },
});
