// Several runs from one cell, and all of them beside each other.
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

test('a sweep of four, previewed, run and read as a table and a trade-off', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('/?preset=quick');
  const run = page.getByRole('region', { name: 'Run: movement' });
  await run.getByRole('button', { name: 'Settings', exact: true }).click();
  await run.getByLabel(/^Steps/).fill('6');
  await run.getByLabel(/^Final kept fraction/).fill('0.1, 0.3');
  await run.getByLabel(/^Seed/).first().fill('1, 2');
  await run.getByText('This sweep makes 4 runs').click();
  await expect(run.getByRole('listitem').filter({ hasText: 'final_threshold 0.3, seed 2' })).toBeVisible();
  await expectAccessible(page);
  await run.getByRole('button', { name: 'Settings', exact: true }).click();

  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(run.getByRole('button', { name: /^Cancel the \d waiting/ })).toBeVisible({ timeout: 120_000 });
  await expect(run.getByRole('row', { name: /seed 2 .*done/ })).toHaveCount(2, { timeout: 240_000 });
  const rows = run.getByRole('row', { name: /^Draw / });
  await expect(rows).toHaveCount(2);
  for (const row of await rows.all()) await expect(row).toContainText(/2 seeds.*done.*0\.\d+ ± /);
  await run.getByText('Trade-off', { exact: true }).click();
  await expect(run.getByRole('img', { name: /topK: .*kept, 0\.\d+ ± .*Pareto front of 2: / })).toBeVisible();
  await expectAccessible(page);

  // All runs of the notebook, in the compare cell: sorted, filtered, drawn or not.
  const compare = page.getByRole('region', { name: /^Compare/ });
  await compare.scrollIntoViewIfNeeded();
  const kept = compare.getByRole('row', { name: /^Draw / });
  await compare.getByRole('button', { name: /^Kept of the encoder/ }).click();
  await expect(kept.first()).toContainText('final_threshold 0.3');
  await compare.getByRole('button', { name: /^Kept of the encoder/ }).click();
  await expect(kept.first()).toContainText('final_threshold 0.1');
  const chart = compare.getByRole('img', { name: /^Accuracy/ });
  await expect(chart).toHaveAccessibleName(/final_threshold 0\.1 \(2 seeds\).*final_threshold 0\.3 \(2 seeds\)/);
  await compare.getByRole('checkbox', { name: /^Draw .*0\.3$/ }).uncheck();
  await expect(chart).not.toHaveAccessibleName(/final_threshold 0\.3/);
  await compare.getByRole('searchbox').fill('threshold 0.3');
  await expect(kept).toHaveCount(1);
  await expect(compare.getByText('1 of 2 rows')).toBeVisible();

  // A note and a pin outlast the visit.
  await kept
    .first()
    .getByRole('button', { name: /final_threshold/ })
    .click();
  await compare.getByRole('textbox', { name: /^Note on .*seed 1$/ }).fill('the better half');
  await compare.getByRole('button', { name: /^Pin/ }).first().click();
  await expect(kept.first().getByRole('img', { name: 'pinned' })).toBeVisible();
  await page.reload();
  await expect(kept.first()).toContainText('final_threshold 0.3');
  await compare.getByRole('searchbox').fill('better half');
  await expect(kept).toHaveCount(1);
});
