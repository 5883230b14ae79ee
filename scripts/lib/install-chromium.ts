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
  for (const command of ['apt-get -qq update', 'apt-get -qq install --yes --no-install-recommends chromium']) {
    const { status } = spawnSync(`${asRoot}env DEBIAN_FRONTEND=noninteractive ${command}`, {
      shell: true,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0)
      throw new Error(`${command}: expected it to succeed, got exit status ${status}. Set CHROME_PATH.`);
  }
  return requireChromium();
}

/** What to write before a command that root must run; undefined where this user may not. */
function rootPrefix(): string | undefined {
  if (process.getuid?.() === 0) return '';
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? 'sudo ' : undefined;
}
