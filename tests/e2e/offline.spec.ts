import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect as expectSoon, test, type BrowserContext, type Page } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';
import { dropFiles, opened, readState } from '../support/app-page.ts';
import { HostedApp } from '../support/hosted-app.ts';
import { deployNextVersion } from '../support/next-version.ts';

// A small picture: software rendering takes its time.
test.use({ serviceWorkers: 'allow', viewport: { width: 400, height: 300 } });
test.setTimeout(180_000);

// A worker takes over when the one before it rests.
const expect = expectSoon.configure({ timeout: 30_000 });

const CUBE = '#usda 1.0\ndef Cube "Cube" {}\n';
let host: HostedApp;

test.beforeEach(async () => {
  host = await HostedApp.start();
});

test.afterEach(async () => {
  await host.stop();
});

test('the browser finds nothing that keeps the page from being installed', async ({ page }) => {
  await page.goto(`${host.url}?empty`);
  const session = await page.context().newCDPSession(page);
  const { manifest, errors } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(manifest).toMatchObject({
    id: `${host.url}proscenium`,
    startUrl: host.url,
    scope: host.url,
    display: expect.stringMatching(/standalone/iu),
  });
  expect(
    (await session.send('Page.getInstallabilityErrors')).installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
  ).toEqual([]);
  await session.detach();
});

test('icons and screenshots are what the manifest says of them', async ({ page }) => {
  await page.goto(`${host.url}?empty`);
  const pictures = await page.evaluate(async () => {
    interface Picture {
      src: string;
      sizes: string;
      type: string;
      purpose?: string;
    }
    const manifest = (await (await fetch('manifest.webmanifest')).json()) as { icons: Picture[]; screenshots: Picture[] };
    const measured = [];
    for (const { src, sizes, type, purpose = 'any' } of [...manifest.icons, ...manifest.screenshots]) {
      if (sizes === 'any') continue;
      const response = await fetch(src);
      const bitmap = await createImageBitmap(await response.blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const isOpaque = data.every((value, index) => index % 4 !== 3 || value === 255);
      measured.push({
        src,
        sizes,
        purpose,
        size: `${bitmap.width}x${bitmap.height}`,
        isOfType: response.headers.get('content-type') === type,
        isOpaque,
      });
    }
    return measured;
  });
  expect(pictures.map(({ purpose }) => purpose)).toEqual(expect.arrayContaining(['any', 'maskable', 'monochrome']));
  for (const { src, sizes, size, isOfType, purpose, isOpaque } of pictures) {
    expect([src, size, isOfType]).toEqual([src, sizes, true]);
    if (purpose === 'maskable') expect(isOpaque, `${src} reaches its edges`).toBe(true);
    if (purpose === 'monochrome') expect(isOpaque, `${src} has a shape`).toBe(false);
  }
});

test('after a first visit everything works without a network', async ({ page, context }) => {
  await page.goto(host.url);
  await opened(page, 'sample.usdz');
  await controlled(page);
  await host.stop();
  await context.setOffline(true);

  await page.reload();
  await opened(page, 'sample.usdz');
  expect(await readState(page)).toMatchObject({ problems: [], stats: { meshes: 20 } });

  // The picker that gives handles cannot be answered by a script.
  await page.evaluate(() => Reflect.deleteProperty(globalThis, 'showOpenFilePicker'));
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open…' }).first().click();
  await (await choosing).setFiles({ name: 'chosen.usda', mimeType: 'model/vnd.usda', buffer: Buffer.from(CUBE) });
  await opened(page, 'chosen.usda');

  // A part of the page that is fetched when it is wanted.
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();

  await share(page, { name: 'shared cube.usda', mimeType: 'model/vnd.usda', buffer: Buffer.from(CUBE) });
  await opened(page, 'shared cube.usda');
  expect(await page.evaluate(async () => (await (await caches.open('proscenium-shared')).keys()).length)).toBe(0);
});

test('shared files that find no room are told of', async ({ page, context }) => {
  await page.goto(`${host.url}?empty`);
  await controlled(page);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 100_000 });
  await share(page, { name: 'large.usda', mimeType: 'model/vnd.usda', buffer: Buffer.alloc(2_000_000, ' ') });
  await expect(page.getByText('too large for this browser to keep')).toBeVisible();
  await share(page);
  await expect(page.getByText('not here any more')).toBeVisible();
});

