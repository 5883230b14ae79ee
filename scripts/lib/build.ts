// Makes what a command needs, and only where its sources are newer than what was made last.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { repositoryRoot } from './paths.ts';

interface Product {
  readonly name: string;
  readonly sources: readonly string[];
  readonly outputs: readonly string[];
  make(): Promise<void>;
}

const compiled = ['src', 'scripts/lib', 'vite.config.ts', 'package.json'];

const assets: Product = {
  name: 'assets',
  sources: ['scripts/assets', 'src/engine', 'package.json'],
  outputs: ['public/models', 'public/data'],
  make: async () => runScript('scripts/assets/build.ts'),
};

const page: Product = {
  name: 'page',
  sources: [...compiled, 'index.html', 'public'],
  outputs: ['dist'],
  make: () => buildWithVite('production'),
};

const tools: Product = {
  name: 'tools',
  sources: [...compiled, 'tools', 'tests/golden'],
  outputs: ['dist-tools'],
  make: () => buildWithVite('tools'),
};

/** The embedded model and data sets, made in public/ from npm packages. */
export const ensureAssets = () => ensure(assets);

/** The page as users get it, in dist/. */
export async function ensurePage(): Promise<string> {
  await ensureAssets();
  await ensure(page);
  return join(repositoryRoot, 'dist');
}

/** The pages of tools/, which batch commands open in a headless browser, in dist-tools/. */
export async function ensureTools(): Promise<string> {
  await ensureAssets();
  await ensure(tools);
  return join(repositoryRoot, 'dist-tools');
}

async function ensure(product: Product): Promise<void> {
  const stamp = stampOf(product.name);
  const isMade = product.outputs.every((path) => existsSync(join(repositoryRoot, path)));
  const newestSource = Math.max(...product.sources.map((path) => newestChange(join(repositoryRoot, path))));
  if (isMade && newestChange(stamp) > newestSource) return;
  const startedAt = new Date();
  await product.make();
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt); // what is edited during the build is newer than the build
}

/** In node_modules, so that newly installed packages make everything anew. */
function stampOf(name: string): string {
  const folder = join(repositoryRoot, 'node_modules/.cache/winnow');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.stamp`);
}

/** Time of the last change of a file, or of anything in a folder, in ms; 0 where there is nothing. */
function newestChange(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  const inside = stats.isDirectory() ? readdirSync(path).map((name) => newestChange(join(path, name))) : [];
  return Math.max(stats.mtimeMs, ...inside);
}

async function buildWithVite(mode: string): Promise<void> {
  await build({ configFile: join(repositoryRoot, 'vite.config.ts'), mode, logLevel: 'warn' });
}

function runScript(path: string): void {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', path], { cwd: repositoryRoot, stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`${path}: expected it to finish, got exit status ${status}. See its message above.`);
}
