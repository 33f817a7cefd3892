/**
 * Part "openusd": against OpenUSD compiled to WebAssembly, as the package `three-usdz-loader` carries it, in one headless Chromium on
 * the same kind of page. It hangs now and then on a page's main thread; a measurement that takes too long is tried again in a new
 * browser and then left out.
 */
import { relative, resolve } from 'node:path';
import { FileResolver, initKernel, Stage } from 'usd-wasm/node';
import { launchBrowser } from '../../scripts/browser.mjs';
import { CORPUS, CORPUS_NOTE, corpusFiles, hasCorpus } from './corpus.mjs';
import { serveSite } from './site.mjs';
import { bar, median, ms, sum, table, times } from './table.mjs';

const OPEN_BAR = 5;
const START_BAR = 30;
const TRIES = 3;
const LIMIT_MS = 20_000;
const FIRST_STAGE = 'usdwg/test_assets/USDZ/BoxAnimated/BoxAnimated.usdz';
/** A browser that was just launched starts processes of its own, which take the cores from what is measured. */
const SETTLE_MS = 1500;
const SIDES = ['ours', 'openusd'];
/** What `measureStart` tells, each since the beginning. */
const START_STEPS = { startMs: 'engine ready', openMs: 'first stage open', totalMs: 'its prims asked' };

export async function measureOpenUsd({ processes, rounds, files: pattern }) {
  if (!hasCorpus) return CORPUS_NOTE;
  await initKernel();
  const stages = await describeStages(new RegExp(pattern ?? '', 'u'));
  const site = await serveSite({ corpus: resolve(CORPUS) });
  const browsers = new Browsers(site.url);
  try {
    const starts = await measureStarts(browsers, processes, await describeStage(FIRST_STAGE));
    const rows = [];
    for (const stage of stages) {
      const row = { ...stage };
      for (const side of SIDES) row[side] = await browsers.try(side, (page) => openIn(page, side, stage, rounds));
      rows.push(row);
      if (rows.length % 20 === 0) console.log(`${rows.length} of ${stages.length} stages`);
    }
    return report(starts, rows, processes, rounds);
  } finally {
    await browsers.close();
    await site.close();
  }
}

/** Every layer and package of `usdwg` that opens as a stage, with the files it is made of and its prims. */
async function describeStages(pattern) {
  const base = resolve(CORPUS);
  const stages = [];
  for (const file of corpusFiles('usdwg', ['#usda', 'PXR-USDC', 'PK'])) {
    if (!pattern.test(file)) continue;
    try {
      stages.push(await describeStage(relative(base, resolve(file))));
    } catch {
      // not every file of the corpus can be opened; conformance tests say which
    }
  }
  return stages;
}

async function describeStage(root) {
  const base = resolve(CORPUS);
  const stage = await Stage.open(resolve(base, root), { resolver: new FileResolver() });
  const files = new Set(stage.usedLayers.map((layer) => relative(base, layer.identifier.split('[')[0])));
  return { root, files: [...files], paths: [...stage.traverse()].map((prim) => prim.path) };
}

async function measureStarts(browsers, processes, { root, files, paths }) {
  const starts = { ours: [], openusd: [] };
  for (let i = 0; i < processes; i++) {
    for (const side of SIDES) {
      // A browser of its own for each: compiled code is kept from page to page.
      const measure = async (page) => {
        await page.waitForTimeout(SETTLE_MS);
        return page.evaluate(
          ([name, rootFile, list, primPaths]) => window.measureStart(name, rootFile, list, primPaths, '/corpus'),
          [side, root, files, paths],
        );
      };
      const result = await browsers.try(side, measure, { isFresh: true });
      if (result !== undefined) starts[side].push(result);
    }
  }
  return starts;
}

async function openIn(page, side, { root, files, paths }, rounds) {
  const results = await page.evaluate(
    ([name, rootFile, list, primPaths, count]) => window.measureOpen(name, rootFile, list, primPaths, '/corpus', count),
    [side, root, files, paths, rounds],
  );
  return {
    openMs: median(results.map(({ openMs }) => openMs)),
    bothMs: median(results.map(({ openMs, traverseMs }) => openMs + traverseMs)),
    types: results[0].types,
  };
}

/** One browser and page per side, with the engine started and one stage opened; replaced when a measurement takes too long or fails. */
class Browsers {
  #url;
  #pages = new Map();
  retries = 0;

  constructor(url) {
    this.#url = url;
  }

