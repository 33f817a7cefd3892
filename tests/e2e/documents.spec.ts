import { expect, test, type Page } from '@playwright/test';
import { dropFiles, opened, openEmptyApp, readState, settle, usda } from '../support/app-page.ts';

/** What the tests need of the app's element beyond `readState`. */
interface AppElement {
  readonly viewState: { readonly time?: number; readonly select?: string; readonly variants?: readonly object[] };
  setVariant(prim: string, set: string, selection: string): Promise<void>;
  setTimeCode(timeCode: number): Promise<void>;
}

// Software draws each pixel; and addresses that a test answers itself must not pass through the service worker.
test.use({ viewport: { width: 640, height: 420 }, serviceWorkers: 'block' });

const VARIANTS = `(
  defaultPrim = "Box"
  startTimeCode = 1
  endTimeCode = 24
)
def Cube "Box" (
  variants = {
    string look = "red"
  }
  prepend variantSets = "look"
) {
  double3 xformOp:translate.timeSamples = { 1: (0, 0, 0), 24: (1, 0, 0) }
  uniform token[] xformOpOrder = ["xformOp:translate"]
  variantSet "look" = {
    "red" {
      color3f[] primvars:displayColor = [(1, 0, 0)]
    }
    "green" {
      color3f[] primvars:displayColor = [(0, 1, 0)]
    }
  }
}`;
const BOX = 'def Cube "Box" {}';
const BALL = 'def Sphere "Ball" {}';

const tabNames = (page: Page): Promise<string[]> => page.getByRole('tablist', { name: 'Open files' }).getByRole('tab').allTextContents();

async function expectTabs(page: Page, ...names: string[]): Promise<void> {
  await expect.poll(async () => (await tabNames(page)).map((name) => name.trim()), { timeout: 20_000 }).toEqual(names);
}

/** Waits until the list of recents has exactly these, newest first, each with its picture where one is meant. */
async function expectRecents(page: Page, names: readonly string[], pictures = names.length): Promise<void> {
  await expect.poll(() => storedRecents(page), { timeout: 20_000 }).toEqual({ names, pictures });
}

async function storedRecents(page: Page): Promise<{ names: string[]; pictures: number }> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('proscenium-recents');
      opening.addEventListener('success', () => resolve(opening.result));
      opening.addEventListener('error', () => reject(opening.error ?? new Error('closed')));
      opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('entries'));
    });
    const all = await new Promise<{ name: string; openedMs: number; thumbnail?: Blob }[]>((resolve) => {
      const asking = database.transaction('entries').objectStore('entries').getAll();
      asking.addEventListener('success', () => resolve(asking.result as { name: string; openedMs: number; thumbnail?: Blob }[]));
    });
    database.close();
    const entries = all.toSorted((a, b) => b.openedMs - a.openedMs);
    const isPicture = (blob: Blob | undefined): boolean => (blob?.size ?? 0) > 100 && /^image\/(?:webp|png)$/u.test(blob?.type ?? '');
    return { names: entries.map(({ name }) => name), pictures: entries.filter(({ thumbnail }) => isPicture(thumbnail)).length };
  });
}

/** Names of the folders that hold copies. */
function copiesOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('recents', { create: true });
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });
}

/** Waits until the session that the next visit begins with speaks of this. */
async function expectSession(page: Page, ...parts: string[]): Promise<void> {
  for (const part of parts)
    await expect.poll(() => page.evaluate(() => localStorage.getItem('proscenium-session') ?? ''), { timeout: 20_000 }).toContain(part);
}

/** Handles as a launch gives them: real ones, of files in the page's private file system, which browsers can store. */
async function launch(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(async (texts) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('disk', { create: true });
    const handles: FileSystemHandle[] = [];
    for (const [name, text] of Object.entries(texts)) {
      const handle = await folder.getFileHandle(name, { create: true });
      const writable = await handle.createWritable();
      await writable.write(text);
      await writable.close();
      handles.push(handle);
    }
    (globalThis as unknown as { launch(params: object): void }).launch({ files: handles, targetURL: location.href });
  }, files);
}

/** Takes the place of the system's launch queue, which only installed apps have. */
async function catchLaunches(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'launchQueue', {
      value: {
        setConsumer: (consumer: unknown) => Object.assign(globalThis, { launch: consumer }),
      },
    });
  });
}

