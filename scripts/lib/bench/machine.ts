import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { repositoryRoot } from '../paths.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
}

export const machine = (): Machine => ({ cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() });

/** Of an installed npm package. */
export function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(repositoryRoot, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** `Chrome/156.0.0.0`. */
export const browserOf = async (page: Page): Promise<string> =>
  (await page.evaluate(() => navigator.userAgent)).match(/Chrome\/[\d.]+/)?.[0] ?? 'unknown';
