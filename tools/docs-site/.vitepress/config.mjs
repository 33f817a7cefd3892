/** The documentation site: sources in docs/, built to dist-docs/. Nothing of it comes from another host. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { isSearched, liveExamples, siteLinks } from '../markdown.mjs';

const DOCS = fileURLToPath(new URL('../../../docs', import.meta.url));
/** Where the site will lie on its host: `DOCS_BASE=/proscenium/ npm run docs`. */
const base = process.env['DOCS_BASE'] ?? '/';

const API_FOLDERS = ['usd', 'schemas', 'sdf', 'pcp', 'usda', 'usdc', 'usdz', 'ar', 'check', 'package', 'vt', 'kernel', 'tf'];

export default defineConfig({
  title: 'Proscenium',
  description: 'OpenUSD models in any page and on the desktop, drawn in the browser alone',
  lang: 'en',
  base,
  srcDir: DOCS,
  srcExclude: ['public/**'],
  outDir: fileURLToPath(new URL('../../../dist-docs', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../../node_modules/.cache/docs-site', import.meta.url)),
  cleanUrls: false,
  lastUpdated: false,
  // Code hosts show README.md for a folder; a site wants index.
  rewrites: Object.fromEntries(['api', 'api/gf', 'share/api'].map((folder) => [`${folder}/README.md`, `${folder}/index.md`])),
  head: [
    ['link', { rel: 'icon', href: `${base}icons/proscenium.svg`, type: 'image/svg+xml' }],
    ['script', { type: 'module', src: `${base}embed/usd-view.js` }],
  ],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'usd-view' } } },
  markdown: {
    languageAlias: { usda: 'python' },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      siteLinks(md);
      liveExamples(md, base);
    },
  },
  vite: {
    // The element's modules are served as they are built, beside the pages.
    publicDir: `${DOCS}/public`,
    build: { chunkSizeWarningLimit: 2000 },
  },
  themeConfig: {
    logo: '/icons/proscenium.svg',
    search: {
      provider: 'local',
      options: {
        // Figures and case lists are found by their page, not by each of their rows.
        _render: (source, env, md) => (isSearched(env.relativePath) ? md.render(source, env) : ''),
      },
    },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/' },
      { text: 'Embed', link: '/embed/' },
      { text: 'Share frames', link: '/share/' },
      { text: 'Gallery', link: '/scenes' },
      { text: 'USD engine', link: '/api/' },
    ],
    // Groups stay open: the theme's folding ones nest a button in a button.
    sidebar: {
      '/api/': [
        {
          text: 'USD engine',
          items: pages([['usd-wasm', '/api/'], ...API_FOLDERS.map((name) => [name, `/api/${name}`]), ['gf', '/api/gf/']]),
        },
      ],
      '/decisions/': [{ text: 'Decisions', items: decisions() }],
      '/': [
        {
          text: 'Guide',
          items: pages([
            ['What it is', '/guide/'],
            ['Opening files', '/guide/open-files'],
            ['Recording videos', '/guide/record'],
            ['Further windows', '/guide/windows'],
            ['Keyboard', '/keyboard'],
            ['Links to a view', '/guide/links'],
            ['What is supported', '/spec-coverage'],
            ['Troubleshooting', '/guide/troubleshooting'],
            ['Errors by code', '/errors'],
            ['Hosting', '/hosting'],
          ]),
        },
        {
          text: 'Embed a model',
          items: pages([
            ['In five minutes', '/embed/'],
            ['Loading and speed', '/embed/loading'],
            ['Posters', '/embed/posters'],
            ['Cameras', '/embed/cameras'],
            ['Variants', '/embed/variants'],
            ['Animation', '/embed/animation'],
            ['Light and surroundings', '/embed/environment'],
            ['Hotspots and script', '/embed/script'],
            ['Accessibility', '/embed/accessibility'],
            ['Policies and isolation', '/embed/policies'],
            ['Site generators', '/embed/generators'],
            ['Frames and messages', '/embed-api'],
            ['Builder and oEmbed', '/embed/builder'],
          ]),
        },
        {
          text: 'Reference of the element',
          items: [
            ['Attributes', '/embed/reference/attributes'],
            ['Properties', '/embed/reference/properties'],
            ['Methods', '/embed/reference/methods'],
            ['Events', '/embed/reference/events'],
            ['Slots and styling', '/embed/reference/styling'],
          ].map(asItem),
        },
        {
          text: 'Share frames',
          items: pages([
            ['What it is', '/share/'],
            ['Transports', '/share/transports'],
            ['Which way to choose', '/share/choosing'],
            ['Windows, tabs, frames, workers', '/share/windows'],
            ['Timelines', '/share/timelines'],
            ['Memory layout of the ring', '/share/memory-layout'],
            ['Limits', '/share/limits'],
            ['Troubleshooting', '/share/troubleshooting'],
            ['Benchmark', '/share/benchmark'],
            ['All names', '/share/api/'],
          ]),
        },
        {
          text: 'Gallery',
          items: pages([
            ['Scenes', '/scenes'],
            ['Beside references', '/gallery'],
          ]),
        },
        {
          text: 'Project',
          items: [
            ...pages([
              ['Conformance', '/conformance'],
              ['Benchmarks', '/benchmarks'],
              ['Fuzzing', '/fuzzing'],
            ]),
            ...decisions()
              .slice(0, 1)
              .map(({ link }) => ({ text: 'Decisions', link })),
          ],
        },
      ],
    },
  },
});

/** Entries of the pages that there are. */
function pages(entries) {
  return entries.filter(([, link]) => link.endsWith('/') || existsSync(`${DOCS}${link}.md`)).map(asItem);
}

function decisions() {
  return readdirSync(`${DOCS}/decisions`)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => {
      const [, title = name] = /^# (.+)$/m.exec(readFileSync(`${DOCS}/decisions/${name}`, 'utf8')) ?? [];
      return { text: title, link: `/decisions/${name.replace('.md', '')}` };
    });
}

function asItem([text, link]) {
  return { text, link };
}
