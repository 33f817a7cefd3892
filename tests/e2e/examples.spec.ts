/** The pages in `examples/` that need no build, as a reader sees them. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { shareOf } from '../support/app-page.ts';
import { violations } from '../support/axe.ts';
import { collectErrors, expectSeen, seenPixels } from '../support/embed-pages.ts';
import { serveSite, type StaticServer } from '../support/static-server.ts';

const isBluish = (r: number, g: number, b: number): boolean => b > 90 && b > 1.5 * r && b > 1.2 * g;
const isColourful = (r: number, g: number, b: number): boolean => Math.max(r, g, b) - Math.min(r, g, b) > 80;

/** What a host sends whose pages are isolated, also those in sandboxed frames. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'cross-origin',
};

let server: StaticServer;
test.afterEach(async () => server.close());

/** @param headers of every answer */
async function serve(example: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  server = await serveSite({
    folders: { '/': `examples/${example}`, '/embed/': 'dist/embed' },
    files: { '/favicon.ico': '' },
    headers: () => headers,
  });
  return `${server.origin}/index.html`;
}

/** Waits until an element looks different from before. */
async function expectMotion(element: Locator): Promise<void> {
  const before = await seenPixels(element);
  await expect.poll(async () => (await seenPixels(element)).some((value, i) => value !== before[i]), { timeout: 30_000 }).toBe(true);
}

/** The same in a part of it, in fractions from its top left corner. */
async function expectMotionIn(view: Locator, x: number, y: number, size: number): Promise<void> {
  const box = await view.boundingBox();
  if (box === null) throw new Error('the view is not seen');
  const clip = { x: box.x + x * box.width, y: box.y + y * box.height, width: size * box.width, height: size * box.height };
  const look = async (): Promise<string> => (await view.page().screenshot({ clip })).toString('base64');
  const before = await look();
  await expect.poll(look, { timeout: 30_000 }).not.toBe(before);
}

async function openIsolated(page: Page, address: string, isIsolated: boolean): Promise<void> {
  await page.goto(address);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(isIsolated);
}

test('plain-html shows its models with one script tag', async ({ page }) => {
  const errors = collectErrors(page);
  const address = await serve('plain-html');
  await page.setViewportSize({ width: 360, height: 400 });
  await page.goto(address);
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

for (const isIsolated of [false, true]) {
  const where = isIsolated ? 'in isolated pages' : 'without isolation';
  const headers = isIsolated ? ISOLATION : {};

  test(`share-windows shows the cube of one window in another, ${where}`, async ({ page, context }) => {
    const errors = collectErrors(page);
    await openIsolated(page, await serve('share-windows', headers), isIsolated);
    await expectSeen(page.locator('canvas'), isColourful, 45_000, 0.1);
    const opened = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Open another window' }).click();
    const popup = await opened;
    const popupErrors = collectErrors(popup);
    await expectSeen(popup.locator('canvas'), isColourful, 45_000, 0.05);
    await expect(popup.getByRole('status')).toContainText('The frames come by');
    await expect(page.getByRole('status')).toHaveText('Other windows that show it: 1.');
    await expectMotion(popup.locator('canvas'));
    await popup.close();
    await expect(page.getByRole('status')).toHaveText('No other window shows it.', { timeout: 10_000 });
    expect([...errors, ...popupErrors]).toEqual([]);
  });

  test(`share-simulation shows a worker's frames in the scene and over it, ${where}`, async ({ page }) => {
    const errors = collectErrors(page);
    await page.setViewportSize({ width: 480, height: 640 });
    await openIsolated(page, await serve('share-simulation', headers), isIsolated);
    const view = page.locator('usd-view');
    await expect(page.locator('main > [role=status]')).toHaveText('The water and the corner are drawn by the worker.', { timeout: 60_000 });
    await expectSeen(view, isBluish, 45_000, 0.1);
    // The overlay lies in the corner, where there is nothing of the scene; the water is in the middle.
    await expectMotionIn(view, 0.05, 0.08, 0.15);
    await expectMotionIn(view, 0.35, 0.5, 0.15);
    expect(errors).toEqual([]);
  });

  test(`share-cpu shows what programs without a GPU write, ${where}`, async ({ page }) => {
    const errors = collectErrors(page);
    await openIsolated(page, await serve('share-cpu', headers), isIsolated);
    for (const id of ['#script', '#wasm']) {
      const canvas = page.locator(id);
      await expect.poll(async () => shareOf(await seenPixels(canvas), isColourful), { timeout: 30_000 }).toBeGreaterThan(0.3);
      await expectMotion(canvas);
    }
    await expect(page.getByRole('status')).toContainText(isIsolated ? 'by “shared-memory”' : 'by “buffer”');
    expect(errors).toEqual([]);
  });

  test(`share-iframe shows frames of a page in frames of it, sandboxed too, ${where}`, async ({ page }) => {
    const errors = collectErrors(page);
    await openIsolated(page, await serve('share-iframe', { ...headers, 'access-control-allow-origin': '*' }), isIsolated);
    for (const frame of [page.locator('iframe').nth(0), page.locator('iframe').nth(1)]) {
      await expectSeen(frame, isBluish, 30_000, 0.3);
      await expectMotion(frame);
    }
    await expect(page.getByRole('status')).toContainText('Frames that show it: 2');
    expect(errors).toEqual([]);
  });
}

test('share-windows says so where there is no WebGPU', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
  await page.goto(await serve('share-windows'));
  await expect(page.getByRole('status')).toHaveText('This example draws with WebGPU, which this browser does not have here.');
});

test('share-iframe says what the host must send for sandboxed frames', async ({ page }) => {
  await page.goto(await serve('share-iframe'));
  await expect(page.frameLocator('iframe[sandbox]').getByRole('alert')).toContainText('Access-Control-Allow-Origin');
  await expectSeen(page.locator('iframe').first(), isBluish, 30_000, 0.3);
});

for (const example of ['share-windows', 'share-simulation', 'share-cpu', 'share-iframe']) {
  test(`${example} is clean for axe`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(await serve(example, { 'access-control-allow-origin': '*' }));
    await page.locator('main').waitFor();
    expect(await violations(page)).toEqual([]);
  });
}
