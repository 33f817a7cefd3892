import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * Frame sharing as one module that needs nothing beside it, built after the element into the same folder: `dist/embed/share.js` can be copied
 * anywhere by itself, and its address stays as it is from version to version.
 */
export default defineConfig({
  base: './',
  publicDir: false,
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    assetsDir: 'embed',
    modulePreload: false,
    reportCompressedSize: false,
    emptyOutDir: false,
    rollupOptions: {
      input: { share: fileURLToPath(new URL('./src/share/frames/index.ts', import.meta.url)) },
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'embed/[name].js' },
    },
  },
  worker: { format: 'es' },
});
