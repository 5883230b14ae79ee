// Two projects: `node` for what needs no browser, `browser` for what needs WebGPU, wasm threads or OPFS.
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, mergeConfig } from 'vitest/config';
import { findChromium, softwareFlags } from './scripts/lib/chromium.ts';
import viteConfig from './vite.config.ts';

const executablePath = findChromium();
const product = viteConfig({ mode: 'test', command: 'serve' });

export default defineConfig({
  test: {
    projects: [
      mergeConfig(product, {
        test: {
          name: 'node',
          environment: 'node',
          server: { deps: { inline: ['hyparquet'] } }, // with the bounds that the product gives it
          testTimeout: 60_000, // on a busy machine the default of 5 s measures the neighbours
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: ['tests/browser/**'],
        },
      }),
      mergeConfig(product, {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: [...softwareFlags], ...(executablePath ? { executablePath } : {}) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      }),
    ],
  },
});
