/**
 * Takes the screenshots of `public/screenshots/`, which stores and install dialogs show: the sample scene in the built app. Needs `dist/`.
 * The results are committed; run it when the app looks different.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser, serveDist } from './browser.mjs';

const folder = fileURLToPath(new URL('../public/screenshots/', import.meta.url));
/** Sizes in CSS pixels; the manifest names them times `scale`. */
const SHOTS = [
  { name: 'wide', width: 1280, height: 800, scale: 1 },
  { name: 'narrow', width: 360, height: 640, scale: 2 },
];

mkdirSync(folder, { recursive: true });
const server = await serveDist();
const browser = await launchBrowser();
try {
  for (const { name, width, height, scale } of SHOTS) {
    const page = await browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: 'dark',
      serviceWorkers: 'block',
    });
    await page.goto(server.url);
    await page.locator('usd-viewer-app').waitFor();
    await page.waitForFunction(() => document.querySelector('usd-viewer-app').summary !== undefined);
    await page.evaluate(() => document.querySelector('usd-viewer-app').settled());
    writeFileSync(`${folder}${name}.jpg`, await page.screenshot({ type: 'jpeg', quality: 82, timeout: 120_000 }));
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
