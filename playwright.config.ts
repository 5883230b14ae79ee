// A person's journeys through the built page, served as `npm start` serves it.
import { defineConfig } from '@playwright/test';
import { requireChromium, softwareFlags } from './scripts/lib/chromium.ts';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'out/e2e',
  workers: 2, // a page that trains waits for itself as often as for the processor
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: 'out/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${process.env.WINNOW_PORT}`,
    launchOptions: { executablePath: requireChromium(), args: [...softwareFlags] },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'journeys', testIgnore: '**/calm.spec.ts' },
    // Milliseconds count there: nothing else runs beside it.
    { name: 'timing', testMatch: '**/calm.spec.ts', workers: 1, dependencies: ['journeys'] },
  ],
  webServer: {
    command: 'npm start',
    // Back-translation's Hub is played by the browser, that of models and data by a server of each journey's own.
    env: { PORT: process.env.PORT ?? '4180', HF_ENDPOINT: 'https://huggingface.co http://localhost:*' },
    wait: { stdout: /http:\/\/localhost:(?<WINNOW_PORT>\d+)/ },
    timeout: 240_000,
  },
});
