import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA, type VitePWAOptions } from 'vite-plugin-pwa';
import { SERVICE_WORKER } from './src/share/protocol/service.ts';

const usdWasm = fileURLToPath(new URL('./packages/usd-wasm/src/', import.meta.url));

/** The workspace package is built from its sources, also in tests. */
export const alias = [
  { find: /^usd-wasm$/, replacement: `${usdWasm}index.ts` },
  { find: /^usd-wasm\/node$/, replacement: `${usdWasm}node.ts` },
  { find: /^usd-wasm\/kernel\.wasm/, replacement: `${usdWasm}kernel/kernel.wasm` },
];

/** Lit's legacy decorators are lowered (standard ones would be left in the output); fields assign, as Lit's accessors need. */
export const oxc = {
  decorator: { legacy: true },
  assumptions: { setPublicClassFields: true },
  typescript: { removeClassFieldsWithoutInitializer: true },
};

let dist = '';
const findDist: Plugin = {
  name: 'find-dist',
  configResolved({ root, build }) {
    dist = resolve(root, build.outDir);
  },
};

/** What the service worker keeps: the page and everything that it loads; not what other pages embed, nor what only stores and installing need. */
const OFFLINE = ['index.html', 'assets/**', 'samples/*.usdz', 'icons/*.svg', 'icons/any-192.png', 'manifest.webmanifest'];

/**
 * Digests of the files, by which a damaged or half-finished update is refused. None for pages: some hosts put a line of their own into them.
 */
const addDigests: NonNullable<VitePWAOptions['injectManifest']['manifestTransforms']>[number] = (entries) => ({
  manifest: entries.map((entry) => {
    if (entry.url.endsWith('.html')) return entry;
    const digest = createHash('sha256')
      .update(readFileSync(join(dist, entry.url)))
      .digest('base64');
    return { ...entry, integrity: `sha256-${digest}` };
  }),
});

/** Our own worker with the list of files put into it; registration, notice and manifest are ours too. */
const serviceWorker = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'src/workers/service',
  filename: SERVICE_WORKER.replace('.js', '.ts'),
  injectRegister: false,
  manifest: false,
  // It is built by a build of its own, which would otherwise speak whatever the level.
  integration: { configureCustomSWViteBuild: (options) => void (options.logLevel = 'warn') },
  injectManifest: {
    rollupFormat: 'iife',
    target: 'es2022',
    globPatterns: OFFLINE,
    globIgnores: ['**/*.map'],
    dontCacheBustURLsMatching: /^assets\//u,
    manifestTransforms: [addDigests],
  },
});

/** A static site: relative URLs (any folder of any host), module workers, nothing inlined (the CSP allows no data: code). */
export default defineConfig({
  base: './',
  resolve: { alias },
  oxc,
  plugins: [findDist, serviceWorker],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', port: 5173 },
  preview: { host: '127.0.0.1', port: 4173 },
});
