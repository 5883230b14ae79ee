// “Twenty labels” on WebGPU, from the first click to finished charts: twins, two runs from one split, what they came to.
import { expectAccessible } from './support/accessibility.ts';
import { chooseBackend } from './support/own-run.ts';
import { expect, test } from './support/test.ts';

test('a stranger trains from eighteen labels, with and without the unlabelled texts', async ({ page }) => {
  await page.goto('/?template=twenty-labels&preset=quick');
  await expect(page.getByRole('textbox', { name: 'Notebook title' })).toHaveValue('Twenty labels');
  await chooseBackend(page, 'WebGPU');

  // Twins are drawn before anything runs, and another draw changes other words.
  const uda = page.getByRole('region', { name: 'Run: uda' });
  const twins = uda.getByRole('region', { name: /^Learns from 18 labelled texts and 582 without a label/ });
  await expect(twins.getByRole('listitem')).toHaveCount(4, { timeout: 60_000 });
  const replaced = twins.locator('li ins');
  const first = await replaced.allTextContents();
  expect(first.length).toBeGreaterThan(0);
  await twins.getByRole('button', { name: 'Another draw' }).click();
  await expect.poll(() => replaced.allTextContents()).not.toEqual(first);
  await expect(uda.getByRole('img', { name: /^Annealing threshold η, linear: from 0\.17 to 1/ })).toBeVisible();

  await page.getByRole('button', { name: 'Run all' }).click();
  const supervised = page.getByRole('region', { name: 'Run: supervised' });
  for (const run of [supervised, uda]) {
    await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 150_000 });
    await expect(run.getByText('Accuracy, test')).toBeVisible();
  }

  await uda.getByText(/^Confusion on test:/).scrollIntoViewIfNeeded();
  const confusion = uda.getByRole('table', { name: /^Confusion on test: \d+ of 60 wrong/ });
  await expect(confusion.getByRole('row')).toHaveCount(8); // six classes, their heads, precision
  await uda.getByText(/^The surest \d+ errors on test/).click();
  await expect(uda.getByRole('columnheader', { name: 'Probability' })).toBeVisible();
  await uda.getByText('The log, in the form of UDA’s authors').click();
  await expect(uda.getByText(/^=== step 6 ===\s+eval_classify_loss = [\d.]+/)).toBeVisible();

  // Charts are drawn when they come into view.
  for (const [place, title] of [/^Loss/, /^Evaluation/, /^Training signal/, /^Predicted classes, dev/].entries()) {
    await uda.locator('.live-chart').nth(place).scrollIntoViewIfNeeded();
    await expect(uda.getByRole('img', { name: title })).toBeVisible();
  }
  const compare = page.getByRole('region', { name: /^Compare/ });
  await compare.scrollIntoViewIfNeeded();
  await expect(compare.getByRole('img', { name: /^Accuracy/ })).toBeVisible({ timeout: 30_000 });
  await expect(compare.getByRole('row', { name: /^Draw uda .* tf_idf-0\.3/ })).toBeVisible();
  await expectAccessible(page);
});
