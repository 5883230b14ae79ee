// Finds a Chromium-family browser and names the switches under which it offers WebGPU when headless.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const needsNoSandbox = process.getuid?.() === 0 || Boolean(process.env.CI);

const commonFlags: readonly string[] = [
  ...(needsNoSandbox ? ['--no-sandbox'] : []),
  '--enable-unsafe-webgpu', // headless Chromium on Linux hides WebGPU without it
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** For tests: SwiftShader on every machine, so that a test sees one adapter everywhere. */
export const softwareFlags: readonly string[] = [...commonFlags, '--use-webgpu-adapter=swiftshader'];

/** For batch runs: the machine's graphics card where there is one, else SwiftShader. */
export const hardwareFlags: readonly string[] = [...commonFlags, '--enable-features=Vulkan'];

const commandNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
];

const macApplications = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser's path: `CHROME_PATH` if set, else the first Chrome, Chromium or Edge found; undefined if none. */
export function findChromium(): string | undefined {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROME_PATH: expected a browser, got ${chosen}, which does not exist. Correct or unset it.`);
  }
  return candidates().find((path) => existsSync(path));
}

/** As `findChromium`, for those who cannot go on without one. */
export function requireChromium(): string {
  const path = findChromium();
  if (path) return path;
  throw new Error('browser: expected Chrome, Chromium or Edge, found none. Install one or set CHROME_PATH to it.');
}

function candidates(): string[] {
  if (process.platform === 'darwin') {
    const folders = ['/Applications', join(homedir(), 'Applications')];
    return folders.flatMap((folder) => macApplications.map((name) => join(folder, name)));
  }
  if (process.platform === 'win32') {
    const { PROGRAMFILES, LOCALAPPDATA } = process.env;
    const folders = [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA].filter(
      (folder) => folder !== undefined,
    );
    return folders.flatMap((folder) => windowsPrograms.map((name) => join(folder, name)));
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return commandNames.flatMap((name) => folders.map((folder) => join(folder, name)));
}
