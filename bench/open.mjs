/**
 * `npm run bench:open`: milliseconds from bytes to the first picture, ours against three.js's USDLoader with
 * WebGPURenderer, from the same bytes in one Chromium run, pages loaded and devices ready before the clock starts.
 * A second pair of columns counts from navigation (start-up, shader compilation and all). Medians of `--runs` fresh pages,
 * sides alternating, `--only TEXT` picks files. Peak memory is the growth of all Chromium processes (PSS). `--json FILE` stores the figures.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser, openApp, serveDist } from '../scripts/browser.mjs';
import { generatedFiles } from './generate.mjs';
import { serveBenchPages } from './pages.mjs';
import { watchMemory } from './processes.mjs';

const { values } = parseArgs({
  options: { json: { type: 'string' }, runs: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
});
const runs = Number(values.runs);
const corpus = process.env['USD_CORPUS'] ?? '../shared/corpus';
const packages = ['AnimatedCube', 'AnimatedTriangle', 'BoxAnimated', 'CesiumMan', 'InterpolationTest', 'RiggedFigure', 'RiggedSimple'].map(
  (name) => `${corpus}/usdwg/test_assets/USDZ/${name}/${name}.usdz`,
);
packages.push(`${corpus}/usdwg/test_assets/RoughnessTest/RoughnessTest.usdz`);
const files = [...packages.filter((path) => existsSync(path)), 'public/samples/sample.usdz', ...generatedFiles()].filter((path) =>
  path.includes(values.only),
);
if (!existsSync(corpus)) console.log(`corpus not found at ${corpus}: ${packages.length} files left out`);

const [app, pages] = [await serveDist(), await serveBenchPages(['three-open'])];
const browser = await launchBrowser();
const rows = [];
try {
  for (const file of files) {
    const isLarge = readFileSync(file).length > 20e6;
    const count = isLarge ? Math.min(runs, 3) : runs;
    const [ours, three] = [[], []];
    for (let run = 0; run < count; run++) {
      ours.push(await openWithOurs(file));
      three.push(await openWithThree(file));
    }
    const row = { file: basename(file), bytes: readFileSync(file).length, ours: medians(ours), three: medians(three) };
    rows.push(row);
    print(row);
  }
} finally {
  await browser.close();
  await app.close();
  await pages.close();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
const wins = rows.filter((row) => row.ours.firstPictureMs * 2 <= row.three.firstPictureMs);
console.log(`\nAt most half of three.js's time to the first picture: ${wins.length} of ${rows.length} files`);

async function openWithOurs(file) {
  const { page, errors } = await openApp(browser, app.url, { width: 640, height: 360 });
  try {
    await page.evaluate(() => document.querySelector('usd-viewer-app').rendererReady);
    await addFileInput(page, file);
    const memory = watchMemory(process.pid);
    const figures = await page.evaluate(async (name) => {
      const element = document.querySelector('usd-viewer-app');
      const file = document.querySelector('#bench-file').files[0];
      const bytes = new Uint8Array(await file.arrayBuffer());
      const started = performance.timeOrigin + performance.now();
      await element.openFiles([{ path: name, file: new File([bytes], name) }]);
      const stats = await element.settled();
      return {
        firstPictureMs: element.milestones.first - started,
        completeMs: element.milestones.complete - started,
        fromNavigationMs: element.milestones.first - performance.timeOrigin,
        meshes: stats.meshes,
        triangles: stats.triangles,
      };
    }, basename(file));
    return { ...figures, peakMiB: memory.stop() };
  } catch (error) {
    return { failed: errors[0] ?? String(error.message).split('\n')[0] };
  } finally {
    await page.close();
  }
}

async function openWithThree(file) {
  const page = await browser.newPage({ viewport: { width: 640, height: 360 } });
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    await page.goto(`${pages.url}three-open.html`);
    await page.waitForFunction(() => window.isReady === true);
    await addFileInput(page, file);
    const memory = watchMemory(process.pid);
    const figures = await page.evaluate(async () => {
      const bytes = await document.querySelector('#bench-file').files[0].arrayBuffer();
      const result = await window.openWithThree(bytes);
      return { ...result, fromNavigationMs: performance.now() };
    });
    return { ...figures, peakMiB: memory.stop() };
  } catch (error) {
    return { failed: errors[0] ?? String(error.message).split('\n')[0] };
  } finally {
    await page.close();
  }
}

async function addFileInput(page, file) {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'bench-file';
    input.hidden = true;
    document.body.append(input);
  });
  await page.setInputFiles('#bench-file', file);
}

function medians(samples) {
  const good = samples.filter((sample) => sample.failed === undefined);
  if (good.length === 0) return { failed: samples[0]?.failed ?? 'not run' };
  const result = {};
  for (const key of Object.keys(good[0])) {
    const sorted = good.map((sample) => sample[key]).toSorted((a, b) => a - b);
    result[key] = sorted[Math.floor(sorted.length / 2)];
  }
  return result;
}

function print({ file, bytes, ours, three }) {
  const time = (figures, key) => (figures.failed === undefined ? figures[key].toFixed(0).padStart(6) : 'failed');
  const ratio =
    ours.failed === undefined && three.failed === undefined ? `${(three.firstPictureMs / ours.firstPictureMs).toFixed(2)}x` : '-';
  console.log(
    `${file.padEnd(24)} ${(bytes / 1e6).toFixed(2).padStart(7)} MB  first picture ours ${time(ours, 'firstPictureMs')} ms, three ${time(three, 'firstPictureMs')} ms, ratio ${ratio};` +
      ` from navigation ${time(ours, 'fromNavigationMs')} / ${time(three, 'fromNavigationMs')} ms; complete ${time(ours, 'completeMs')} ms; peak ${time(ours, 'peakMiB')} / ${time(three, 'peakMiB')} MiB` +
      `${three.failed === undefined ? '' : ` (three: ${three.failed})`}${ours.failed === undefined ? '' : ` (ours: ${ours.failed})`}`,
  );
}
