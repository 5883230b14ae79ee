// Playwright's `test`, with a page on which any console error, uncaught error or foreign request fails the journey, but
// for what the journey provokes; and so does anything that the content security policy had to stop, whatever provoked it.
import { type BrowserContext, test as base, expect } from '@playwright/test';

export { expect };

export const test = base.extend<{ readonly provoked: RegExp | null }>({
  provoked: [null, { option: true }],
  page: async ({ page, context, baseURL, provoked }, use) => {
    const trouble: string[] = [];
    const violations = await watchPolicy(context);
    page.on('pageerror', (error) => trouble.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const list = /content security policy/i.test(message.text()) ? violations : trouble;
      list.push(`console: ${message.text()}`);
    });
    page.on('worker', (worker) => {
      worker.evaluate(tellViolations).catch(() => undefined); // it may be gone by now
    });
    context.on('request', (request) => {
      if (!isOwn(request.url(), baseURL)) trouble.push(`left this machine: ${request.url()}`);
    });
    await use(page);
    expect(violations, 'what the content security policy had to stop').toEqual([]);
    expect(
      trouble.filter((what) => !provoked?.test(what)),
      'what went wrong on the page',
    ).toEqual([]);
  },
});

/** What the policy stops on any page of the context, as it happens. */
async function watchPolicy(context: BrowserContext): Promise<string[]> {
  const violations: string[] = [];
  await context.exposeFunction('noteViolation', (what: string) => void violations.push(what));
  await context.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
      (window as unknown as { noteViolation(what: string): void }).noteViolation(
        `${effectiveDirective} stopped ${blockedURI} in ${sourceFile}`,
      ),
    ),
  );
  return violations;
}

/** Runs in a worker, whose violations reach the page's console through its own. */
function tellViolations(): void {
  addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
    console.error(`Content Security Policy: ${effectiveDirective} stopped ${blockedURI} in a worker`);
  });
}

function isOwn(url: string, baseURL: string | undefined): boolean {
  return url.startsWith('data:') || url.startsWith('blob:') || url.startsWith(`${baseURL}/`);
}
