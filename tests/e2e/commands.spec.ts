/** Command palette, settings and pictures, used as a person uses them: by keys, roles and names. */
import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { decode } from 'fast-png';
import {
  capturePixels,
  dropFiles,
  isReddish,
  openEmptyApp,
  opened,
  openText,
  readState,
  settle,
  shareOf,
  usda,
} from '../support/app-page.ts';

test.use({ viewport: { width: 720, height: 480 } });

const CAR = `(
  defaultPrim = "Car"
)
def Xform "Car" (
  variants = { string color = "red" }
  prepend variantSets = "color"
)
{
  variantSet "color" = {
    "red" {
    }
    "green" {
    }
  }
  def Sphere "Wheel"
  {
    double3 xformOp:translate = (5, 0, 0)
    uniform token[] xformOpOrder = ["xformOp:translate"]
  }
  def Cube "Body"
  {
    double size = 4
  }
}`;

/** Opens the palette. A key that comes while its part is being fetched or the last dialog is on its way out may be lost. */
async function openPalette(page: Page): Promise<Locator> {
  const field = page.getByRole('combobox', { name: 'Command, setting, file or prim' });
  await expect(async () => {
    if (!(await field.isVisible())) await page.keyboard.press('Control+k');
    await expect(field).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  return field;
}

async function run(page: Page, text: string): Promise<void> {
  const field = await openPalette(page);
  await field.fill(text);
  await expect(page.getByRole('option').first()).toBeVisible();
  await field.press('Enter');
  // Keys rest until the page knows that the dialog is closed.
  await expect(page.locator('usd-command-palette')).toHaveCount(0);
}

const viewState = (page: Page): Promise<Record<string, unknown>> =>
  page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as { viewState: Record<string, unknown> }).viewState);
const toneMap = (page: Page): Promise<string> =>
  page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as { settings: { toneMap: string } }).settings.toneMap);

test('the palette finds prims, frames, changes variants and opens what was open before', async ({ page }) => {
  await openText(page, CAR, 'car.usda');
  await run(page, 'color green');
  await expect.poll(async () => (await readState(page)).summary?.variantSets[0]?.selection).toBe('green');

  await (await openPalette(page)).fill('wheel');
  const prim = page.getByRole('option', { name: 'Wheel Sphere /Car/Wheel' });
  await expect(prim).toBeVisible();
  await prim.click();
  await expect.poll(async () => (await viewState(page))['select']).toBe('/Car/Wheel');
  // Framed: the view is no longer the one of opening.
  await expect.poll(async () => Object.keys(await viewState(page))).toContain('cameraOrbit');
  await run(page, 'reset view');
  await expect.poll(async () => Object.keys(await viewState(page))).not.toContain('cameraOrbit');

  await dropFiles(page, [usda('other.usda', 'def Cube "Other" {\n}')]);
  await opened(page, 'other.usda');
  await expect(async () => {
    await (await openPalette(page)).fill('open car');
    await expect(page.getByRole('option', { name: 'Open car.usda' })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await page.keyboard.press('Enter');
  await opened(page, 'car.usda');
});

test('settings count at once and in the next visit, and are reset', async ({ page }) => {
  await openText(page, CAR, 'car.usda');
  const before = (await readState(page)).stats?.triangles ?? 0;
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByLabel('Theme', { exact: true }).selectOption('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await dialog.getByLabel('Sizes in', { exact: true }).selectOption('Millimetres');
  await expect(page.getByText('80 × 40 × 40 mm')).toBeVisible();
  await dialog.getByLabel('Tone mapping', { exact: true }).selectOption('ACES');
  await dialog.getByLabel('Complexity', { exact: true }).selectOption('Very high');
  await expect.poll(async () => (await readState(page)).stats?.triangles ?? 0, { timeout: 20_000 }).toBeGreaterThan(before);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.reload();
  await page.locator('usd-viewer-app').waitFor();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => toneMap(page)).toBe('aces');
  await run(page, 'reset all settings');
  await expect.poll(() => toneMap(page)).toBe('neutral');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('an environment image is kept for the next visit', async ({ page }) => {
  await openText(page, CAR, 'car.usda');
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  const pixels = Array.from({ length: 16 * 8 }, () => [128, 4, 4, 129]).flat();
  const header = Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 8 +X 16\n');
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'red.hdr',
    mimeType: 'image/vnd.radiance',
    buffer: Buffer.concat([header, Buffer.from(pixels)]),
  });
  await expect(dialog.getByText('red.hdr')).toBeVisible();
  await expect(dialog.getByLabel('Lighting', { exact: true })).toHaveValue('Image');
  await page.keyboard.press('Escape');
  await dropFiles(page, [usda('again.usda', CAR)]);
  await opened(page, 'again.usda');
  const redness = async (): Promise<number> => shareOf((await capturePixels(page, 60, 40)).data, isReddish);
  await expect.poll(redness, { timeout: 20_000 }).toBeGreaterThan(0.1);

  await openText(page, CAR, 'car.usda');
  await expect.poll(redness, { timeout: 20_000 }).toBeGreaterThan(0.1);
  await page.keyboard.press('g');
  await dialog.getByRole('button', { name: 'Remove the environment image' }).click();
  await expect(dialog.getByLabel('Lighting', { exact: true })).toHaveValue('Studio');
  await expect.poll(redness, { timeout: 20_000 }).toBeLessThan(0.01);
});

test('a picture is copied where the browser lets the page, and offered to be saved where not', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openText(page, CAR, 'car.usda');
  await page.keyboard.press('Shift+P');
  await expect(page.getByText('The picture was copied')).toBeVisible({ timeout: 20_000 });
  const size = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const bitmap = await createImageBitmap(await item!.getType('image/png'));
    return bitmap.width * bitmap.height;
  });
  expect(size).toBeGreaterThan(100_000);

  await page.evaluate(() => {
    navigator.clipboard.write = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
  });
  await page.keyboard.press('Shift+P');
  await expect(page.getByText('The browser does not let the page copy pictures')).toBeVisible({ timeout: 20_000 });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save it' }).click();
  expect((await download).suggestedFilename()).toBe('car.png');
});

