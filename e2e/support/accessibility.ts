import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Fails with the rule and the elements of each violation of WCAG 2.2 A and AA. */
export async function expectAccessible(page: Page, within = 'body'): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await new AxeBuilder({ page }).include(within).withTags(tags).analyze();
  const found = violations.map(({ id, nodes }) => ({ id, elements: nodes.map((node) => node.target.join(' ')) }));
  expect(found).toEqual([]);
}
