/**
 * `npm run gallery`: draws the corpus files with a reference picture through the built app, puts each pair side by side
 * in `docs/gallery/*.jpg` (at most 60 KB each) and writes `docs/gallery.md`. Differences are described in
 * `scripts/gallery.json`, by hand, after looking at the pairs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openApp, serveDist } from './browser.mjs';
import { parseOptions, record } from './usdrecord.mjs';

const corpus = `${process.env['USD_CORPUS'] ?? '../shared/corpus'}/usdwg/`;
const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const entries = JSON.parse(readFileSync(new URL('./gallery.json', import.meta.url), 'utf8'));
const only = process.argv.slice(2);
const MAX_BYTES = 60_000;

if (!existsSync(corpus)) {
  console.error(`gallery: corpus not found at ${corpus}`);
  process.exit(1);
}
mkdirSync(`${docs}gallery`, { recursive: true });
const server = await serveDist();
const browser = await launchBrowser();
const lines = [
  '# Gallery',
  '',
  'Left: the reference picture that ships with the file (usdview, Storm thumbnails, or the glTF reference the asset was made from). Right: ours,',
  'drawn by `npm run gallery` in headless Chromium. Lights and cameras of the references are not stored in the files, so',
  'compare shape, texture placement and materials, not the exact framing.',
  '',
];
try {
  for (const entry of entries) {
    const picture = `gallery/${entry.name}.jpg`;
    if (only.length === 0 || only.includes(entry.name)) await pair(entry, `${docs}${picture}`);
    lines.push(
      `## ${entry.name}`,
      '',
      `\`${entry.file}\``,
      '',
      `![${entry.name}: reference and ours](${picture})`,
      '',
      entry.differences,
      '',
    );
  }
} finally {
  await browser.close();
  await server.close();
}
writeFileSync(`${docs}gallery.md`, `${lines.join('\n').trimEnd()}\n`);

/** Draws one file and writes the pair. */
async function pair(entry, out) {
  const [width, height] = entry.size ?? [480, 360];
  const { page, errors } = await openApp(browser, server.url, { width, height });
  try {
    const request = { ...parseOptions({ size: `${width}x${height}`, background: '0.29,0.29,0.29,1', ...entry.options }), view: entry.view };
    const result = await record(page, corpus + entry.file, request);
    if (result.png === undefined) throw new Error(result.error ?? errors[0]);
    const jpeg = await page.evaluate(joinPictures, {
      reference: readFileSync(corpus + entry.reference).toString('base64'),
      ours: result.png.toString('base64'),
      height,
      maxBytes: MAX_BYTES,
    });
    writeFileSync(out, Buffer.from(jpeg, 'base64'));
    const problems = result.problems.map((problem) => `${problem.code} ${problem.path ?? problem.asset ?? ''}`);
    console.log(
      `${entry.name}: ${result.meshes} meshes, ${result.triangles} triangles${problems.length > 0 ? `; problems: ${problems.join(', ')}` : ''}`,
    );
  } finally {
    await page.close();
  }
}

/** Runs in the page: two pictures beside each other as one JPEG, the quality lowered until it fits. */
async function joinPictures({ reference, ours, height, maxBytes }) {
  const decode = (base64) => createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
  const bitmaps = [await decode(reference), await decode(ours)];
  const widths = bitmaps.map((bitmap) => Math.round((bitmap.width * height) / bitmap.height));
  const canvas = new OffscreenCanvas(widths[0] + widths[1] + 4, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#888';
  context.fillRect(0, 0, canvas.width, height);
  context.drawImage(bitmaps[0], 0, 0, widths[0], height);
  context.drawImage(bitmaps[1], widths[0] + 4, 0, widths[1], height);
  for (let quality = 0.85; ; quality -= 0.1) {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (blob.size <= maxBytes || quality < 0.3) return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  }
}
