import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

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

/** A static site: relative URLs (any folder of any host), module workers, nothing inlined (the CSP allows no data: code). */
export default defineConfig({
  base: './',
  resolve: { alias },
  oxc,
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', port: 5173 },
  preview: { host: '127.0.0.1', port: 4173 },
});
