import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Two passes. The first makes `index.js`, everything that runs anywhere in one file, with the kernel module beside it. The second
 * (`--mode node`) makes `node.js`, which adds files on disk, and `cli.js`, the command: both import `index.js`, so that a class exists once.
 */
export default defineConfig(({ mode }) => {
  const isNode = mode === 'node';
  const input = isNode ? { node: at('src/node.ts'), cli: at('src/cli/main.ts') } : { index: at('src/index.ts') };
  return {
    build: {
      target: 'es2022',
      minify: true,
      reportCompressedSize: false,
      ssr: true,
      emptyOutDir: !isNode,
      outDir: at('dist'),
      rollupOptions: { input, output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' } },
    },
    plugins: [
      {
        name: 'usd-wasm-parts',
        enforce: 'pre',
        resolveId: (source: string, importer: string | undefined) => {
          const isOwn =
            /[/\\](?:node|file-resolver|cli[/\\][\w-]+)\.ts$/.test(`/${source}`) ||
            (/\/cli\//.test(importer ?? '') && source.startsWith('./'));
          return isNode && importer !== undefined && source.startsWith('.') && !isOwn ? { id: './index.js', external: true } : null;
        },
        closeBundle: () => {
          if (!isNode) copyFileSync(at('src/kernel/kernel.wasm'), at('dist/kernel.wasm'));
        },
      },
    ],
  };
});
