// `npm run test:chaos`: what may happen to a browser in a night, a hundred times over. Takes too long for every change.
import { defineConfig } from '@playwright/test';
import journeys from './playwright.config.ts';

export default defineConfig({
  ...journeys,
  testMatch: '**/*.chaos.ts',
  outputDir: 'out/chaos',
  timeout: 60 * 60_000,
  reporter: [['list']],
});
