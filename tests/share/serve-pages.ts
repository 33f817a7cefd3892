/** Builds the pages of this folder and serves them twice: as any host does, and with the headers that isolate a page. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveSite, type StaticServer } from '../support/static-server.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const outDir = fileURLToPath(new URL('../../.cache/share-pages', import.meta.url));

/** A sandboxed frame has no origin: what it loads must be for all. */
const FOR_ALL = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
const ISOLATED = { ...FOR_ALL, 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

export async function buildSharePages(): Promise<void> {
  await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      minify: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: [`${root}driver.html`, `${root}end-window.html`] },
    },
  });
}

export function serveSharePages(isIsolated: boolean): Promise<StaticServer> {
  return serveSite({ folders: { '/': outDir }, headers: () => (isIsolated ? ISOLATED : FOR_ALL) });
}
