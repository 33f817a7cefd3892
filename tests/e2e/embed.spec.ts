/** `<usd-view>` and embed.html in the pages of others: any headers, any origin, nothing broken, nothing loaded too early. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { chromium, expect, test, type Page } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';
import { isGreenish, isReddish } from '../support/app-page.ts';
import { violations } from '../support/axe.ts';
import { GREEN, SITE_FILES, collectErrors, cube, expectSeen, frameOf, pageOf } from '../support/embed-pages.ts';
import { headersFor, parseHeadersFile } from '../support/headers-file.ts';
import { serveSite, type StaticServer, type StaticSite } from '../support/static-server.ts';
import { longTasks, mainThreadTasks, startTrace } from '../support/trace.ts';

const EMBED_FOLDER = { '/embed/': 'dist/embed' };
const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const FOR_ALL = { 'access-control-allow-origin': '*' };
const RED_VIEW = '<usd-view src="./models/red.usda" alt="A red box"></usd-view>';

/** What `_headers` says of the files that others use; models are as the samples. */
const rules = parseHeadersFile(readFileSync('public/_headers', 'utf8'));
const publishedHeaders = (path: string): Readonly<Record<string, string>> => headersFor(rules, path.replace(/^\/models\//u, '/samples/'));

const servers: StaticServer[] = [];
test.afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(site: StaticSite): Promise<StaticServer> {
  const server = await serveSite({ ...site, files: { ...SITE_FILES, ...site.files } });
  servers.push(server);
  return server;
}

/** The embed page with its folder, models beside it. */
function serveEmbed(headers?: StaticSite['headers']): Promise<StaticServer> {
  return serve({
    folders: EMBED_FOLDER,
    files: { '/embed.html': readFileSync('dist/embed.html', 'utf8') },
    ...(headers === undefined ? {} : { headers }),
  });
}

/** Script of ours that a server was asked for. */
function oursOf(server: StaticServer): string[] {
  return server.requests.filter((path) => path.startsWith('/embed/'));
}

function brotliBytes(paths: readonly string[]): number {
  return [...new Set(paths)].reduce((sum, path) => sum + brotliCompressSync(readFileSync(join('dist', path))).length, 0);
}

test.describe('the element shows its model', () => {
  test('in a page without headers', async ({ page }) => {
    const errors = collectErrors(page);
    const host = await serve({ folders: EMBED_FOLDER, files: { '/page.html': pageOf({ body: RED_VIEW }) } });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('usd-view'), isReddish);
    expect(errors).toEqual([]);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(brotliBytes(oursOf(host)), 'everything for a first model').toBeLessThanOrEqual(300 * 1024);
  });

  test('under a strict policy', async ({ page }) => {
    const errors = collectErrors(page);
    const host = await serve({
      folders: EMBED_FOLDER,
      files: { '/page.html': pageOf({ body: RED_VIEW }) },
      headers: () => ({ 'content-security-policy': STRICT }),
    });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('usd-view'), isReddish);
    expect(errors).toEqual([]);
  });

  test('in a page that asks for Trusted Types', async ({ page }) => {
    const errors = collectErrors(page);
    const host = await serve({
      folders: EMBED_FOLDER,
      files: { '/page.html': pageOf({ body: RED_VIEW }) },
      headers: () => ({ 'content-security-policy': `${STRICT}; require-trusted-types-for 'script'; trusted-types proscenium` }),
    });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('usd-view'), isReddish);
    expect(errors).toEqual([]);
  });

  test('from another origin, as from a CDN', async ({ page }) => {
    const errors = collectErrors(page);
    const cdn = await serve({ folders: EMBED_FOLDER, headers: () => FOR_ALL });
    const host = await serve({ files: { '/page.html': pageOf({ body: RED_VIEW, module: `${cdn.origin}/embed/usd-view.js` }) } });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('usd-view'), isReddish);
    expect(errors).toEqual([]);
    expect(oursOf(cdn).some((path) => path.includes('worker'))).toBe(true);
  });

  test('from another origin under the policy that the README gives', async ({ page }) => {
    const errors = collectErrors(page);
    const cdn = await serve({ folders: EMBED_FOLDER, headers: () => FOR_ALL });
    const given = /`(?<policy>script-src 'self' https:\/\/cdn\.example[^`]*)`/u.exec(readFileSync('packages/proscenium/README.md', 'utf8'))
      ?.groups?.['policy'];
    const policy = `default-src 'self'; ${given?.replaceAll('https://cdn.example', cdn.origin)}`;
    const host = await serve({
      files: { '/page.html': pageOf({ body: RED_VIEW, module: `${cdn.origin}/embed/usd-view.js` }) },
      headers: () => ({ 'content-security-policy': policy }),
    });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('usd-view'), isReddish);
    expect(errors).toEqual([]);
  });

  test('or says why not, where a policy refuses its workers', async ({ page }) => {
    const cdn = await serve({ folders: EMBED_FOLDER, headers: () => FOR_ALL });
    const host = await serve({
      files: { '/page.html': pageOf({ body: RED_VIEW, module: `${cdn.origin}/embed/usd-view.js` }) },
      headers: () => ({ 'content-security-policy': `default-src 'self'; script-src 'self' ${cdn.origin} 'wasm-unsafe-eval'` }),
    });
    await page.goto(`${host.origin}/page.html`);
    await expect(page.locator('usd-view').getByText('could not be').first()).toBeVisible({ timeout: 30_000 });
  });

  test('in an isolated page', async ({ page }) => {
    const errors = collectErrors(page);
    const host = await serve({ folders: EMBED_FOLDER, files: { '/page.html': pageOf({ body: RED_VIEW }) }, headers: () => ISOLATED });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('usd-view'), isReddish);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(errors).toEqual([]);
  });

  test('after it was moved in the document, without loading again', async ({ page }) => {
    const body = `<div id="first">${RED_VIEW}</div><div id="second"></div>`;
    const host = await serve({ folders: EMBED_FOLDER, files: { '/page.html': pageOf({ body }) } });
    await page.goto(`${host.origin}/page.html`);
    const view = page.locator('usd-view');
    await expectSeen(view, isReddish);
    await page.evaluate(() => document.getElementById('second')?.append(document.querySelector('usd-view') as Element));
    await expectSeen(view, isReddish);
    expect(host.requests.filter((path) => path === '/models/red.usda')).toHaveLength(1);
  });

  test('many at once with one device and two workers', async ({ page }) => {
    const body = ['red', 'green', 'red', 'green']
      .map((color) => `<usd-view src="./models/${color}.usda" alt="A ${color} box"></usd-view>`)
      .join('');
    // Counts devices where they are asked for: in the worker that draws.
    const counting =
      'globalThis.deviceCount = 0; { const { requestDevice } = GPUAdapter.prototype; GPUAdapter.prototype.requestDevice = function (...given) { globalThis.deviceCount++; return requestDevice.apply(this, given); }; }\n';
    const host = await serve({ folders: EMBED_FOLDER, files: { '/page.html': pageOf({ body }) } });
    await page.route('**/embed/render-worker-*.js', async (route) => {
      const name = new URL(route.request().url()).pathname;
      await route.fulfill({ contentType: 'text/javascript', body: counting + readFileSync(join('dist', name), 'utf8') });
    });
    await page.goto(`${host.origin}/page.html`);
    for (const [i, isMeant] of [isReddish, isGreenish, isReddish, isGreenish].entries())
      await expectSeen(page.locator('usd-view').nth(i), isMeant);
    const workers = page.workers();
    expect(workers).toHaveLength(2);
    const counts = await Promise.all(workers.map((worker) => worker.evaluate(() => (globalThis as { deviceCount?: number }).deviceCount)));
    expect(counts.filter((count) => count !== undefined)).toEqual([1]);
  });
});

test.describe('embed.html shows its model', () => {
  const frame = (origin: string, attributes: string, query = 'src=models/red.usda&alt=A+red+box'): string =>
    `<iframe src="${origin}/embed.html?${query}" title="A red box" ${attributes}></iframe>`;

  test('in a frame of another origin', async ({ page }) => {
    const errors = collectErrors(page);
    const embed = await serveEmbed();
    const host = await serve({ files: { '/page.html': pageOf({ body: frame(embed.origin, 'loading="lazy"'), module: '' }) } });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('iframe'), isReddish);
    const inside = await frameOf(page);
    expect(await inside.title()).toBe('A red box');
    expect(await violations(inside)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('in a sandbox that only runs scripts', async ({ page }) => {
    const errors = collectErrors(page);
    const embed = await serveEmbed(publishedHeaders);
    const host = await serve({ files: { '/page.html': pageOf({ body: frame(embed.origin, 'sandbox="allow-scripts"'), module: '' }) } });
    await page.goto(`${host.origin}/page.html`);
    await expectSeen(page.locator('iframe'), isReddish);
    expect(await (await frameOf(page)).evaluate(() => self.origin)).toBe('null');
    expect(errors).toEqual([]);
  });

  test('in a page that is isolated, sandboxed or not', async ({ page }) => {
    const errors = collectErrors(page);
    const embed = await serveEmbed(publishedHeaders);
    const body = frame(embed.origin, '') + frame(embed.origin, 'sandbox="allow-scripts"', 'src=models/green.usda');
    const host = await serve({ files: { '/page.html': pageOf({ body, module: '' }) }, headers: () => ISOLATED });
    await page.goto(`${host.origin}/page.html`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await expectSeen(page.locator('iframe').first(), isReddish);
    await expectSeen(page.locator('iframe').last(), isGreenish);
    expect(errors).toEqual([]);
  });

  test('a sandbox whose host allows no origin is told so', async ({ page }) => {
    const embed = await serveEmbed();
    const host = await serve({ files: { '/page.html': pageOf({ body: frame(embed.origin, 'sandbox="allow-scripts"'), module: '' }) } });
    await page.goto(`${host.origin}/page.html`);
    await expect(page.frameLocator('iframe').getByRole('alert')).toContainText('Access-Control-Allow-Origin: *');
  });

  test('not without a model: it says what is missing', async ({ page }) => {
    const embed = await serveEmbed();
    await page.goto(`${embed.origin}/embed.html`);
    await expect(page.getByText('This address names no model')).toBeVisible();
  });
});

test.describe('messages of embed.html', () => {
  /** A page that has connected to the frame in it by the client; `window.model` is the connection. */
  async function connected(page: Page, { sandbox = false, query = '', readers = '' } = {}): Promise<StaticServer> {
    const embedPage = readFileSync('dist/embed.html', 'utf8').replace(
      'name="proscenium-readers" content=""',
      `name="proscenium-readers" content="${readers}"`,
    );
    const embed = await serve({ folders: EMBED_FOLDER, files: { '/embed.html': embedPage }, headers: () => FOR_ALL });
    const body = `<iframe src="${embed.origin}/embed.html?src=models/painted.usda&alt=A+box&nonsense=1${query}" title="A box" ${sandbox ? 'sandbox="allow-scripts"' : ''}></iframe>`;
    const script = `import { connect } from '${embed.origin}/embed/embed-client.js';
