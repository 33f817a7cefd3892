/** What Markdown of this site has beside VitePress's: live examples, and links that also work where a code host shows the file. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Files outside of docs/ that pages link to → the page that says the same here. */
const ELSEWHERE = [
  [/^(?:\.\.\/)+packages\/proscenium\/README\.md/, '/embed/'],
  [/^(?:\.\.\/)+packages\/usd-wasm\/README\.md/, '/api/'],
];

/** Pages of figures, and of one row per case. */
const TABLES = /^(?:conformance|benchmarks)\.md$/;

/** Whether the search should know the words of a page. */
export function isSearched(path) {
  return !TABLES.test(path);
}

export function siteLinks(md) {
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    const folder = env.relativePath?.includes('/') === true ? `/${env.relativePath.replace(/[^/]*$/, '')}` : '/';
    for (const token of tokens) {
      for (const child of token.children ?? []) {
        if (child.type !== 'link_open') continue;
        const href = siteLink(child.attrGet('href') ?? '', folder);
        child.attrSet('href', folder.startsWith('/api/') ? apiLink(href, env.realPath ?? env.path) : href);
      }
    }
  });
}

function siteLink(href, folder) {
  for (const [pattern, page] of ELSEWHERE) if (pattern.test(href)) return page;
  if (/^[a-z]+:|^#/i.test(href)) return href;
  // A page for a folder has the name index here; see `rewrites`.
  return /(?:^|\/)README\.md(?=$|#)/.test(href)
    ? new URL(href.replace(/README\.md/, 'index.md'), `http://site${folder}`).href.slice('http://site'.length)
    : href;
}

/** TypeDoc counts a type and a value of one name as two headings, and writes one: its `#name-1` is `#name` then. */
function apiLink(href, page) {
  const [, path, name] = /^([^#:]*)#([\w-]+)-1$/.exec(href) ?? [];
  if (name === undefined) return href;
  const text = readFileSync(path === '' ? page : resolve(page, '..', path), 'utf8');
  const headings = text.match(new RegExp(`^#+ ${name}(?:\\(\\))?\\??$`, 'gim')) ?? [];
  return headings.length === 1 ? `${path}#${name}` : href;
}

/** A fence ` ```html live ` is shown, and shown at work above: what is read is what runs. Addresses begin with `/` as on this site's root. */
export function liveExamples(md, base) {
  const plain = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index];
    const words = token.info.trim().split(/\s+/);
    const code = plain(tokens, index, ...rest);
    if (words[0] !== 'html' || !words.includes('live')) return code;
    const markup = token.content.replaceAll(/((?:src|poster|environment-image|skybox-image)=")\//g, `$1${base}`);
    return `<div class="live-example">${markup}</div>${code}`;
  };
}
