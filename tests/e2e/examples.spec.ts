/** The pages in `examples/` that need no build, as a reader sees them. */
import { expect, test } from '@playwright/test';
import { collectErrors, expectSeen } from '../support/embed-pages.ts';
import { serveSite, type StaticServer } from '../support/static-server.ts';

const isBluish = (r: number, g: number, b: number): boolean => b > 90 && b > 1.5 * r && b > 1.2 * g;

let server: StaticServer;
test.afterEach(async () => server.close());

test('plain-html shows its models with one script tag', async ({ page }) => {
  const errors = collectErrors(page);
  server = await serveSite({ folders: { '/': 'examples/plain-html', '/embed/': 'dist/embed' }, files: { '/favicon.ico': '' } });
  await page.setViewportSize({ width: 360, height: 400 });
  await page.goto(`${server.origin}/index.html`);
  const [blocks, lamp, waiting] = [0, 1, 2].map((i) => page.locator('usd-view').nth(i));
  if (blocks === undefined || lamp === undefined || waiting === undefined) throw new Error('three views were made');
  await blocks.scrollIntoViewIfNeeded();
  await expectSeen(blocks, isBluish, 45_000, 0.02);
  await lamp.scrollIntoViewIfNeeded();
  await expectSeen(lamp, isBluish, 45_000, 0.02);
  await waiting.scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Show 3D model' }).click();
  await expectSeen(waiting, isBluish, 45_000, 0.02);
  expect(errors).toEqual([]);
});
