// Debian's chromium for the tests, on machines where no browser is found and where installing it is allowed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium, requireChromium } from './chromium.ts';

/** The path of a browser, installed by apt-get if there was none and this user may. */
export function ensureChromium(): string {
  const found = findChromium();
  if (found) return found;
  const asRoot = rootPrefix();
  if (!existsSync('/usr/bin/apt-get') || asRoot === undefined) return requireChromium();
  console.log('No Chrome, Chromium or Edge found: installing chromium with apt-get.');
  aptGet(asRoot, 'update'); // may fail for one source and still have what is needed
  if (!aptGet(asRoot, 'install --yes --no-install-recommends chromium')) {
    throw new Error('apt-get install chromium: it failed, see above. Install a browser or set CHROME_PATH to one.');
  }
  return requireChromium();
}

function aptGet(asRoot: string, action: string): boolean {
  const command = `${asRoot}env DEBIAN_FRONTEND=noninteractive apt-get -qq ${action}`;
  return spawnSync(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** What to write before a command that root must run; undefined where this user may not. */
function rootPrefix(): string | undefined {
  if (process.getuid?.() === 0) return '';
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? 'sudo ' : undefined;
}