test('Alt opens a dropped file in a tab; tabs keep what is open, and one that is closed gives it up', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [usda('box.usda', BOX)]);
  await opened(page, 'box.usda');
  await expect(page.getByRole('tablist', { name: 'Open files' })).toHaveCount(0);
  await dropFiles(page, [usda('ball.usda', BALL)], { altKey: true });
  await opened(page, 'ball.usda');
  await expectTabs(page, 'box.usda', 'ball.usda');
  const ballTriangles = (await readState(page)).stats?.triangles ?? 0;
  expect(ballTriangles).toBeGreaterThan(100);

  await page.getByRole('tab', { name: 'box.usda' }).click();
  await settle(page);
  expect((await readState(page)).summary?.name).toBe('box.usda');
  expect((await readState(page)).stats?.triangles).toBe(12);
  await page.keyboard.press('End');
  await opened(page, 'ball.usda');
  await page.keyboard.press('Delete');
  await opened(page, 'box.usda');
  await expect(page.getByRole('tablist', { name: 'Open files' })).toHaveCount(0);
});

test('several launched files are tabs, found again by their handles after a reload', async ({ page }) => {
  await catchLaunches(page);
  await openEmptyApp(page);
  await launch(page, { 'one.usda': `#usda 1.0\n${BOX}\n`, 'two.usda': `#usda 1.0\n${BALL}\n` });
  await opened(page, 'one.usda');
  await expectTabs(page, 'one.usda', 'two.usda');
  await page.getByRole('tab', { name: 'two.usda' }).click();
  await opened(page, 'two.usda');
  await expectRecents(page, ['two.usda', 'one.usda']);
  await expectSession(page, 'one.usda', 'two.usda');

  await page.reload();
  await opened(page, 'two.usda');
  await expectTabs(page, 'one.usda', 'two.usda');
  await page.getByRole('tab', { name: 'one.usda' }).click();
  await opened(page, 'one.usda');
});

test('a file of the picker is found again by its handle, without a copy', async ({ page }) => {
  await page.addInitScript((text) => {
    Object.assign(globalThis, {
      showOpenFilePicker: async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('disk', { create: true });
        const handle = await folder.getFileHandle('picked.usda', { create: true });
        const writable = await handle.createWritable();
        await writable.write(text);
        await writable.close();
        return [handle];
      },
    });
  }, `#usda 1.0\n${BOX}\n`);
  await openEmptyApp(page);
  await page.getByRole('button', { name: 'Open…', exact: true }).click();
  await opened(page, 'picked.usda');
  await expectRecents(page, ['picked.usda']);
  expect(await copiesOf(page)).toEqual([]);
  await openEmptyApp(page);
  await page.getByRole('list', { name: 'Recent files' }).getByRole('button', { name: 'picked.usda' }).first().click();
  await opened(page, 'picked.usda');
});

test('a link that the system hands over opens in a tab of its own', async ({ page }) => {
  await catchLaunches(page);
  await openEmptyApp(page);
  await dropFiles(page, [usda('mine.usda', BOX)]);
  await opened(page, 'mine.usda');
  await page.route('**/models/box.usda', (route) => route.fulfill({ body: `#usda 1.0\n${BOX}\n` }));
  await page.evaluate(() => {
    const address = new URL('./models/box.usda', location.href).href;
    const targetURL = `${location.origin}/?src=${encodeURIComponent(`web+usd:${address}`)}`;
    (globalThis as unknown as { launch(params: object): void }).launch({ files: [], targetURL });
  });
  await opened(page, 'box.usda');
  await expectTabs(page, 'mine.usda', 'box.usda');
});

test('a dropped file is copied, listed with its picture, opened again after a reload, and forgotten', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [usda('kept.usda', BOX)]);
  await opened(page, 'kept.usda');
  await expectRecents(page, ['kept.usda']);

  expect(await copiesOf(page)).toHaveLength(1);

  await openEmptyApp(page);
  const entry = page.getByRole('list', { name: 'Recent files' }).getByRole('button', { name: 'kept.usda' }).first();
  await entry.click();
  await opened(page, 'kept.usda');
  expect((await readState(page)).stats?.meshes).toBe(1);

  await page.getByRole('button', { name: 'Open recent…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open recent' });
  await expect(dialog.getByText('of')).toBeVisible();
  await dialog.getByRole('button', { name: 'Forget kept.usda' }).click();
  await expect(dialog.getByText('Files that you open are listed here')).toBeVisible();
  await expectRecents(page, []);
  expect(await copiesOf(page)).toEqual([]);
});