window.seen = [];
window.connecting = connect(document.querySelector('iframe')).then((model) => {
  for (const name of ['load', 'variant-applied', 'play', 'pause', 'camera-change', 'error']) model.on(name, (detail) => window.seen.push([name, detail]));
  window.model = model;
}, (error) => { window.failure = error.code; });`;
    const head = '<script type="module" src="./page.js"></script>';
    const host = await serve({ files: { '/page.html': pageOf({ body, head, module: '' }), '/page.js': script } });
    await page.goto(`${host.origin}/page.html`);
    await page.waitForFunction(() => 'model' in window || 'failure' in window);
    return host;
  }

  const call = (page: Page, method: string, ...params: unknown[]): Promise<unknown> =>
    page.evaluate(
      async ([name, given]) => {
        const { model } = window as unknown as { model: Record<string, (...params: unknown[]) => Promise<unknown>> };
        try {
          return await (name === 'get' || name === 'set' ? model[name]?.(...given) : model['call']?.(name, ...given));
        } catch (error) {
          return (error as { code: string }).code;
        }
      },
      [method, params] as const,
    );
  const seen = (page: Page): Promise<[string, unknown][]> => page.evaluate(() => (window as unknown as { seen: [string, unknown][] }).seen);

  test('read, set, call and hear', async ({ page }) => {
    await connected(page);
    await call(page, 'whenLoaded');
    await expectSeen(page.locator('iframe'), isReddish);
    expect(await call(page, 'get', 'alt')).toBe('A box');
    expect(await call(page, 'get', 'availableVariants')).toEqual(['green', 'red']);
    expect(await call(page, 'get', 'duration')).toBe(1);
    expect(await call(page, 'getDimensions')).toMatchObject({ x: 2, y: 2, z: 2 });
    await call(page, 'setVariant', '/Box', 'paint', 'green');
    await expectSeen(page.locator('iframe'), isGreenish);
    await call(page, 'set', 'variantName', 'red');
    await expectSeen(page.locator('iframe'), isReddish);
    await call(page, 'set', 'cameraOrbit', '30deg 60deg 150%');
    await call(page, 'jumpCameraToGoal');
    expect(await call(page, 'get', 'cameraOrbit')).toBe('30deg 60deg 150%');
    await call(page, 'play');
    await expect.poll(async () => call(page, 'get', 'paused')).toBe(false);
    await call(page, 'pause');
    await expect
      .poll(async () => (await seen(page)).map(([name]) => name))
      .toEqual(expect.arrayContaining(['variant-applied', 'play', 'pause']));
    expect((await seen(page)).filter(([name]) => name === 'error')).toEqual([]);
  });

  test('failures are data', async ({ page }) => {
    await connected(page);
    await call(page, 'whenLoaded');
    expect(await call(page, 'get', 'innerHTML')).toBe('unknown-name');
    expect(await call(page, 'set', 'withCredentials', true)).toBe('unknown-name');
    expect(await call(page, 'remove')).toBe('unknown-name');
    expect(await call(page, 'seek', 'soon')).toBe('bad-value');
    const ready = await page.evaluate(
      async () => (await (window as unknown as { model: { ready: Promise<object> } }).model.ready) as { ignored: string[] },
    );
    expect(ready.ignored).toEqual(['nonsense']);
  });

  test('pictures and data are kept from foreign pages, but not out of a sandbox', async ({ page }) => {
    await connected(page);
    expect(await call(page, 'toDataURL')).toBe('not-readable');
    expect(await call(page, 'query', '/Box')).toBe('not-readable');
    expect(await call(page, 'get', 'stage')).toBe('not-readable');
    await connected(page, { sandbox: true });
    await call(page, 'whenLoaded');
    expect(await call(page, 'toDataURL')).toMatch(/^data:image\/png;base64,/u);
    expect(await call(page, 'query', '/Box')).toMatchObject({ typeName: 'Cube' });
  });

  test('go on after the frame has loaded anew', async ({ page }) => {
    await connected(page);
    await call(page, 'whenLoaded');
    const again = page.evaluate(
      () =>
        new Promise((resolve) => (window as unknown as { model: EventTarget }).model.addEventListener('ready', resolve, { once: true })),
    );
    await page.evaluate(() => {
      const frame = document.querySelector('iframe') as HTMLIFrameElement;
      frame.src = frame.src.replace('painted', 'green');
    });
    await again;
    await call(page, 'whenLoaded');
    expect(await call(page, 'get', 'src')).toBe('models/green.usda');
    await expectSeen(page.locator('iframe'), isGreenish);
  });

  test('pages that the host trusts read too', async ({ page }) => {
    await connected(page, { readers: '*' });
    await call(page, 'whenLoaded');
    const blob = await page.evaluate(async () => {
      const picture = await (window as unknown as { model: { toBlob(): Promise<Blob> } }).model.toBlob();
      return { type: picture.type, width: (await createImageBitmap(picture)).width };
    });
    expect(blob).toEqual({ type: 'image/png', width: 160 });
  });

  test('an address with a list of origins hears no other', async ({ page }) => {
    await connected(page, { query: '&allow-origin=https://docs.example' });
    expect(await page.evaluate(() => (window as unknown as { failure: string }).failure)).toBe('origin-refused');
  });
});

test.describe('a page of documentation', () => {
  const lazyViews = Array.from(
    { length: 10 },
    (_, i) =>
      `<p style="height: 700px">Text ${i}</p><usd-view src="./models/${i % 2 === 0 ? 'red' : 'green'}.usda" alt="Box ${i}"></usd-view>`,
  ).join('');
  const body = `<p style="height: 1200px">Text before</p>${lazyViews}`;

  test('with ten views loads the module only, moves nothing, and shows each when it comes near', async ({ page, browser }) => {
    const host = await serve({ folders: EMBED_FOLDER, files: { '/page.html': pageOf({ body }) } });
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) =>
        shifts.push(...list.getEntries().map((entry) => (entry as unknown as { value: number }).value)),
      ).observe({
        type: 'layout-shift',
        buffered: true,
      });
    });
    await startTrace(browser, page);
    await page.goto(`${host.origin}/page.html`, { waitUntil: 'networkidle' });
    await page.waitForFunction(() => customElements.get('usd-view') !== undefined);
    await page.waitForTimeout(500);
    expect(oursOf(host)[0]).toBe('/embed/usd-view.js');
    expect(brotliBytes(oursOf(host)), 'before any view comes near').toBeLessThanOrEqual(40 * 1024);
    expect(host.requests.filter((path) => path.startsWith('/models/') || path.includes('worker'))).toEqual([]);

    const first = page.locator('usd-view').first();
    await first.scrollIntoViewIfNeeded();
    await expectSeen(first, isReddish);
    expect(host.requests.filter((path) => path.startsWith('/models/'))).toHaveLength(1);
    for (let i = 1; i < 10; i++) {
      const view = page.locator('usd-view').nth(i);
      await view.scrollIntoViewIfNeeded();
      await expectSeen(view, i % 2 === 0 ? isReddish : isGreenish);
    }
    const trace = await browser.stopTracing();
    expect(mainThreadTasks(trace).length).toBeGreaterThan(100);
    expect(longTasks(trace, 50), 'tasks above 50 ms').toEqual([]);
    expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);
    expect(page.workers()).toHaveLength(2);
  });

  test('is clean for axe, before and after models are shown', async ({ page }) => {
    const views =
      '<usd-view src="./models/red.usda" alt="A red box" camera-controls controls></usd-view>' +
      '<usd-view src="./models/painted.usda" alt="A painted box" reveal="manual"></usd-view><usd-view src="./models/none.usda" alt="Nothing"></usd-view>';
    const host = await serve({ folders: EMBED_FOLDER, files: { '/page.html': pageOf({ body: views }) } });
    await page.goto(`${host.origin}/page.html`);
    await page.waitForFunction(() => customElements.get('usd-view') !== undefined);
    expect(await violations(page)).toEqual([]);
    await expectSeen(page.locator('usd-view').first(), isReddish);
    await expect(
      page
        .locator('usd-view')
        .last()
        .getByText(/could not be/u)
        .first(),
    ).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await expect(page.getByRole('application', { name: 'A red box' })).toBeVisible();
  });

  test('keeps its own styles and globals', async ({ page }) => {
    const style = `* { letter-spacing: 1px } canvas, button, div, p { border: 2px dotted rgb(1, 2, 3); margin: 3px } [part] { color: rgb(9, 9, 9) }`;
    const own =
      '<p class="poster">Own text</p><button class="controls">Own</button><canvas width="20" height="20"></canvas><div class="fill">x</div>';
    const host = await serve({
      folders: EMBED_FOLDER,
      files: {
        '/page.html': pageOf({ body: own + RED_VIEW, module: '', head: '<link rel="stylesheet" href="./own.css">' }),
        '/own.css': style,
      },
    });
    await page.goto(`${host.origin}/page.html`);
    const before = await markedState(page);
    await page.addScriptTag({ type: 'module', url: './embed/usd-view.js' });
    await expectSeen(page.locator('usd-view'), isReddish);
    // The script tag itself is the test's.
    await page.evaluate(() => document.querySelector('script[src="./embed/usd-view.js"]')?.remove());
    expect(await markedState(page)).toEqual(before);
    const inside = await page.evaluate(() => {
      const canvas = document.querySelector('usd-view')?.shadowRoot?.querySelector('canvas');
      return canvas instanceof HTMLCanvasElement ? getComputedStyle(canvas).borderTopStyle : 'no canvas';
    });
    expect(inside).toBe('none');
  });
});

test('without WebGPU the poster and a message are shown', async () => {
  const executablePath = findChromium();
  const args = CHROMIUM_ARGS.filter((flag) => !/webgpu|vulkan/iu.test(flag));
  const browser = await chromium.launch({
    args: [...args, '--disable-features=WebGPU'],
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  try {
    const page = await browser.newPage();
    const view = '<usd-view src="./models/red.usda" alt="A red box"><img slot="poster" src="./poster.svg" alt="A red box"></usd-view>';
    const poster = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="2" fill="rgb(200,10,10)"/></svg>';
    const host = await serve({ folders: EMBED_FOLDER, files: { '/page.html': pageOf({ body: view }), '/poster.svg': poster } });
    await page.goto(`${host.origin}/page.html`);
    await expect(page.locator('usd-view').getByText('3D cannot be shown here').first()).toBeVisible();
    await expect(page.locator('usd-view > img')).toBeVisible();
    expect(oursOf(host)).not.toContain(expect.stringContaining('worker'));
  } finally {
    await browser.close();
  }
});

test.describe('the embed builder', () => {
  test('writes what it shows, and is clean for axe', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const errors = collectErrors(page);
    const site = await serve({
      folders: { ...EMBED_FOLDER, '/icons/': 'dist/icons' },
      files: {
        '/builder.html': readFileSync('dist/builder.html', 'utf8'),
        '/embed.html': readFileSync('dist/embed.html', 'utf8'),
        // In place of the sample that the builder starts with, which takes its time.
        '/samples/sample.usdz': cube(GREEN),
      },
    });
    await page.goto(`${site.origin}/builder.html`);
    await page.getByLabel('src', { exact: true }).fill('models/red.usda');
    await page.getByLabel('alt', { exact: true }).fill('A "red" box');
    await expect(page.getByLabel('Markup of the element', { exact: true })).toHaveValue(
      new RegExp(`src="${site.origin}/models/red.usda"\\s+alt="A &quot;red&quot; box"`, 'u'),
    );
    await expectSeen(page.locator('#preview'), isReddish);
    await page.locator('#preview usd-view').press('ArrowLeft');
    await page.getByRole('button', { name: 'Take this view' }).click();
    await expect(page.getByLabel('Markup of the element', { exact: true })).toHaveValue(/camera-orbit="[\d.]+deg [\d.]+deg [\d.]+m"/u);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Frame', { exact: true }).check();
    await page.getByRole('button', { name: 'Copy: Markup of the frame' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`<iframe src="${site.origin}/embed.html?src=`);
    await expectSeen(page.locator('#preview iframe'), isReddish);
    await page.getByLabel('oEmbed', { exact: true }).check();
    await expect(page.getByLabel('oEmbed answer', { exact: true })).toHaveValue(/"type": "rich"/u);
    expect(errors).toEqual([]);
  });
});

/** Names on the window, and the computed style of everything that is the page's. */
function markedState(page: Page): Promise<{ globals: string[]; styles: string[]; marks: string[] }> {
  return page.evaluate(() => {
    const elements = [...document.querySelectorAll('html, head, body, body *')].filter(
      ({ localName }) => localName !== 'usd-view' && localName !== 'script',
    );
    return {
      globals: Reflect.ownKeys(window).map(String).sort(),
      styles: elements.map((element) => {
        const style = getComputedStyle(element);
        return `${element.localName} ${[...style].map((name) => `${name}: ${style.getPropertyValue(name)}`).join('; ')}`;
      }),
      marks: [...document.head.children, document.documentElement, document.body]
        .map((element) => element.cloneNode() as Element)
        .map(({ outerHTML }) => outerHTML),
    };
  });
}
