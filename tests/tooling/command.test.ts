import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../scripts/lib/paths.ts';

function golden(...args: string[]) {
  const command = ['--import', 'tsx', join(repositoryRoot, 'scripts/golden.ts'), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: repositoryRoot, encoding: 'utf8' });
  return { status, stderr };
}

describe('a command that is wrongly called', { timeout: 30_000 }, () => {
  it.each([
    [[], 'arguments: expected 1, got 0.'],
    [['folder', '--backend', 'cuda'], '--backend: expected webgpu or wasm, got cuda.'],
    [['folder', '--backends', 'wasm'], "Unknown option '--backends'"],
  ])('%j: exits with 2, the reason and the usage', (args, reason) => {
    const { status, stderr } = golden(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Usage: npm run golden -- DIR [--backend webgpu|wasm]');
  });
});