test('a set of files is kept whole', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [usda('set.usda', 'def "A" (references = @part.usda@</Part>) {}'), usda('part.usda', 'def Cube "Part" {}')]);
  await opened(page, 'set.usda');
  await expectRecents(page, ['set.usda']);
  await openEmptyApp(page);
  await page.getByRole('list', { name: 'Recent files' }).getByRole('button', { name: 'set.usda' }).first().click();
  await opened(page, 'set.usda');
  expect((await readState(page)).stats?.meshes).toBe(1);
  expect((await readState(page)).problems).toEqual([]);
});

test('a full storage is told, and the app goes on', async ({ page }) => {
  await page.addInitScript(() => {
    FileSystemFileHandle.prototype.createWritable = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  });
  await openEmptyApp(page);
  await dropFiles(page, [usda('big.usda', BOX)]);
  await opened(page, 'big.usda');
  await expect(page.getByText("The browser's storage is full: big.usda is not kept among the recent files")).toBeVisible({
    timeout: 20_000,
  });
  expect((await readState(page)).stats?.meshes).toBe(1);

  await openEmptyApp(page);
  await page.getByRole('list', { name: 'Recent files' }).getByRole('button', { name: 'big.usda' }).first().click();
  await expect(
    page.getByRole('alert').getByText("big.usda was not kept: the browser's storage is full. Open the file again"),
  ).toBeVisible();
});

test('a browser that stores nothing is told, and the app goes on', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('denied', 'SecurityError'));
  });
  const failures: string[] = [];
  page.on('pageerror', ({ message }) => failures.push(message));
  await page.goto('./');
  await opened(page, 'sample.usdz');
  await dropFiles(page, [usda('a.usda', BOX)]);
  await opened(page, 'a.usda');
  await expect(page.getByText('This browser lets the page store nothing')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Open recent…' }).click();
  await expect(page.getByRole('dialog', { name: 'Open recent' }).getByText('the list lasts until the page is closed')).toBeVisible();
  expect(failures).toEqual([]);
});

test.describe('a handle that has to be asked for', () => {
  /** `granted` or `denied`: what the user answers. Handles that are stored begin with a question in a later visit. */
  async function openAsked(page: Page, answer: 'granted' | 'denied'): Promise<void> {
    await catchLaunches(page);
    await page.addInitScript((said) => {
      const states = new Map<string, string>();
      const prototype = FileSystemHandle.prototype as unknown as Record<string, unknown>;
      prototype['queryPermission'] = function (this: FileSystemHandle) {
        const isFirstVisit = sessionStorage.getItem('visit') === null;
        return Promise.resolve(isFirstVisit ? 'granted' : (states.get(this.name) ?? 'prompt'));
      };
      prototype['requestPermission'] = function (this: FileSystemHandle) {
        if (!navigator.userActivation.isActive) return Promise.reject(new DOMException('no gesture', 'SecurityError'));
        states.set(this.name, said);
        return Promise.resolve(said);
      };
    }, answer);
    await openEmptyApp(page);
    await launch(page, { 'asked.usda': `#usda 1.0\n${BOX}\n` });
    await opened(page, 'asked.usda');
    await expectRecents(page, ['asked.usda']);
    await expectSession(page, 'asked.usda');
    await page.evaluate(() => sessionStorage.setItem('visit', '2'));
    await page.reload();
  }

  test('is restored on a word', async ({ page }) => {
    await openAsked(page, 'granted');
    await expect(page.getByText('asked.usda was open last time')).toBeVisible();
    expect((await readState(page)).summary).toBeUndefined();
    await page.getByRole('button', { name: 'Restore' }).click();
    await opened(page, 'asked.usda');
  });

  test('says so where the user refuses, and the app goes on', async ({ page }) => {
    await openAsked(page, 'denied');
    await page.getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByRole('alert').getByText('The browser was not allowed to read asked.usda')).toBeVisible();
    await dropFiles(page, [usda('other.usda', BALL)]);
    await opened(page, 'other.usda');
  });

  test('says so where the file is gone', async ({ page }) => {
    await openAsked(page, 'granted');
    await page.evaluate(async () => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('disk');
      await folder.removeEntry('asked.usda');
    });
    await page.getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByRole('alert').getByText('asked.usda is no longer where it was')).toBeVisible();
  });
});

