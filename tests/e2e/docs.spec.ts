/** The documentation site and the projects in `examples/`, as `npm run docs` and `npm run examples` built them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { isReddish } from '../support/app-page.ts';
import { violations } from '../support/axe.ts';
import { collectErrors, expectSeen } from '../support/embed-pages.ts';
import { serveSite, type StaticServer } from '../support/static-server.ts';

const SITE = 'dist-docs';
/** Pages of each kind: the front, one with a live model, one made from the manifest, one from a table. */
const KINDS = ['index.html', 'embed/index.html', 'embed/reference/attributes.html', 'share/transports.html', 'errors.html'];
/** Project → where its page is built. */
const EXAMPLES = { vitepress: '.vitepress/dist', mkdocs: 'site', sphinx: '_build' } as const;

const isBluish = (r: number, g: number, b: number): boolean => b > 90 && b > 1.5 * r && b > 1.2 * g;

let server: StaticServer | undefined;
test.use({ viewport: { width: 480, height: 420 } });
test.afterEach(async () => server?.close());

async function serve(folder: string): Promise<string> {
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`${folder}/ is not built: run "npm run docs" first`);
  server = await serveSite({ folders: { '/': folder }, files: { '/favicon.ico': '' } });
  return server.origin;
}

/** Addresses of other hosts that a page asks for. */
function collectForeign(page: Page, origin: string): string[] {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(?:blob|data):/u.test(url)) foreign.push(url);
  });
  return foreign;
}

test('every link of the site leads to a page and a place that exist', () => {
  const files = readdirSync(SITE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(SITE.length + 1));
  // These pages belong to the app's build, and are filled by script.
  const pages = files.filter((path) => path.endsWith('.html') && !['embed.html', 'builder.html', '404.html'].includes(path));
  expect(pages.length).toBeGreaterThan(40);
  const texts = new Map(pages.map((path) => [path, readFileSync(join(SITE, path), 'utf8')]));
  const known = new Set(files);
  const dead: string[] = [];
  let linkCount = 0;
  for (const [path, text] of texts) {
    for (const [, address = ''] of text.matchAll(/\s(?:href|src|poster|environment-image|skybox-image)="([^"]*)"/gu)) {
      const url = new URL(address.replaceAll('&amp;', '&'), `http://site/${path}`);
      if (url.host !== 'site' || url.protocol === 'data:') continue;
      linkCount++;
      const target = decodeURIComponent(url.pathname).slice(1);
      const file = target === '' || target.endsWith('/') ? posix.join(target, 'index.html') : target;
      const place = decodeURIComponent(url.hash.slice(1));
      const hasPlace = place === '' || texts.get(file)?.includes(`id="${place}"`) !== false;
      if (!known.has(file) || !hasPlace) dead.push(`${path}: ${address}`);
    }
  }
  expect(linkCount).toBeGreaterThan(1000);
  expect([...new Set(dead)]).toEqual([]);
});

test('a page of the site shows its model and asks no other host', async ({ page }) => {
  const origin = await serve(SITE);
  const errors = collectErrors(page);
  const foreign = collectForeign(page, origin);
  await page.goto(`${origin}/embed/index.html`);
  const view = page.locator('usd-view').first();
  await view.scrollIntoViewIfNeeded();
  await expectSeen(view, isReddish, 60_000, 0.05);
  // The next page comes by script, and its models with it.
  await page.evaluate(() => document.querySelector<HTMLAnchorElement>('.vp-doc a[href$="variants.html"]')?.click());
  await expect(page.getByRole('heading', { level: 1, name: 'Variants' })).toBeVisible();
  const lamp = page.locator('usd-view').first();
  await lamp.scrollIntoViewIfNeeded();
  await expectSeen(lamp, isBluish, 60_000, 0.01);
  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`pages of each kind are clean for axe, ${colorScheme}`, async ({ page }) => {
    const origin = await serve(SITE);
    const foreign = collectForeign(page, origin);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 800 });
    const found: string[] = [];
    for (const path of KINDS) {
      await page.goto(`${origin}/${path}`);
      await page.waitForFunction(() => customElements.get('usd-view') !== undefined);
      found.push(...(await violations(page)).map((rule) => `${path}: ${rule}`));
    }
    expect(found).toEqual([]);
    expect(foreign).toEqual([]);
  });
}

for (const [name, output] of Object.entries(EXAMPLES)) {
  test(`the example for ${name} shows its model`, async ({ page }) => {
    const folder = join('examples', name, output);
    test.skip(
      !existsSync(join(folder, 'index.html')),
      `examples/${name} is not built: "npm run examples" does it, where ${name} is installed`,
    );
    const origin = await serve(folder);
    const errors = collectErrors(page);
    const foreign = collectForeign(page, origin);
    await page.goto(`${origin}/index.html`);
    const view = page.locator('usd-view');
    await view.scrollIntoViewIfNeeded();
    await expectSeen(view, isBluish, 60_000, 0.01);
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
  });
}
