/** Asks the window that opened this one for its texture, and draws it on a flag with a graphics device of its own. */
import { TextureShareManager } from './embed/share.js';
import { createFlag } from './flag.js';
import { openDevice } from './open-device.js';

const canvas = document.querySelector('canvas');
const status = document.querySelector('[role=status]');

const device = await openDevice(status);
const handle = await new Promise((resolve, reject) => {
  if (window.opener === null) {
    status.textContent = 'Nothing to show: open this window with the button of the first one.';
    reject(new Error('There is no window that opened this one'));
    return;
  }
  addEventListener('message', ({ origin, source, data }) => {
    if (origin === location.origin && source === window.opener && data?.kind === 'texture') resolve(data.handle);
  });
  window.opener.postMessage({ kind: 'ready' }, location.origin);
});

const imported = new TextureShareManager({ device }).importTexture(handle);
imported.ready.then(
  (transport) => (status.textContent = `The frames come by “${transport}”.`),
  (error) => (status.textContent = error.message),
);
void imported.closed.then(() => (status.textContent = 'The first window is gone; this is its last frame.'));

const context = canvas.getContext('webgpu');
const format = navigator.gpu.getPreferredCanvasFormat();
context.configure({ device, format, alphaMode: 'opaque' });
const flag = createFlag(device, format);
const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
let picture;
for (;;) {
  // The newest frame, if one came since the last; the texture stays as it is until the next one is asked for.
  const frame = imported.take();
  if (frame !== undefined) {
    picture = frame.texture();
    frame.release();
  }
  if (picture !== undefined) flag.draw(context.getCurrentTexture(), picture, isStill ? 0 : performance.now() / 1000);
  await new Promise(requestAnimationFrame);
}
