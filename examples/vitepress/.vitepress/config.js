import { defineConfig } from 'vitepress';

// Where the site lies on its host, e.g. '/handbook/'.
const base = '/';

export default defineConfig({
  title: 'A handbook',
  base,
  // The files of the element lie in public/embed; its one script tag goes into every page.
  head: [['script', { type: 'module', src: `${base}embed/usd-view.js` }]],
  // Vue must not take the tag for one of its components.
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'usd-view' } } },
});
