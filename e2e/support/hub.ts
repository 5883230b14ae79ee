// A model by its name on the Hub, as a person asks for it.
import { expect, type Locator, type Page } from '@playwright/test';

export const modelCell = (page: Page): Locator => page.getByRole('region', { name: /^Model/ });

export async function find(page: Page, name: string): Promise<void> {
  await modelCell(page).getByLabel('Or by name on the Hub').fill(name);
  await modelCell(page).getByRole('button', { name: 'Find on the Hub' }).click();
}

export async function openStorage(page: Page): Promise<Locator> {
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('combobox').fill('models and data');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Models and data on this machine');
  await page.keyboard.press('Enter');
  return page.getByRole('dialog', { name: 'Models and data on this machine' });
}

export async function chooseHub(page: Page, url: string): Promise<void> {
  const storage = await openStorage(page);
  await storage.getByLabel('Address').fill(url);
  await storage.getByRole('button', { name: 'Close' }).click();
}
