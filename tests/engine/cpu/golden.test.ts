// The wasm kernels against PyTorch's numbers: the same check as the op-by-op engine's.
import { beforeAll, expect, it } from 'vitest';
import type { CpuKernels } from '../../../src/engine/cpu/open.ts';
import { createReferenceExecutor } from '../../../src/engine/gpu/reference-executor.ts';
import { checkQaGolden } from '../../golden/qa.ts';
import { qaTinyFiles } from '../../golden/qa-tiny.ts';
import { startKernels } from './start.ts';

let cpu: CpuKernels;
beforeAll(async () => {
  cpu = await startKernels();
}, 60_000);

it('agrees with PyTorch on golden vectors', { timeout: 300_000 }, async () => {
  const report = await checkQaGolden(qaTinyFiles, () => createReferenceExecutor('wasm', cpu.kernels));
  console.log(JSON.stringify(report));
  expect(report.passed).toBe(true);
});
