import { afterEach, describe, expect, it, vi } from 'vitest';
import { findChromium, requireChromium } from '../../scripts/lib/chromium.ts';

describe('the search for a browser', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('takes CHROME_PATH before all others', () => {
    vi.stubEnv('CHROME_PATH', process.execPath);
    expect(findChromium()).toBe(process.execPath);
  });

  it('refuses a CHROME_PATH that leads nowhere, rather than take another browser', () => {
    vi.stubEnv('CHROME_PATH', '/nowhere/chrome');
    expect(() => findChromium()).toThrow(/^CHROME_PATH: expected a browser, got \/nowhere\/chrome/);
  });

  it.runIf(process.platform === 'linux')('says what to do where there is none', () => {
    vi.stubEnv('CHROME_PATH', '');
    vi.stubEnv('PATH', '');
    expect(findChromium()).toBeUndefined();
    expect(() => requireChromium()).toThrow(/Install one or set CHROME_PATH/);
  });
});
