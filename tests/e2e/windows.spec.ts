/** Further windows of a document: real popups, whose pictures are those of the opener's render worker. */
import { expect as expectSoon, test, type Page } from '@playwright/test';
import { dropFiles, isReddish, openText, opened, shareOf, shownPixels, usda } from '../support/app-page.ts';
import { violations } from '../support/axe.ts';
import { HostedApp } from '../support/hosted-app.ts';

// Small pictures: software rendering takes its time, for every window.
test.use({ viewport: { width: 480, height: 320 } });
test.setTimeout(120_000);
const expect = expectSoon.configure({ timeout: 30_000 });

const box = (color: string): string => `def Cube "Box"
{
  color3f[] primvars:displayColor = [${color}]
}
def Camera "Front"
{
  double3 xformOp:translate = (0, 0, 12)
  uniform token[] xformOpOrder = ["xformOp:translate"]
}`;
const RED = box('(1, 0, 0)');

interface AppElement extends HTMLElement {
  readonly viewState: { readonly cameraOrbit?: { readonly azimuthRadians: number } };
  setCameraPose(pose: object): void;
  loseDevice(): void;
}

async function popup(page: Page, keys: string): Promise<Page> {
  const coming = page.waitForEvent('popup', { timeout: 30_000 });
  await page.keyboard.press(keys);
  return coming;
}

const isGreenish = (r: number, g: number, b: number): boolean => g > 90 && r < 0.6 * g && b < 0.6 * g;

async function shows(page: Page, isColor = isReddish): Promise<void> {
  await expect.poll(async () => shareOf((await shownPixels(page)).data, isColor), { timeout: 40_000 }).toBeGreaterThan(0.02);
}

async function showsNot(page: Page): Promise<void> {
  await expect.poll(async () => shareOf((await shownPixels(page)).data, isReddish), { timeout: 40_000 }).toBeLessThan(0.001);
}

const azimuthOf = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as AppElement).viewState.cameraOrbit?.azimuthRadians);

async function drag(page: Page): Promise<void> {
  await page.mouse.move(120, 160);
  await page.mouse.down();
  await page.mouse.move(220, 165, { steps: 5 });
  await page.mouse.up();
}

for (const hasHeaders of [false, true]) {
  test.describe(hasHeaders ? 'isolated by headers' : 'without headers', () => {
    let host: HostedApp;

    test.beforeEach(async ({ page }) => {
      host = await HostedApp.start({ hasHeaders });
      await page.goto(`${host.url}?empty`);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(hasHeaders);
      await page.locator('usd-viewer-app').waitFor();
      await dropFiles(page, [usda('scene.usda', RED)]);
      await opened(page, 'scene.usda');
    });

    test.afterEach(() => host.stop());

    test('the picture goes to a window of its own, moves both, and comes back', async ({ page }) => {
      const window = await popup(page, 'w');
      await shows(window);
      await expect(page.getByRole('heading', { name: 'The picture is in a window of its own' })).toBeVisible();
      expect(await window.title()).toBe('scene.usda · Proscenium');
      expect(await violations(window)).toEqual([]);
      const before = await azimuthOf(page);
      await drag(window);
      await expect.poll(() => azimuthOf(page)).not.toBe(before);
      await shows(window);
      await page.getByRole('button', { name: 'Bring it back' }).click();
      await expect.poll(() => window.isClosed()).toBe(true);
      await expect(page.getByRole('heading', { name: 'The picture is in a window of its own' })).toBeHidden();
      await shows(page);
    });

    test('a second camera looks on its own, and through cameras of the stage', async ({ page }) => {
      const window = await popup(page, 'Shift+W');
      await shows(window);
      const before = await azimuthOf(page);
      await drag(window);
      await window.getByRole('combobox', { name: 'Camera' }).selectOption('/Front');
      await shows(window);
      expect(await azimuthOf(page)).toBe(before);
      await window.close();
      await shows(page);
    });

    test('a presentation follows the camera', async ({ page }) => {
      const window = await popup(page, 'Shift+V');
      await shows(window);
      const look = (target: readonly number[]): Promise<void> =>
        page.evaluate((at) => {
          const app = document.querySelector('usd-viewer-app') as unknown as AppElement;
          app.setCameraPose({ eye: [0, 0, 10], target: at, up: [0, 1, 0], fovYRadians: 0.6, near: 0.1 });
        }, target);
      await look([0, 0, 20]);
      await showsNot(window);
      await look([0, 0, 0]);
      await shows(window);
    });
  });
}

test('a window that is reloaded shows the picture again', async ({ page }) => {
  await openText(page, RED);
  const window = await popup(page, 'Shift+W');
  await shows(window);
  await window.reload();
  await shows(window);
});

test('another file, a lost device and time show in every window', async ({ page }) => {
  await openText(page, RED);
  const window = await popup(page, 'Shift+W');
  await shows(window);
  await dropFiles(page, [usda('green.usda', box('(0, 1, 0)'))]);
  await opened(page, 'green.usda');
  await shows(window, isGreenish);
  expect(await window.title()).toContain('green.usda');
  await page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as AppElement).loseDevice());
  await dropFiles(page, [usda('red.usda', RED)]);
  await opened(page, 'red.usda');
  await shows(window);
  await shows(page);
});

test('keys of time work in every window', async ({ page }) => {
  const moving = `def Xform "Mover"
{
  double3 xformOp:translate.timeSamples = { 1: (0, 0, 0), 24: (200, 0, 0) }
  uniform token[] xformOpOrder = ["xformOp:translate"]
  def Cube "Box"
  {
    color3f[] primvars:displayColor = [(1, 0, 0)]
  }
}`;
  await openText(page, `(\n  startTimeCode = 1\n  endTimeCode = 24\n)\n${moving}`);
  for (const keys of ['Shift+W', 'w']) {
    const window = await popup(page, keys);
    await shows(window);
    await window.keyboard.press('End');
    await showsNot(window);
    await window.keyboard.press('Home');
    await shows(window);
  }
});

test('windows end with their opener, and say so', async ({ page }) => {
  await openText(page, RED);
  const window = await popup(page, 'Shift+V');
  await shows(window);
  await page.reload();
  await expect(window.getByText('The window that this one belongs to was closed or reloaded')).toBeVisible();
});

test('a closed document closes its windows', async ({ page }) => {
  await openText(page, RED);
  const windows = [await popup(page, 'Shift+W'), await popup(page, 'w')];
  for (const window of windows) await shows(window);
  await page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as { dispose(): void }).dispose());
  for (const window of windows) await expect.poll(() => window.isClosed()).toBe(true);
});

test('a window without an opener says so', async ({ page }) => {
  await page.goto('./?window=camera');
  await expect(page.getByText('This window shows nothing by itself')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('a browser that opens no window is met with a message', async ({ page }) => {
  await page.addInitScript(() => {
    window.open = () => null;
  });
  await openText(page, RED);
  await page.keyboard.press('w');
  await expect(page.getByText('The browser kept the window from opening')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Bring it back' })).toBeHidden();
});
