import { expect, test } from '@playwright/test';
import {
  capturePixels,
  colorCount,
  diskFile,
  dropFiles,
  isReddish,
  meanDifference,
  openEmptyApp,
  openText,
  readState,
  settle,
  shownPixels,
} from '../support/app-page.ts';
import { mainThreadTasks, startTrace } from '../support/trace.ts';

const SAMPLE = 'dist/samples/sample.usdz';

test('a dropped package is drawn', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [diskFile(SAMPLE)]);
  await expect.poll(async () => (await readState(page)).stats?.meshes ?? 0, { timeout: 60_000 }).toBeGreaterThan(10);
  await settle(page);
  const { data } = await capturePixels(page);
  expect(colorCount(data)).toBeGreaterThan(60);
  expect((await readState(page)).problems).toEqual([]);
});

test('the sample opens by itself on a visit without a query', async ({ page }) => {
  await page.goto('./');
  await expect.poll(async () => (await readState(page)).summary?.name ?? '', { timeout: 60_000 }).toContain('sample');
  await settle(page);
  expect((await readState(page)).stats?.triangles).toBeGreaterThan(5000);
});

test('a package named by ?src is fetched and drawn', async ({ page }) => {
  await page.goto('./?src=samples/sample.usdz');
  await expect.poll(async () => (await readState(page)).stats?.meshes ?? 0, { timeout: 60_000 }).toBeGreaterThan(10);
});

test('dragging turns the model', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [diskFile(SAMPLE)]);
  await expect.poll(async () => (await readState(page)).stats?.meshes ?? 0, { timeout: 60_000 }).toBeGreaterThan(10);
  await settle(page);
  const before = await capturePixels(page);
  const box = await page.locator('usd-viewer-app canvas').boundingBox();
  if (box === null) throw new Error('the canvas has no box');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 160, box.y + box.height / 2 + 20, { steps: 6 });
  await page.mouse.up();
  await settle(page);
  const after = await capturePixels(page);
  expect(meanDifference(before.data, after.data)).toBeGreaterThan(2);
});

test('a variant switched in the panel recomposes the stage', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [diskFile(SAMPLE)]);
  await expect.poll(async () => (await readState(page)).stats?.meshes ?? 0, { timeout: 60_000 }).toBeGreaterThan(10);
  await settle(page);
  const before = await capturePixels(page);
  await page.evaluate(() =>
    (document.querySelector('usd-viewer-app') as unknown as { setVariant(p: string, s: string, n: string): Promise<void> }).setVariant(
      '/Theatre',
      'scenery',
      'night',
    ),
  );
  await settle(page);
  const after = await capturePixels(page);
  expect(meanDifference(before.data, after.data)).toBeGreaterThan(0.5);
  expect((await readState(page)).summary?.variantSets.find(({ set }) => set === 'scenery')?.selection).toBe('night');
});

test('scrubbing time moves what is animated', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [diskFile(SAMPLE)]);
  await expect.poll(async () => (await readState(page)).stats?.meshes ?? 0, { timeout: 60_000 }).toBeGreaterThan(10);
  await settle(page);
  const before = await capturePixels(page);
  await page.evaluate(() =>
    (document.querySelector('usd-viewer-app') as unknown as { setTimeCode(t: number): Promise<void> }).setTimeCode(60),
  );
  await settle(page);
  const after = await capturePixels(page);
  expect(meanDifference(before.data, after.data)).toBeGreaterThan(0.3);
});

test('a ball is round on the screen though panels open while the renderer starts', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 480 });
  await openText(page, 'def Sphere "Ball"\n{\n  color3f[] primvars:displayColor = [(0.9, 0.02, 0.02)]\n}');
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toBeVisible();
  await settle(page);
  const { width, data } = await shownPixels(page);
  const columns = new Set<number>();
  const rows = new Set<number>();
  for (let i = 0; i < data.length; i += 4) {
    if (!isReddish(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0)) continue;
    columns.add((i / 4) % width);
    rows.add(Math.floor(i / 4 / width));
  }
  expect(rows.size).toBeGreaterThan(100);
  expect(columns.size / rows.size).toBeGreaterThan(0.93);
  expect(columns.size / rows.size).toBeLessThan(1.07);
});

test('an idle page draws nothing', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [diskFile(SAMPLE)]);
  await expect.poll(async () => (await readState(page)).stats?.meshes ?? 0, { timeout: 60_000 }).toBeGreaterThan(10);
  await settle(page);
  await page.waitForTimeout(1500);
  await settle(page);
  const before = (await readState(page)).stats?.frames ?? 0;
  await page.waitForTimeout(1500);
  await settle(page);
  const after = (await readState(page)).stats?.frames ?? 0;
  expect(after - before).toBeLessThanOrEqual(1);
});

test('a file dropped during a load replaces it', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [diskFile(SAMPLE)]);
  const second = new TextEncoder().encode('#usda 1.0\n(\n    defaultPrim = "Ball"\n)\ndef Sphere "Ball"\n{\n}\n');
  await dropFiles(page, [{ path: 'second.usda', bytes: second }]);
  await expect.poll(async () => (await readState(page)).summary?.name ?? '', { timeout: 60_000 }).toContain('second');
  await settle(page);
  const state = await readState(page);
  expect(state.summary?.primCount).toBe(1);
  expect(state.stats?.meshes).toBe(1);
});

test('the main thread has no task over 50 ms while the sample loads', async ({ page, browser }) => {
  await openEmptyApp(page);
  await page.waitForTimeout(500);
  await startTrace(browser, page);
  await page.evaluate(async () => {
    const bytes = await (await fetch('samples/sample.usdz')).arrayBuffer();
    const app = document.querySelector('usd-viewer-app') as unknown as {
      openFiles(files: object[]): Promise<unknown>;
      settled(): Promise<unknown>;
    };
    await app.openFiles([{ path: 'sample.usdz', file: new File([bytes], 'sample.usdz') }]);
    await app.settled();
  });
  const tasks = mainThreadTasks(await browser.stopTracing());
  expect(tasks.length).toBeGreaterThan(20);
  expect(Math.max(...tasks)).toBeLessThan(50);
});

test('a stage with nothing to draw comes to rest, and says so', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [{ path: 'empty.usda', bytes: new TextEncoder().encode('#usda 1.0\ndef Scope "Nothing"\n{\n}\n') }]);
  await expect.poll(async () => (await readState(page)).problems.map(({ code }) => code)).toContain('nothing-to-draw');
  await settle(page);
  const before = (await readState(page)).stats?.frames ?? 0;
  await page.waitForTimeout(500);
  await settle(page);
  expect(((await readState(page)).stats?.frames ?? 0) - before).toBeLessThanOrEqual(1);
});
