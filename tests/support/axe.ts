/** What axe finds wrong with a page, as lines that name the rule and the element. */
import type { Frame, Page } from '@playwright/test';
import axe from 'axe-core';

export async function violations(page: Page | Frame): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    interface Found {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly target: readonly unknown[] }[] }[];
    }
    const found = await (window as unknown as { axe: { run(): Promise<Found> } }).axe.run();
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}