test('the installed app opens files of the system as tabs of one window, without a network', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'proscenium-'));
  const files = ['one.usda', 'two.usda'].map((name) => join(folder, name));
  for (const file of files) writeFileSync(file, CUBE);
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    args: [...CHROMIUM_ARGS],
    viewport: { width: 480, height: 360 },
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  try {
    const [page] = context.pages();
    if (page === undefined) throw new Error('the browser has no page');
    await page.goto(`${host.url}?empty`);
    await controlled(page);
    // The browser offers it by itself.
    await expect(page.getByRole('button', { name: 'Install as an app' })).toBeVisible();

    const browser = await context.browser()?.newBrowserCDPSession();
    if (browser === undefined) throw new Error('the browser takes no commands');
    const manifestId = `${host.url}proscenium`;
    await browser.send('PWA.install', { manifestId, installUrlOrBundleUrl: host.url });
    const { fileHandlers } = await browser.send('PWA.getOsAppState', { manifestId });
    expect(fileHandlers.flatMap(({ accepts }) => accepts.flatMap(({ fileExtensions }) => fileExtensions)).toSorted()).toEqual([
      '.usd',
      '.usda',
      '.usdc',
      '.usdz',
    ]);

    await page.goto('about:blank');
    await host.stop();
    await browser.send('PWA.launchFilesInApp', { manifestId, files });
    const app = await appPage(context);
    await opened(app, 'one.usda');
    await expect(app.getByRole('tab', { name: 'two.usda' })).toBeVisible();

    // Into the window that is there.
    const third = join(folder, 'three.usda');
    writeFileSync(third, CUBE);
    await browser.send('PWA.launchFilesInApp', { manifestId, files: [third] });
    await opened(app, 'three.usda');
    await expect(app.getByRole('tab', { name: /^(?:one|two|three)\.usda/u })).toHaveCount(3);
    await browser.send('PWA.uninstall', { manifestId });
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the page is isolated from its second visit on, without a reload, and its neighbours are not', async ({ page }) => {
  host.changed.set('/embed.html', '<!doctype html><title>Neighbour</title>');
  let loads = 0;
  page.on('domcontentloaded', () => {
    if (page.url().startsWith(host.url)) loads++;
  });
  const isIsolated = (): Promise<boolean> => page.evaluate(() => crossOriginIsolated);

  await page.goto(`${host.url}?empty`);
  await controlled(page);
  expect(await isIsolated()).toBe(false);
  const second = await page.goto(`${host.url}index.html?empty&time=3`);
  expect(second?.fromServiceWorker()).toBe(true);
  expect(await isIsolated()).toBe(true);
  // The workers of an isolated page are there: one of them answers.
  await share(page, { name: 'cube.usda', mimeType: '', buffer: Buffer.from(CUBE) });
  await opened(page, 'cube.usda');
  expect(await isIsolated()).toBe(true);
  await page.goto(`${host.url}?empty&coi=0`);
  expect(await isIsolated()).toBe(false);
  const neighbour = await page.goto(`${host.url}embed.html`);
  expect(neighbour?.fromServiceWorker()).toBe(false);
  expect(await neighbour?.headerValue('cross-origin-embedder-policy')).toBeNull();
  // As many as were asked for, the share's page among them.
  expect(loads).toBe(5);
});

test('on a host that sends the headers the page is isolated at once, and its workers start', async ({ page }) => {
  const strict = await HostedApp.start({ hasHeaders: true });
  try {
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(`${strict.url}?empty`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.locator('usd-viewer-app').waitFor();
    await dropFiles(page, [{ path: 'cube.usda', bytes: Buffer.from(CUBE) }]);
    await opened(page, 'cube.usda');
    await controlled(page);
    await page.goto(`${strict.url}?empty&coi=0`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(errors).toEqual([]);
  } finally {
    await strict.stop();
  }
});

test('where the title bar is ours, the strip of documents is that bar, which the window is moved by', async ({ page }) => {
  // No command of the browser's protocol gives a page such a window.
  await page.addInitScript(() => {
    const asked = globalThis.matchMedia.bind(globalThis);
    globalThis.matchMedia = (query) => asked(query === '(display-mode: window-controls-overlay)' ? 'all' : query);
  });
  await page.goto(`${host.url}?empty`);
  const strip = page.locator('usd-document-tabs');
  await expect(strip).toBeVisible();
  const regionOf = (element: Element): string => getComputedStyle(element).getPropertyValue('app-region');
  expect(await strip.evaluate(regionOf)).toBe('drag');
  for (const control of [strip.locator('.tab'), strip.locator('.new')]) expect(await control.evaluate(regionOf)).toBe('no-drag');
});

test('a new version waits for the word of the user, and leaves other windows alone', async ({ page, context }) => {
  const other = await context.newPage();
  for (const window of [page, other]) {
    await window.goto(`${host.url}?empty`);
    await controlled(window);
  }
  deployNextVersion(host, 'globalThis.isNextVersion = true;');
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  for (const window of [page, other]) await expect(window.getByText('A new version is ready')).toBeVisible();
  expect(await isNextVersion(page)).toBe(false);

  // A reload alone does not apply it.
  await page.reload();
  expect(await isNextVersion(page)).toBe(false);
  await expect(page.getByText('A new version is ready')).toBeVisible({ timeout: 20_000 });

  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => isNextVersion(page).catch(() => false)).toBe(true);
  await expect(other.getByText('Another window was updated')).toBeVisible();
  expect(await isNextVersion(other)).toBe(false);
  // A part of the old version that it did not fetch so far, and that the host does not have any more.
  await other.getByRole('button', { name: 'Later' }).click();
  await other.keyboard.press('?');
  await expect(other.getByRole('dialog')).toBeVisible();
  await other.reload();
  await expect.poll(() => isNextVersion(other)).toBe(true);
});

test('an update that is not whole leaves the version before it in charge', async ({ page, context }) => {
  await page.goto(`${host.url}?empty`);
  await controlled(page);
  const { entry } = deployNextVersion(host, 'globalThis.isNextVersion = true;');
  const whole = host.changed.get(`/${entry}`);
  const damages = [undefined, '<!doctype html><title>Start page of a host</title>', `${String(whole)}//`];
  for (const damage of damages) {
    host.changed.set(`/${entry}`, damage);
    expect(await updateOutcome(page)).toBe('redundant');
  }
  expect(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('proscenium / ')).length)).toBe(1);
  await host.stop();
  await context.setOffline(true);
  await page.reload();
  await page.locator('usd-viewer-app').waitFor();
  expect(await isNextVersion(page)).toBe(false);

  await host.restart();
  await context.setOffline(false);
  host.changed.set(`/${entry}`, whole);
  expect(await updateOutcome(page)).toBe('installed');
});

