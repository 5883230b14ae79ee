// Playwright's `test`, with a page on which any console error, uncaught error or foreign request fails the journey, but
// for what the journey provokes.
import { test as base, expect } from '@playwright/test';

export { expect };

export const test = base.extend<{ readonly provoked: RegExp | null }>({
  provoked: [null, { option: true }],
  page: async ({ page, baseURL, provoked }, use) => {
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') trouble.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!isOwn(request.url(), baseURL)) trouble.push(`left this machine: ${request.url()}`);
    });
    await use(page);
    expect(
      trouble.filter((what) => !provoked?.test(what)),
      'what went wrong on the page',
    ).toEqual([]);
  },
});

function isOwn(url: string, baseURL: string | undefined): boolean {
  return url.startsWith('data:') || url.startsWith('blob:') || url.startsWith(`${baseURL}/`);
}
