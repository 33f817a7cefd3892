/** What the page does when the graphics device goes away, and where there is none at all. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { writePackage } from '../../packages/usd-wasm/src/usdz/writer.ts';
import {
  capturePixels,
  colorCount,
  dropFiles,
  meanDifference,
  opened,
  openEmptyApp,
  openText,
  pngOf,
  readState,
  settle,
  shownPixels,
  usda,
} from '../support/app-page.ts';

const SCENE = `(
  upAxis = "Y"
)
def Cube "Box"
{
  color3f[] primvars:displayColor = [(0.8, 0.1, 0.1)]
}
def Sphere "Ball"
{
  color3f[] primvars:displayColor = [(0.1, 0.3, 0.8)]
  double3 xformOp:translate = (2.5, 0, 0)
  uniform token[] xformOpOrder = ["xformOp:translate"]
}`;

/** Counts what the page asks to be opened from here on: a picture that comes back needs no second load. */
async function countLoads(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const target = window as unknown as { loads: number };
    target.loads = 0;
    document.querySelector('usd-viewer-app')?.addEventListener('usd-opened', () => target.loads++);
  });
  return () => page.evaluate(() => (window as unknown as { loads: number }).loads);
}

/** Runs what takes the device away and waits for the canvas that replaces the dead one. */
async function loseDevice(page: Page, lose: () => Promise<unknown>): Promise<void> {
  const canvas = await page.locator('usd-viewport canvas').elementHandle();
  await lose();
  await expect.poll(() => canvas?.evaluate((element) => element.isConnected), { timeout: 30_000 }).toBe(false);
  await expect(page.locator('usd-viewport canvas')).toHaveCount(1);
  await settle(page);
}

function destroyDevice(page: Page): Promise<void> {
  return page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as { loseDevice(): void }).loseDevice());
}

const shownColors = async (page: Page): Promise<number> => colorCount((await shownPixels(page)).data);

test('a lost device comes back with the same picture, without opening the file again', async ({ page }) => {
  await openText(page, SCENE);
  const loads = await countLoads(page);
  const before = await capturePixels(page);
  const shown = await shownColors(page);
  await loseDevice(page, () => destroyDevice(page));
  const after = await capturePixels(page);
  expect(meanDifference(before.data, after.data)).toBeLessThan(0.5);
  expect(Math.abs((await shownColors(page)) - shown)).toBeLessThan(shown / 4);
  expect(await loads()).toBe(0);
});

test('what changed before a loss is still so after it', async ({ page }) => {
  await openText(page, SCENE);
  await page.evaluate(() => {
    const app = document.querySelector('usd-viewer-app') as unknown as { setSettings(settings: object): void };
    app.setSettings({ exposure: -2 });
  });
  await settle(page);
  const before = await capturePixels(page);
  await loseDevice(page, () => destroyDevice(page));
  expect(meanDifference(before.data, (await capturePixels(page)).data)).toBeLessThan(0.5);
});

test('a file opened after a loss is drawn', async ({ page }) => {
  await openText(page, SCENE);
  await loseDevice(page, () => destroyDevice(page));
  await dropFiles(page, [usda('second.usda', 'def Sphere "Only" {}')]);
  await opened(page, 'second.usda');
  expect((await readState(page)).stats?.meshes).toBe(1);
  expect(colorCount((await capturePixels(page)).data)).toBeGreaterThan(20);
});

test('a crash of the GPU process is survived', async ({ page, browser }) => {
  await openText(page, SCENE);
  const loads = await countLoads(page);
  const before = await capturePixels(page);
  const session = await browser.newBrowserCDPSession();
  await loseDevice(page, () => session.send('Browser.crashGpuProcess'));
  expect(meanDifference(before.data, (await capturePixels(page)).data)).toBeLessThan(0.5);
  expect(await loads()).toBe(0);
});

test('a device that is lost over and over is given up with a message', async ({ page }) => {
  await openText(page, SCENE);
  for (let loss = 0; loss < 4; loss++) await loseDevice(page, () => destroyDevice(page));
  await destroyDevice(page);
  await expect(page.getByRole('heading', { name: 'The scene cannot be drawn here' })).toBeVisible();
  await expect(page.locator('usd-notice')).toContainText('lost 5 times');
  await page.getByRole('button', { name: 'Scene panel' }).click();
  await expect(page.getByRole('treeitem', { name: 'Box, Cube' })).toBeVisible();
});

test.describe('without WebGPU', () => {
  let browser: Browser;

  test.beforeAll(async ({ playwright }) => {
    const { executablePath } = test.info().project.use.launchOptions ?? {};
    // Without the switches that allow software WebGPU there is no adapter, in the page or in its workers.
    browser = await playwright.chromium.launch({ args: ['--no-sandbox'], ...(executablePath === undefined ? {} : { executablePath }) });
  });

  test.afterAll(() => browser.close());

  /** @param hasApi false: `navigator.gpu` itself is missing, as in browsers that never heard of it */
  async function openWithout(hasApi: boolean): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, baseURL: test.info().project.use.baseURL ?? '' });
    if (!hasApi) await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
    await openEmptyApp(page);
    return page;
  }

  test('the page says which browsers draw', async () => {
    const page = await openWithout(false);
    await expect(page.getByRole('heading', { name: 'This browser has no WebGPU' })).toBeVisible();
    for (const name of ['Chrome and Edge', 'Safari', 'Firefox'])
      await expect(page.getByRole('term').filter({ hasText: name })).toBeVisible();
    await page.close();
  });

  test('a graphics card that is not offered is told from a browser that is too old', async () => {
    const page = await openWithout(true);
    await expect(page.getByRole('heading', { name: 'The scene cannot be drawn here' })).toBeVisible();
    await expect(page.locator('usd-notice')).toContainText('Hardware acceleration');
    await page.close();
  });

  test('a dropped package shows its prim tree, its properties and its thumbnail', async () => {
    const page = await openWithout(false);
    const { bytes } = usda('', '( defaultPrim = "World" )\ndef Xform "World"\n{\n  def Cube "Box"\n  {\n    double size = 3\n  }\n}');
    const files = [
      { name: 'root.usda', bytes },
      { name: 'thumbnails/root.png', bytes: pngOf([20, 200, 20], '', 32).bytes },
    ];
    await dropFiles(page, [{ path: 'package.usdz', bytes: writePackage(files) }]);
    await page.getByRole('treeitem', { name: 'Box, Cube' }).click();
    await expect(page.getByRole('row', { name: /^size/u })).toContainText('3');
    const thumbnail = page.getByRole('img', { name: 'Thumbnail stored in the package' });
    await expect(thumbnail).toBeVisible();
    expect(await thumbnail.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(32);
    await page.close();
  });

  test('a package without a thumbnail shows its prim tree all the same', async () => {
    const page = await openWithout(true);
    await dropFiles(page, [usda('plain.usda', 'def Cube "Box" {}')]);
    await expect(page.getByRole('treeitem', { name: 'Box, Cube' })).toBeVisible();
    await expect(page.getByRole('img', { name: 'Thumbnail stored in the package' })).toHaveCount(0);
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await page.close();
  });
});
