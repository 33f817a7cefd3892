/**
 * `npm run size`: brotli size of everything a first visit of the app downloads, by room, against budgets: what it needs, and what the
 * service worker fetches afterwards, for use without a network; counted apart are the worker itself and what it fetches when a page was seen for
 * a while and rests. And of what other pages use of
 * `dist/embed`, which no visit of the app loads. Needs `dist/`.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const KIB = 1024;
/**
 * Bytes, brotli quality 11. `usd-wasm` is measured as its own bundle (JS + wasm), which the USD worker contains; what only Node uses of
 * it, the command and files on disk, counts apart, and so does the bundle of `usd-wasm/stage`. None of them is part of the total.
 */
const BUDGETS = {
  total: 350 * KIB,
  'usd-wasm': 150 * KIB,
  'usd-wasm/stage, text and arcs': 100 * KIB,
  'usd-wasm/stage': 72 * KIB,
  'usd command': 20 * KIB,
  page: 70 * KIB,
  'page, parts for later': 40 * KIB,
  'fetched when the page rests': 80 * KIB,
  'render worker': 50 * KIB,
  'USD worker': 170 * KIB,
  sample: 110 * KIB,
  icons: 8 * KIB,
  'service worker': 8 * KIB,
  'element before views come near': 40 * KIB,
  'element with its first model': 300 * KIB,
  // The manager with its transports is 17 KiB of it, the rest rings, timelines, discovery, streams.
  'frame sharing, share.js': 22 * KIB,
};

function files(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile() && !path.endsWith('.map'));
}

function brotliSize(path) {
  return brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } })
    .length;
}

/** The module and what it imports at once, and so on; with `isDeep`, all that it names, to be loaded later or by workers. */
function reach(path, isDeep, seen = new Set()) {
  if (seen.has(path) || !existsSync(path)) return seen;
  seen.add(path);
  if (!path.endsWith('.js')) return seen;
  const text = readFileSync(path, 'utf8');
  const pattern = isDeep ? /["'`](?:\.\/)?(?<name>[\w.-]+\.(?:js|wasm))["'`]/gu : /(?:\bfrom|\bimport)\s*["'](?<name>\.\/[^"']+)["']/gu;
  for (const { groups } of text.matchAll(pattern)) reach(join(dirname(path), groups.name), isDeep, seen);
  return seen;
}
/** What the app's page names, and what those scripts import at once. */
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const eager = new Set([join(dist, 'index.html')]);
for (const { groups } of page.matchAll(/(?:src|href)="\.\/(?<name>assets\/[^"]+)"/gu)) reach(join(dist, groups.name), false, eager);

function roomOf(path) {
  const name = relative(dist, path);
  if (/^assets[/\\]later-/u.test(name)) return 'fetched when the page rests';
  if (name.endsWith('.usdz')) return 'sample';
  if (name.includes('render-worker')) return 'render worker';
  if (name.endsWith('.wasm')) return 'kernel';
  if (name === 'service-worker.js') return 'service worker';
  if (name.startsWith('icons')) return 'icons';
  if (/^assets[/\\]worker/u.test(name) || name.includes('usd-worker')) return 'USD worker';
  return eager.has(path) ? 'page' : 'page, parts for later';
}

const sizes = new Map();
const isEmbed = (path) => /^(?:embed[/\\]|embed\.html$|builder\.html$)/u.test(relative(dist, path));
/** What stores, hosts and installing need; no visit asks for it. */
const isExtra = (path) =>
  /^(?:_headers$|screenshots[/\\]|samples[/\\].*\.md$|icons[/\\](?!any-192|proscenium))/u.test(relative(dist, path));
for (const path of files(dist)) {
  if (isEmbed(path) || isExtra(path)) continue;
  const room = roomOf(path);
  sizes.set(room, (sizes.get(room) ?? 0) + brotliSize(path));
}
const usdWasm = (...names) => {
  const paths = names.map((name) => fileURLToPath(new URL(`../packages/usd-wasm/dist/${name}`, import.meta.url)));
  for (const path of paths) if (!existsSync(path)) throw new Error(`${path} is not there: run "npm run build" first`);
  return paths.reduce((sum, path) => sum + brotliSize(path), 0);
};
const APART = ['service worker', 'fetched when the page rests'];
const total = [...sizes].reduce((sum, [room, size]) => sum + (APART.includes(room) ? 0 : size), 0);
sizes.set('total', total);
sizes.set('usd-wasm', usdWasm('index.js', 'kernel.wasm'));
sizes.set('usd-wasm/stage', usdWasm('stage.js', 'kernel.wasm'));
sizes.set('usd-wasm/stage, text and arcs', usdWasm('stage.js', 'stage-usda.js', 'stage-arcs.js', 'kernel.wasm'));
sizes.set('usd command', usdWasm('cli.js', 'node.js'));

const sum = (paths) => [...paths].reduce((bytes, path) => bytes + brotliSize(path), 0);
const element = join(dist, 'embed/usd-view.js');
if (!existsSync(element)) throw new Error(`${element} is not there: run "npm run build" first`);
sizes.set('element before views come near', sum(reach(element, false)));
sizes.set('element with its first model', sum(reach(element, true)));
sizes.set('client of the embed page', sum(reach(join(dist, 'embed/embed-client.js'), false)));
sizes.set('frame sharing, share.js', sum(reach(join(dist, 'embed/share.js'), false)));
sizes.set('everything for other pages', sum(files(dist).filter(isEmbed)));

let isOver = false;
console.log('brotli KiB   budget  what');
for (const [room, size] of sizes) {
  const budget = BUDGETS[room];
  const mark = budget !== undefined && size > budget ? '  OVER' : '';
  if (mark !== '') isOver = true;
  console.log(`${(size / KIB).toFixed(1).padStart(10)} ${(budget === undefined ? '-' : String(budget / KIB)).padStart(8)}  ${room}${mark}`);
}
process.exitCode = isOver ? 1 : 0;
