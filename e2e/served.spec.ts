// The page as `npm start` serves it: isolated, closed to other origins, at ease with its own policy.
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

test('opens isolated and without an error', async ({ page }) => {
  const response = await page.goto('/');
  expect(response?.headers()['content-security-policy']).toContain("default-src 'self'");
  await expect(page.locator('#root > *').first()).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`can be read and used by everyone in ${colorScheme} colours`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('/');
    await expect(page.locator('#root > *').first()).toBeVisible();
    await expectAccessible(page);
  });
}