test('a picture is saved at the size and of the kind that were chosen', async ({ page }) => {
  await openText(page, CAR, 'car.usda');
  const dialog = page.getByRole('dialog', { name: 'Picture' });
  await page.keyboard.press('Shift+S');
  await dialog.getByLabel('Width in pixels').fill('200');
  await dialog.getByLabel('Height in pixels').fill('9000');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await dialog.getByLabel('Height in pixels').fill('100');
  await dialog.getByLabel('Transparent').check();
  const saved = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('car.png');
  const { width, height, channels, data } = decode(readFileSync(await file.path()));
  expect([width, height, channels, data[3]]).toEqual([200, 100, 4, 0]);

  await page.keyboard.press('Shift+S');
  await dialog.getByLabel('Kind').selectOption('JPEG');
  await expect(dialog.getByLabel('Transparent')).toBeDisabled();
  const second = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  expect((await second).suggestedFilename()).toBe('car.jpg');
});

test('stored data is deleted on request, and keys rest while a dialog is open', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [usda('car.usda', CAR)]);
  await opened(page, 'car.usda');
  await settle(page);
  const recents = (): Promise<number> =>
    page.evaluate(async () => {
      const databases = await indexedDB.databases();
      if (!databases.some(({ name }) => name === 'proscenium-recents')) return 0;
      return new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('proscenium-recents');
        request.addEventListener('error', () => reject(request.error ?? new Error('no database')));
        request.addEventListener('success', () => {
          const count = request.result.transaction('entries').objectStore('entries').count();
          count.addEventListener('success', () => resolve(count.result));
        });
      });
    });
  await expect.poll(recents, { timeout: 20_000 }).toBe(1);
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByLabel('Tone mapping', { exact: true }).selectOption('AgX');
  // Outside of dialogs it would save a picture.
  const downloads: string[] = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  await page.keyboard.press('p');
  // Before the first control lies the page itself.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('p');
  await dialog.getByRole('button', { name: 'Clear all stored data…' }).click();
  await dialog.getByRole('button', { name: 'Delete it all' }).click();
  await expect.poll(recents).toBe(0);
  await expect.poll(() => toneMap(page)).toBe('neutral');
  expect(downloads).toEqual([]);
});

test('a dialog that the palette opens stays, also when its part is there already', async ({ page }) => {
  await openText(page, CAR, 'car.usda');
  const keys = page.getByRole('dialog', { name: 'Keys and gestures' });
  for (let time = 0; time < 3; time++) {
    await run(page, 'keys and gestures');
    await expect(keys).toBeVisible();
    // The palette's own closing is told in a task that may come after.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    await expect(keys).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('usd-shortcuts')).toHaveCount(0);
  }
});