test('a version whose page does not start gives way to the one before it', async ({ page }) => {
  await page.goto(`${host.url}?empty`);
  await controlled(page);
  deployNextVersion(host, 'throw new Error("broken");');
  expect(await updateOutcome(page)).toBe('installed');
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.locator('usd-viewer-app')).toHaveCount(0);
  for (let visit = 0; visit < 3; visit++) await page.reload();
  await page.locator('usd-viewer-app').waitFor();
  await expect(page.getByText('The newest version does not start here')).toBeVisible();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByText('The newest version does not start here')).toBeHidden();
});

test('a part of the page that is gone is told of, with a way out', async ({ page }) => {
  await page.goto(`${host.url}?empty&sw=0`);
  await page.locator('usd-viewer-app').waitFor();
  for (const path of host.list('assets')) if (path.includes('usd-shortcuts')) host.changed.set(`/${path}`, undefined);
  await page.keyboard.press('?');
  await expect(page.getByText('A part of Proscenium could not be fetched')).toBeVisible();
  host.changed.clear();
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.locator('usd-viewer-app').waitFor();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('?sw=0 and frames keep nothing, and the parameter forgets what was kept', async ({ page }) => {
  await page.goto(`${host.url}?empty`);
  await controlled(page);
  await page.goto(`${host.url}?empty&sw=0`);
  const kept = (): Promise<number> =>
    page.evaluate(
      async () =>
        (await navigator.serviceWorker.getRegistrations()).length +
        (await caches.keys()).filter((name) => name.startsWith('proscenium / ')).length,
    );
  await expect.poll(kept).toBe(0);

  host.changed.set('/frames.html', `<iframe src="./?empty"></iframe><iframe sandbox="allow-scripts" src="./?empty"></iframe>`);
  const asked = host.requests.length;
  await page.goto(`${host.url}frames.html`);
  const offlineParts = (): number => host.requests.slice(asked).filter((path) => path.startsWith('/assets/offline-')).length;
  await expect.poll(offlineParts).toBeGreaterThan(0);
  await page.frameLocator('iframe').first().locator('usd-viewer-app').waitFor();
  expect(host.requests.slice(asked)).not.toContain('/service-worker.js');
});

/** Waits until the service worker answers for the page. */
async function controlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 60_000 });
}

/** Posts a form as the system does for a share. */
async function share(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  await page.goto('about:blank');
  await page.setContent(`<form method="post" enctype="multipart/form-data" action="${host.url}share-target">
    <input type="file" name="files" multiple /><button>Share</button></form>`);
  await page.locator('input').setInputFiles(files);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.locator('usd-viewer-app').waitFor();
}

/** The page that the browser opened for the app. */
async function appPage(context: BrowserContext): Promise<Page> {
  const find = (): Page | undefined => context.pages().find((page) => page.url().startsWith(host.url));
  await expect.poll(() => find() !== undefined, { timeout: 30_000 }).toBe(true);
  const page = find() as Page;
  // It has its address before it has its document.
  await page.waitForFunction(() => document.querySelector('usd-viewer-app') !== null);
  return page;
}

async function isNextVersion(page: Page): Promise<boolean> {
  return page.evaluate(() => 'isNextVersion' in globalThis);
}

/** Looks for an update; the state that its worker comes to. */
async function updateOutcome(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const found = new Promise<ServiceWorker>((resolve) => {
      registration?.addEventListener('updatefound', () => resolve(registration.installing as ServiceWorker), { once: true });
    });
    await registration?.update();
    const worker = await found;
    return new Promise<string>((resolve) => {
      const look = (): void => {
        if (worker.state === 'installed' || worker.state === 'redundant') resolve(worker.state);
      };
      worker.addEventListener('statechange', look);
      look();
    });
  });
}
