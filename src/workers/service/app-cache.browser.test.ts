import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppCache } from './app-cache.ts';
import { readTenure } from './tenure.ts';

const SCOPE = new URL('app/', location.href).href;
const MINUTE_MS = 60_000;
const isOpen = (id: string): Promise<boolean> => Promise.resolve(id === 'old window');
const isGone = (): Promise<boolean> => Promise.resolve(false);

beforeEach(clear);
afterEach(clear);

async function clear(): Promise<void> {
  for (const name of await caches.keys()) await caches.delete(name);
}

/** A version in charge, with its page and one script kept as an installation leaves them. */
async function version(revision: string, windows: readonly string[] = []): Promise<AppCache> {
  const app = new AppCache(SCOPE, [
    { url: `${SCOPE}index.html`, revision },
    { url: `${SCOPE}assets/${revision}.js`, revision: null },
  ]);
  await app.activate(windows);
  const cache = await caches.open((await readTenure(SCOPE))?.name ?? '');
  await cache.put(`${SCOPE}index.html?__WB_REVISION__=${revision}`, new Response(`page ${revision}`));
  await cache.put(`${SCOPE}assets/${revision}.js`, new Response(`script ${revision}`));
  return app;
}

async function textOf(response: Response | undefined): Promise<string | undefined> {
  return response?.text();
}

async function versionCount(): Promise<number> {
  return (await caches.keys()).filter((name) => name.startsWith('proscenium /')).length;
}

test('the first version is in charge at once, and gives its page and files', async () => {
  const app = await version('one');
  expect(await textOf(await app.page())).toBe('page one');
  expect(await textOf(await app.file(new Request(`${SCOPE}assets/one.js`)))).toBe('script one');
  expect(await readTenure(SCOPE)).toMatchObject({ isProven: true, kept: [] });
});

test('a window of the version before finds its files', async () => {
  await version('one');
  const app = await version('two', ['old window']);
  expect(await textOf(await app.page())).toBe('page two');
  expect(await textOf(await app.file(new Request(`${SCOPE}assets/one.js`)))).toBe('script one');
});

test('the version before goes when its windows are gone, the new one runs, and a minute has passed', async () => {
  await version('one');
  const app = await version('two', ['old window']);
  const later = Date.now() + 2 * MINUTE_MS;
  await app.tidy(isGone, later);
  expect(await versionCount(), 'it has not said that it runs').toBe(2);
  await app.started(`${SCOPE}assets/two.js`);
  await app.tidy(isGone);
  expect(await versionCount(), 'a page may be on its way').toBe(2);
  await app.tidy(isOpen, later);
  expect(await versionCount(), 'a window may need it').toBe(2);
  await app.tidy(isGone, later);
  expect(await versionCount()).toBe(1);
  expect(await textOf(await app.page())).toBe('page two');
});

test('a version that never runs gives way to the last one that did, also over a second one that does not', async () => {
  await version('one');
  await version('two');
  const app = await version('three');
  // A page of the old version tells nothing of the new one.
  await app.started(`${SCOPE}assets/one.js`);
  const pages = [];
  for (let visit = 0; visit < 5; visit++) pages.push(await textOf(await app.page()));
  expect(pages).toEqual(['page three', 'page three', 'page three', 'page one', 'page one']);
});

test('a version that runs is kept in charge', async () => {
  await version('one');
  const app = await version('two');
  await app.page();
  await app.started(`${SCOPE}assets/two.js`);
  for (let visit = 0; visit < 4; visit++) expect(await textOf(await app.page())).toBe('page two');
});

test('copies of the app in other folders of the host are let be', async () => {
  const neighbour = `proscenium ${new URL(SCOPE).pathname}beta/ 123`;
  await caches.open(neighbour);
  await version('one');
  const app = await version('two');
  await app.started(`${SCOPE}assets/two.js`);
  await app.tidy(isGone, Date.now() + 2 * MINUTE_MS);
  expect(await caches.has(neighbour)).toBe(true);
});

test('parts for later are not installed, come when the page rests, and only whole', async () => {
  const part = (name: string): { url: string; revision: null } => ({
    url: new URL(`/src/share/protocol/${name}.ts?assets/later-x`, location.href).href,
    revision: null,
  });
  const whole = part('version');
  const damaged = { ...part('service'), integrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' };
  const app = new AppCache(SCOPE, [whole, damaged]);
  await app.activate([]);
  const cache = await caches.open((await readTenure(SCOPE))?.name ?? '');
  expect(await cache.keys()).toEqual([]);
  await app.keepLater();
  expect(
    (await cache.keys()).map(({ url }) => url),
    'the other one is not what its digest says',
  ).toEqual([whole.url]);
  expect(await textOf(await app.file(new Request(whole.url)))).toContain('PROTOCOL_VERSION');
});