  async try(side, measure, { isFresh = false } = {}) {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) this.retries++;
      try {
        return await withLimit(this.#page(side, isFresh).then(measure));
      } catch (error) {
        if (attempt === TRIES - 1) console.log(`${side}: ${String(error.message).split('\n')[0]}`);
        await this.#drop(side);
      } finally {
        if (isFresh) await this.#drop(side);
      }
    }
    return undefined;
  }

  async #page(side, isFresh) {
    if (isFresh) await this.#drop(side);
    const known = this.#pages.get(side);
    if (known !== undefined) return known.page;
    const browser = await launchBrowser();
    const page = await browser.newPage();
    this.#pages.set(side, { browser, page });
    await page.goto(`${this.#url}pages/side.html`);
    if (!(await page.evaluate(() => window.crossOriginIsolated))) throw new Error('the page is not cross-origin isolated');
    if (!isFresh) await page.evaluate(([name, root]) => window.measureStart(name, root, [root], [], '/corpus'), [side, FIRST_STAGE]);
    return page;
  }

  async #drop(side) {
    const known = this.#pages.get(side);
    this.#pages.delete(side);
    if (known !== undefined) await Promise.race([known.browser.close(), new Promise((done) => setTimeout(done, 5000))]);
  }

  async close() {
    for (const side of SIDES) await this.#drop(side);
  }
}

function withLimit(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function report(starts, rows, processes, rounds) {
  const start = (side, key) => median(starts[side].map((row) => row[key]));
  const compared = rows.filter((row) => row.ours !== undefined && row.openusd !== undefined);
  const left = rows.filter((row) => !compared.includes(row));
  const isSame = (row) =>
    row.ours.types.length === row.openusd.types.length && row.ours.types.every((type, i) => type === row.openusd.types[i]);
  const others = compared.filter((row) => !isSame(row));
  const totals = (side, key) => sum(compared.map((row) => row[side][key]));
  const ratios = compared.map((row) => row.openusd.bothMs / row.ours.bothMs);
  const total = totals('openusd', 'bothMs') / totals('ours', 'bothMs');
  const fast = ratios.filter((ratio) => ratio >= OPEN_BAR).length;
  const startRatio = start('openusd', 'totalMs') / start('ours', 'totalMs');
  const largest = compared.toSorted((a, b) => b.openusd.bothMs - a.openusd.bothMs).slice(0, 10);
  const name = (row) => row.root.split('/').slice(-2).join('/');
  return `Headless Chromium, cross-origin isolated pages served from this machine without caching; ours is the entry \`usd-wasm/stage\` with the kernel, OpenUSD's ${'`UsdStage`'} through the bindings of \`three-usdz-loader\` 1.0.9 (OpenUSD 22, 8.2 MB of WebAssembly).

Start-up from nothing: script and WebAssembly fetched, compiled and started, a first stage (\`BoxAnimated.usdz\`, in memory) opened, and each of its prims asked for its type and attributes, so that
nothing that a side puts off is left out; each in a browser of its own, ${SETTLE_MS / 1000} s after its page has loaded. Medians of ${processes}.

${table(
  ['', 'ours, ms', 'OpenUSD, ms', 'ratio'],
  Object.entries(START_STEPS).map(([key, step]) => [
    step,
    ms(start('ours', key)),
    ms(start('openusd', key)),
    times(start('openusd', key) / start('ours', key)),
  ]),
)}

Open and traverse: engines started and warm, a stage's files in memory on both sides, under new names each time; opened, then each prim asked for its type and attributes (OpenUSD's bindings have no
traversal: it is given the paths and spared finding them). Medians of ${rounds} rounds per stage, over ${compared.length} stages of the corpus' \`usdwg\`.

${table(
  ['stages', 'prims', 'ours, ms', 'OpenUSD, ms', 'ratio'],
  [
    [
      'all, opening alone',
      sum(compared.map((row) => row.paths.length)),
      ms(totals('ours', 'openMs')),
      ms(totals('openusd', 'openMs')),
      times(totals('openusd', 'openMs') / totals('ours', 'openMs')),
    ],
    ['all', sum(compared.map((row) => row.paths.length)), ms(totals('ours', 'bothMs')), ms(totals('openusd', 'bothMs')), times(total)],
    ...largest.map((row) => [
      name(row),
      row.paths.length,
      ms(row.ours.bothMs),
      ms(row.openusd.bothMs),
      times(row.openusd.bothMs / row.ours.bothMs),
    ]),
  ],
)}

The rows with names are the ten that take OpenUSD longest.

${bar(`Open and traverse at least ${OPEN_BAR}x as fast`, `${times(total)} over all, median of the stages ${times(median(ratios))}, ${fast} of ${compared.length} stages at least that`, total >= OPEN_BAR && median(ratios) >= OPEN_BAR)}
${bar(`Start-up from nothing at least ${START_BAR}x as fast`, `${ms(start('ours', 'totalMs'))} ms against ${ms(start('openusd', 'totalMs'))} ms, ${times(startRatio)}`, startRatio >= START_BAR)}
- Left out, as a side did not end within ${LIMIT_MS / 1000} s or failed in ${TRIES} tries: ${left.length === 0 ? 'none' : left.map((row) => `${name(row)} (${SIDES.filter((side) => row[side] === undefined).join(', ')})`).join('; ')}.
- On ${others.length} stages the two do not give all prims the same type (OpenUSD 22 knows no relocates, expressions and newer schemas): ${others.length === 0 ? 'none' : others.map(name).join('; ')}.
`;
}
