/**
 * `npm run bench:share`: frames shared between workers and windows, by every transport and size, in headless Chromium with cross-origin isolation. Writes the
 * tables of `docs/share/benchmark.md`: of this machine's software renderer, and with `--from FILE` what `bench/pages/share.html?run` posted on another.
 *
 * `--quick`: 1280 x 720 only, nothing is written. `--json FILE` stores the rows.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../scripts/browser.mjs';
import { serveBenchPages } from './pages.mjs';
import { bar, ms, table } from './usd/table.mjs';

const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const DOC = fileURLToPath(new URL('../docs/share/benchmark.md', import.meta.url));

const { values } = parseArgs({
  options: { json: { type: 'string' }, from: { type: 'string' }, quick: { type: 'boolean', default: false } },
});

const before = loadavg()[0];
const { adapter, rows } = values.from === undefined ? await measureHere() : JSON.parse(readFileSync(values.from, 'utf8'));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ adapter, rows }, undefined, 2)}\n`);
const isSoftware = /swiftshader|llvmpipe|software/iu.test(adapter);
const report = reportOf(isSoftware);
console.log(`\n${report}`);
if (!values.quick) writePart(isSoftware ? 'software' : 'hardware', report);

async function measureHere() {
  const server = await serveBenchPages(['share', 'share-window'], ISOLATED);
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    page.on('pageerror', (error) => console.log(String(error)));
    await page.goto(`${server.url}share.html`);
    await page.waitForFunction(() => window.isReady === true);
    const cells = await page.evaluate((isQuick) => window.shareCells(isQuick), values.quick);
    const measured = [];
    for (const cell of cells) {
      const row = await page.evaluate((one) => window.measureShare(one), cell);
      measured.push(row);
      const { figures } = row;
      console.log(
        `${nameOf(row.cell)}: ${figures === undefined ? row.failed : `${ms(figures.latencyP50Ms)} ms, ${figures.framesPerSecond.toFixed(0)} fps`}`,
      );
    }
    return { adapter: await page.evaluate(() => window.describeAdapter()), rows: measured };
  } finally {
    await browser.close();
    await server.close();
  }
}

function nameOf({ width, height, pair, transport, inFlight, source }) {
  return `${width}x${height} ${pair}, ${transport}, ${inFlight} in flight${source === 'cpu' ? ', CPU producer' : ''}`;
}

function reportOf() {
  const machine =
    values.from === undefined
      ? `${cpus().length} cores (${cpus()[0].model.split(' ').slice(0, 2).join(' ')}), load before and after ${before.toFixed(1)} and ${loadavg()[0].toFixed(1)}`
      : 'a GPU machine';
  const done = rows.filter(({ figures }) => figures !== undefined);
  const lines = done.map(({ cell, figures }) => [
    `${cell.width}x${cell.height}`,
    `${cell.pair}${cell.source === 'cpu' ? ', CPU producer' : ''}`,
    cell.transport === 'auto' ? `auto: ${figures.transport}` : cell.transport,
    String(cell.inFlight),
    `${ms(figures.latencyP50Ms)}, ${ms(figures.latencyP95Ms)}`,
    figures.framesPerSecond.toFixed(0),
    cell.pair.startsWith('window') ? ms(figures.mainThreadMs) : '0',
    `${figures.copiesSeen.toFixed(1)} of ${figures.copiesSaid}`,
    figures.connectMs.toFixed(0),
  ]);
  const head = ['size', 'from and to', 'transport', 'in flight', 'latency p50, p95 ms', 'fps', 'main thread, ms', 'copies', 'connect, ms'];
  return [
    `${new Date().toISOString().slice(0, 10)}, ${adapter}, headless Chromium, ${machine}. \`npm run bench:share${values.from === undefined ? '' : ' -- --from FILE'}\``,
    '',
    table(head, lines),
    '',
    ...verdicts(done),
    ...rows.filter(({ failed }) => failed !== undefined).map(({ cell, failed }) => `- Left out: ${nameOf(cell)}: ${failed}.`),
    ...done
      .filter(({ figures }) => figures.wrongColor !== undefined)
      .map(({ cell, figures }) => `- Wrong pixels: ${nameOf(cell)}: ${figures.wrongColor}.`),
  ].join('\n');
}

function verdicts(done) {
  const find = (width, test) =>
    done.filter(({ cell }) => cell.width === width && cell.source === 'gpu' && cell.transport !== 'auto' && test(cell));
  const fastest = (list, key) => list.toSorted((a, b) => key(a) - key(b))[0];
  const latency = ({ figures }) => figures.latencyP50Ms;
  const say = ({ cell, figures }) => `${ms(figures.latencyP50Ms)} ms and ${figures.framesPerSecond.toFixed(0)} fps by ${cell.transport}`;
  const between = find(1920, ({ pair }) => pair === 'worker to worker');
  const windows = find(1920, ({ pair }) => pair.startsWith('window'));
  const lines = [];
  if (isSoftware) {
    const best = fastest(
      between.filter(({ cell }) => cell.inFlight === 1),
      latency,
    );
    const most = fastest(between, ({ figures }) => -figures.framesPerSecond);
    if (best !== undefined)
      lines.push(
        bar(
          '1080p, worker to worker, at most 12 ms median and at least 80 fps by the best transport',
          `${say(best)} with one in flight; ${most.figures.framesPerSecond.toFixed(0)} fps by ${most.cell.transport} with ${most.cell.inFlight}`,
          best.figures.latencyP50Ms <= 12 && most.figures.framesPerSecond >= 80,
        ),
      );
    const popup = fastest(windows, latency);
    if (popup !== undefined) lines.push(bar('1080p, window to popup, at most 6 ms', say(popup), popup.figures.latencyP50Ms <= 6));
  } else {
    for (const kind of ['bitmap', 'video-frame']) {
      for (const [name, list] of [
        ['worker to worker', between],
        ['window to popup', windows],
      ]) {
        const mine = list.filter(({ cell }) => cell.transport === kind);
        const most = fastest(mine, ({ figures }) => -figures.framesPerSecond);
        if (most === undefined) continue;
        const { framesPerSecond, mainThreadMs } = most.figures;
        lines.push(
          bar(
            `1080p, ${kind}, ${name}, at least 60 fps and under 1 ms of the main thread per frame`,
            `${framesPerSecond.toFixed(0)} fps with ${most.cell.inFlight} in flight, ${ms(mainThreadMs)} ms`,
            framesPerSecond >= 60 && mainThreadMs < 1,
          ),
        );
      }
    }
    const ring = done.find(
      ({ cell }) => cell.width === 1920 && cell.source === 'cpu' && cell.transport === 'shared-memory' && cell.inFlight === 1,
    );
    if (ring !== undefined) {
      const { framesPerSecond, latencyP50Ms } = ring.figures;
      lines.push(
        bar(
          '1080p, ring, CPU producer to GPU texture, at least 60 fps and under two frames (33 ms) of latency',
          `${framesPerSecond.toFixed(0)} fps, ${ms(latencyP50Ms)} ms`,
          framesPerSecond >= 60 && latencyP50Ms < 2000 / 60,
        ),
      );
    }
  }
  for (const auto of done.filter(({ cell }) => cell.transport === 'auto' && cell.inFlight === 1)) {
    const { cell, figures } = auto;
    const others = find(cell.width, ({ pair, inFlight, transport }) => pair === cell.pair && inFlight === 1 && transport !== 'broadcast');
    const best = fastest(others, latency);
    const own = others.find((row) => row.cell.transport === figures.transport);
    if (best === undefined || own === undefined) continue;
    const share = own.figures.latencyP50Ms / best.figures.latencyP50Ms - 1;
    const found =
      own === best
        ? `${figures.transport}, the fastest`
        : `${figures.transport}, ${(100 * share).toFixed(0)} % over ${best.cell.transport}`;
    lines.push(
      bar(`${cell.width}x${cell.height}, ${cell.pair}, the transport that is chosen within 10 % of the fastest`, found, share <= 0.1),
    );
  }
  return lines;
}

function writePart(name, body) {
  if (!existsSync(DOC)) throw new Error(`${DOC} is not there`);
  const [begin, end] = [`<!-- bench:share ${name} begin -->`, `<!-- bench:share ${name} end -->`];
  const text = readFileSync(DOC, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOC} has no markers ${begin} … ${end}`);
  writeFileSync(DOC, `${text.slice(0, from + begin.length)}\n\n${body.trim()}\n\n${text.slice(to)}`);
}
