/**
 * `npm run bench:frame`: JavaScript milliseconds and GPU-process CPU per frame, ours against three.js's WebGPURenderer
 * (plain and with a BundleGroup), in one Chromium run on a 64x64 canvas. `--json FILE` stores the figures.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../scripts/browser.mjs';
import { serveBenchPages } from './pages.mjs';
import { gpuProcessCpuMs } from './processes.mjs';

const { values } = parseArgs({
  options: { json: { type: 'string' }, frames: { type: 'string', default: '40' }, quick: { type: 'boolean', default: false } },
});
const frames = Number(values.frames);
const warmup = 5;
const cases = [
  { kind: 'distinct', count: 1000, isMoving: false },
  { kind: 'distinct', count: 1000, isMoving: true },
  { kind: 'distinct', count: 10_000, isMoving: false },
  { kind: 'distinct', count: 10_000, isMoving: true },
  ...(values.quick ? [] : [1000, 100_000, 1_000_000].map((count) => ({ kind: 'instances', count, isMoving: false }))),
];
/** Each side of the comparison: its page and the call that measures a case. */
const sides = [
  {
    name: 'ours',
    page: 'ours-frame',
    run: (page, frameCase) => page.evaluate(([c, o]) => window.measureOurs(c, o), [frameCase, { frames, warmup }]),
  },
  {
    name: 'three plain',
    page: 'three-frame',
    run: (page, frameCase) => page.evaluate(([c, o]) => window.measureThree(c, o), [frameCase, { frames, warmup, isBundled: false }]),
  },
  {
    name: 'three bundled',
    page: 'three-frame',
    run: (page, frameCase) => page.evaluate(([c, o]) => window.measureThree(c, o), [frameCase, { frames, warmup, isBundled: true }]),
  },
];
const LIMIT_MS = 240_000;

const server = await serveBenchPages(['ours-frame', 'three-frame']);
const browser = await launchBrowser();
const rows = [];
try {
  for (const frameCase of cases) {
    for (const side of sides) {
      const page = await browser.newPage();
      const errors = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      let row = { ...frameCase, side: side.name };
      try {
        await page.goto(`${server.url}${side.page}.html`);
        await page.waitForFunction(() => window.isReady === true, undefined, { timeout: 60_000 });
        const cpuBefore = gpuProcessCpuMs(process.pid);
        const figures = await withLimit(side.run(page, frameCase));
        row = { ...row, ...figures, gpuProcessMs: (gpuProcessCpuMs(process.pid) - cpuBefore) / (figures.frames + warmup) };
      } catch (error) {
        row = { ...row, failed: errors[0] ?? String(error.message).split('\n')[0] };
      }
      rows.push(row);
      print(row);
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
summarise(rows);

function print(row) {
  const what = `${row.count.toLocaleString('en')} ${row.kind}${row.isMoving ? ', moving' : ''}`;
  const text =
    row.failed === undefined
      ? `${row.medianMs.toFixed(3).padStart(9)} ms JS (p90 ${row.p90Ms.toFixed(3)}), GPU process ${row.gpuProcessMs.toFixed(1)} ms CPU incl. building, build ${row.buildMs.toFixed(0)} ms${row.draws === undefined ? '' : `, ${row.draws} draws`}`
      : `left out: ${row.failed}`;
  console.log(`${what.padEnd(28)} ${row.side.padEnd(14)} ${text}`);
}

function summarise(all) {
  console.log('\nJavaScript per frame, three.js divided by ours:');
  for (const frameCase of cases) {
    const of = (side) =>
      all.find(
        (row) => row.side === side && row.count === frameCase.count && row.kind === frameCase.kind && row.isMoving === frameCase.isMoving,
      )?.medianMs;
    const ours = of('ours');
    const ratio = (side) => (ours === undefined || of(side) === undefined ? '-' : `${(of(side) / ours).toFixed(1)}x`);
    console.log(
      `${frameCase.count.toLocaleString('en').padStart(9)} ${frameCase.kind}${frameCase.isMoving ? ', moving' : ''}: plain ${ratio('three plain')}, bundled ${ratio('three bundled')}`,
    );
  }
}

function withLimit(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
