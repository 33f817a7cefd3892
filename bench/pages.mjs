/** Builds the pages of `bench/pages/` and serves them with the app, so that both sides run in one Chromium. */
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { alias, oxc } from './aliases.mjs';

const root = fileURLToPath(new URL('./pages', import.meta.url));
const outDir = fileURLToPath(new URL('../.cache/bench-pages', import.meta.url));

/** Builds and serves; returns the address and a `close`. @param headers of every answer */
export async function serveBenchPages(names, headers = {}) {
  await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error',
    resolve: { alias },
    oxc,
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
      rollupOptions: { input: names.map((name) => `${root}/${name}.html`) },
    },
  });
  const server = await preview({
    configFile: false,
    root,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 4400, strictPort: false, headers },
    logLevel: 'silent',
  });
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}
