import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { lateModules } from './scripts/late-modules.mjs';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What `stage.js` does without: `usda` and `arcs` until a stage meets text or arcs, `editing` for good. */
const LATE_PARTS = {
  usda: {
    inside: /^usda\//,
    modules: [
      ...['parse-value', 'parser', 'path-syntax'].map((name) => `usda/${name}.ts`),
      ...['numbers-reference', 'numbers-windows'].map((name) => `kernel/${name}.ts`),
    ],
  },
  arcs: {
    inside: /^pcp\/(?:prim-indexer|eval-)/,
    modules: ['pcp/prim-indexer.ts', 'usd/clip-problems.ts', 'usd/value-clips.ts'],
  },
  editing: {
    modules: [
      ...['copy-spec', 'layer-editor', 'overlay-layer-data', 'spec-editing', 'spec-tree'].map((name) => `sdf/${name}.ts`),
      ...['authoring', 'list-editing', 'references', 'value-input'].map((name) => `usd/${name}.ts`),
      ...['prim', 'property', 'stage'].map((name) => `usd/${name}-authoring.ts`),
      ...['usda', 'usdc'].map((format) => `${format}/writer.ts`),
    ],
  },
};
const READ_ONLY = "usd-wasm/stage only reads: import from 'usd-wasm' to edit";

/**
 * Three passes. The first makes `index.js`, everything that runs anywhere in one file, with the kernel module beside it. The second
 * (`--mode stage`) makes `stage.js`, what it takes to open and ask stages, with the parts that it fetches when needed. The third
 * (`--mode node`) makes `node.js`, which adds files on disk, and `cli.js`, the command: both import `index.js`, so that a class exists once.
 */
export default defineConfig(({ mode }) => {
  const isNode = mode === 'node';
  const isStage = mode === 'stage';
  const entries = isNode ? ['node', 'cli/main'] : isStage ? ['stage'] : ['index'];
  const input = Object.fromEntries(entries.map((entry) => [entry === 'cli/main' ? 'cli' : entry, at(`src/${entry}.ts`)]));
  return {
    build: {
      target: 'es2022',
      minify: true,
      reportCompressedSize: false,
      ssr: true,
      emptyOutDir: !isNode && !isStage,
      outDir: at('dist'),
      rollupOptions: {
        input,
        // With `codeSplitting`: else `stage.js` would be a list of exports, and a page would have to fetch what is behind it.
        ...(isStage ? { preserveEntrySignatures: 'allow-extension' as const } : {}),
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: ({ name }) => `${name.replace(/^_part_/, 'stage-')}.js`,
          ...(isStage ? { codeSplitting: { groups: [{ name: 'stage', tags: ['$initial'] }] } } : {}),
        },
      },
    },
    plugins: [
      isStage ? lateModules(at('src/'), LATE_PARTS, READ_ONLY) : null,
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
