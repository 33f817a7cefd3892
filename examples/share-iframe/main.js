/** Draws a clock and gives its picture to the frames of this page. */
import { drawClock } from './clock.js';
import { TextureShareManager, transferablesOf } from './embed/share.js';

const canvas = document.querySelector('canvas');
const status = document.querySelector('[role=status]');
const context = canvas.getContext('2d', { willReadFrequently: true });

const manager = new TextureShareManager();
const texture = manager.createShareableTexture({
  label: 'clock',
  width: canvas.width,
  height: canvas.height,
  format: 'rgba8unorm',
  alphaMode: 'opaque',
});

/* A frame says "ready" and gets a connection of its own. A sandboxed one has no origin: it is known by its window, and answered with "*". */
addEventListener('message', ({ source, data }) => {
  const isOurs = [...document.querySelectorAll('iframe')].some(({ contentWindow }) => contentWindow === source);
  if (!isOurs || data?.kind !== 'ready') return;
  const handle = manager.exportTexture(texture);
  source.postMessage({ kind: 'texture', handle }, { targetOrigin: '*', transfer: transferablesOf(handle) });
});
/* Not before this page listens. */
for (const frame of document.querySelectorAll('iframe')) frame.src = './frame.html';

texture.onConnection(() => {
  const ways = texture.connections.filter(({ state }) => state === 'open').map(({ transport }) => `“${transport}”`);
  if (ways.length > 0) status.textContent = `Frames that show it: ${ways.length}, by ${ways.join(' and ')}.`;
});

const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
for (;;) {
  drawClock(context, new Date(), isStill);
  texture.beginPixels().set(context.getImageData(0, 0, canvas.width, canvas.height).data);
  await texture.publish();
  // Once a second without motion, else as often as the window is painted.
  if (isStill) await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
  else await new Promise(requestAnimationFrame);
}
