/**
 * The built app in headless Chromium, for scripts: usdrecord, the gallery and the benchmarks. One place for flags,
 * serving and page errors, so that all of them run the same code path as a visitor's page.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { CHROMIUM_ARGS, ensureChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Serves `dist/` on a free port of 127.0.0.1. */
export async function serveDist() {
  if (!existsSync(`${root}dist/index.html`)) throw new Error('dist/ is not built: run "npm run build" first');
  const server = await preview({ root, preview: { host: '127.0.0.1', port: 4300, strictPort: false }, logLevel: 'silent' });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('the preview server has no address');
  return { url, close: () => server.close() };
}

/** Headless Chromium with WebGPU (software where there is no GPU). */
export async function launchBrowser(extraArgs = []) {
  return chromium.launch({ executablePath: ensureChromium(), headless: true, args: [...CHROMIUM_ARGS, ...extraArgs] });
}

/** Opens the app without any scene; resolves with the page when its element is ready. Page errors are collected in `errors`. */
export async function openApp(browser, url, { width = 960, height = 540, query = '?empty' } = {}) {
  // Nothing is to be fetched beside what is measured.
  const page = await browser.newPage({ viewport: { width, height }, serviceWorkers: 'block' });
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url + query);
  await page.waitForFunction(() => customElements.get('usd-viewer-app') !== undefined && document.querySelector('usd-viewer-app') !== null);
  return { page, errors };
}
