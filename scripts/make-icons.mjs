/** Draws the icons of `public/icons/` from `proscenium.svg` there, with headless Chromium. The results are committed; run it after a change. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';

const folder = fileURLToPath(new URL('../public/icons/', import.meta.url));
const GROUND = '#181b20';

const drawing = readFileSync(`${folder}proscenium.svg`, 'utf8');
const ground = /<rect [^>]*\/>/u.exec(drawing)?.[0] ?? '';
if (!ground.includes(GROUND)) throw new Error(`proscenium.svg has no ground of ${GROUND}`);
const marks = drawing.slice(drawing.indexOf(ground) + ground.length, drawing.indexOf('</svg>'));

const svg = (content) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${content}</svg>`;
const scaled = (content, scale) => `<g transform="translate(16 16) scale(${scale}) translate(-16 -15.6)">${content}</g>`;
/** Square to the edges: what systems cut to their own shapes. */
const square = `<rect width="32" height="32" fill="${GROUND}"/>`;
/** The safe zone of a maskable icon is a circle of 80 % of its width; the marks' lower corners are 17.8 units from the middle, of 32. */
const maskable = svg(square + scaled(marks, 0.72));
/** Only what is opaque counts: the arch, and the curtains with a gap around the ball. */
const monochrome = svg(
  `<mask id="ball"><rect width="32" height="32" fill="#fff"/><circle cx="16" cy="20.6" r="3.6" fill="#000"/></mask>` +
    scaled(
      `<g mask="url(#ball)">${marks.replace(/<circle [^>]*\/>/u, '')}</g>${/<circle [^>]*\/>/u.exec(marks)?.[0] ?? ''}`.replaceAll(
        /#[\da-f]{6}/gu,
        '#ffffff',
      ),
      0.9,
    ),
);
const shortcut = (lines) =>
  svg(`${ground}<g fill="none" stroke="#e3b565" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${lines}</g>`);

/** @type {readonly (readonly [name: string, svg: string, sizes: readonly number[]])[]} */
const icons = [
  ['any', drawing, [192, 512]],
  ['maskable', maskable, [192, 512]],
  ['monochrome', monochrome, [192, 512]],
  ['apple-touch', svg(square + scaled(marks, 0.86)), [180]],
  ['shortcut-open', shortcut('<path d="M7 23V10.5c0-.8.6-1.5 1.5-1.5h4.3l2.4 2.6h7.3c.8 0 1.5.7 1.5 1.5V23z"/>'), [96]],
  ['shortcut-sample', shortcut('<path d="M16 7l8 4.6v8.8L16 25l-8-4.6v-8.8zM8.2 11.8 16 16l7.8-4.2M16 16v8.8"/>'), [96]],
];

const browser = await launchBrowser();
const page = await browser.newPage();
for (const [name, source, sizes] of icons) {
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${source}`);
    writeFileSync(`${folder}${name}-${size}.png`, await page.screenshot({ omitBackground: true }));
  }
}
await browser.close();