test('the next visit begins with what was open: camera, time, variants and selection of each tab', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [usda('first.usda', VARIANTS)]);
  await opened(page, 'first.usda');
  const app = page.locator('usd-viewer-app');
  await app.evaluate(async (element) => {
    const viewer = element as unknown as AppElement;
    await viewer.setVariant('/Box', 'look', 'green');
    await viewer.setTimeCode(12);
  });
  await page.locator('usd-viewport').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('usd-viewport').dblclick();
  await expect.poll(() => app.evaluate((element) => (element as unknown as AppElement).viewState.select)).toBe('/Box');
  await settle(page);
  await dropFiles(page, [usda('second.usda', BALL)], { altKey: true });
  await opened(page, 'second.usda');
  await page.keyboard.press('Control+PageUp');
  await page.getByRole('tab', { name: 'first.usda' }).click();
  await opened(page, 'first.usda');
  const before = await app.evaluate((element) => (element as unknown as AppElement).viewState);
  await expectRecents(page, ['second.usda', 'first.usda']);
  await expectSession(page, 'first.usda', 'second.usda', 'green', 'time=12', 'select=', 'camera-orbit');

  await page.goto('./');
  await opened(page, 'first.usda');
  await expectTabs(page, 'first.usda', 'second.usda');
  const after = await app.evaluate((element) => (element as unknown as AppElement).viewState);
  expect(JSON.stringify(after, rounded)).toBe(JSON.stringify(before, rounded));
  expect((await readState(page)).summary?.variantSets[0]?.selection).toBe('green');
  await page.getByRole('tab', { name: 'second.usda' }).click();
  await opened(page, 'second.usda');

  // An address that asks for something comes first.
  await openEmptyApp(page);
  await expect(page.getByText('Drop a USD scene here')).toBeVisible();
});

test('a link restores what is seen, also of a file that only its owner has', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.route('**/models/box.usda', (route) => route.fulfill({ body: `#usda 1.0\n${BOX}\n` }));
  await page.goto('./?src=models/box.usda');
  await opened(page, 'box.usda');
  await page.locator('usd-viewport').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
  await settle(page);
  const app = page.locator('usd-viewer-app');
  const stateOf = (): Promise<string> =>
    app
      .evaluate((element) => JSON.stringify((element as unknown as AppElement).viewState))
      .then((text) => JSON.stringify(JSON.parse(text), rounded));
  const before = await stateOf();
  expect(before).toContain('azimuthRadians');
  await page.keyboard.press('l');
  await expect(page.getByText('The link was copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('?src=models/box.usda');
  await page.goto(link);
  await opened(page, 'box.usda');
  expect(await stateOf()).toBe(before);

  await dropFiles(page, [usda('own.usda', VARIANTS)]);
  await opened(page, 'own.usda');
  await app.evaluate((element) => (element as unknown as AppElement).setVariant('/Box', 'look', 'green'));
  await page.keyboard.press('l');
  await expect(page.getByText('It works for who opens the same file, own.usda')).toBeVisible();
  const own = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto(own);
  await expect(page.getByText('Drop own.usda here')).toBeVisible();
  await dropFiles(page, [usda('own.usda', VARIANTS)]);
  await opened(page, 'own.usda');
  expect((await readState(page)).summary?.variantSets[0]?.selection).toBe('green');
});

test('a link that cannot be read in part says so and shows the rest', async ({ page }) => {
  await page.route('**/models/box.usda', (route) => route.fulfill({ body: `#usda 1.0\n${BOX}\n` }));
  await page.goto('./?src=models/box.usda&time=soon&select=/Box');
  await opened(page, 'box.usda');
  await expect
    .poll(() => page.locator('usd-viewer-app').evaluate((element) => (element as unknown as AppElement).viewState.select))
    .toBe('/Box');
  expect((await readState(page)).problems).toMatchObject([{ code: 'bad-view-state', severity: 'warning' }]);
});

/** Links write angles to a hundredth of a degree and lengths to six figures. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(3)) : value;
}
