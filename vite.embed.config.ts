import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { alias, oxc } from './vite.config.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Modules that others name in their pages: their addresses stay as they are from version to version. */
const STABLE = {
  'usd-view': at('./src/embed/usd-view.ts'),
  'embed-client': at('./src/embed-page/embed-client.ts'),
  oembed: at('./src/embed-page/oembed.ts'),
};
const PAGES = { 'page-embed': at('./embed.html'), 'page-builder': at('./builder.html') };

let folder = '';
/** The classic script of embed.html goes out as it is: it runs where no module may. What an earlier build left is removed; the app beside it stays. */
const ownFolder: Plugin = {
  name: 'own-folder',
  configResolved: ({ root, build }) => {
    folder = resolve(root, build.outDir, 'embed');
  },
  buildStart: () => rmSync(folder, { recursive: true, force: true }),
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'embed/load-guard.js', source: readFileSync(at('./src/embed-page/load-guard.js'), 'utf8') });
  },
};

/**
 * The kernels inside the worker's script, 15 KiB as text. Bundlers of other people copy a worker as a file, under a name of theirs, and would leave behind
 * what lies beside it.
 */
const kernelInside: Plugin = {
  name: 'kernel-inside',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('/workers/usd/kernel-source.ts')) return null;
    const text = readFileSync(at('./packages/usd-wasm/src/kernel/kernel.wasm')).toString('base64');
    return `export const fetchKernel = () => Uint8Array.from(atob('${text}'), (letter) => letter.charCodeAt(0));`;
  },
};

/**
 * What other pages use, built into the `dist/` of the app after it: the element, the client of the embed page, and the pages embed.html and
 * builder.html. Every address is relative to the module that names it, so that the folder works from any host or CDN; nothing is preloaded by
 * link elements, which would be marks in a foreign page.
 */
export default defineConfig({
  base: './',
  publicDir: false,
  resolve: { alias },
  oxc,
  plugins: [ownFolder],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    assetsDir: 'embed',
    modulePreload: false,
    reportCompressedSize: false,
    emptyOutDir: false,
    rollupOptions: {
      input: { ...STABLE, ...PAGES },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: ({ name }) => (name in STABLE ? 'embed/[name].js' : 'embed/[name]-[hash].js'),
        chunkFileNames: 'embed/[name]-[hash].js',
        assetFileNames: 'embed/[name]-[hash][extname]',
      },
    },
  },
  worker: { format: 'es', plugins: () => [kernelInside], rollupOptions: { output: { codeSplitting: false } } },
});
