// A person's journeys through the built page, served as `npm start` serves it.
import { defineConfig } from '@playwright/test';
import { requireChromium, softwareFlags } from './scripts/lib/chromium.ts';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'out/e2e',
  workers: 1, // each page trains: two at once only slow each other down
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: 'out/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${process.env.WINNOW_PORT}`,
    launchOptions: { executablePath: requireChromium(), args: [...softwareFlags] },
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: 'npm start',
    // Back-translation's Hub is played by the browser, that of models and data by a server of each journey's own.
    env: { PORT: process.env.PORT ?? '4180', HF_ENDPOINT: 'https://huggingface.co http://localhost:*' },
    wait: { stdout: /http:\/\/localhost:(?<WINNOW_PORT>\d+)/ },
    timeout: 240_000,
  },
});
