/** Draws a cube into a shared texture, and gives that texture to each window that asks for it. */
import { createCube } from './cube.js';
import { TextureShareManager, transferablesOf } from './embed/share.js';
import { openDevice } from './open-device.js';

const canvas = document.querySelector('canvas');
const status = document.querySelector('[role=status]');
const pause = document.querySelector('#pause');

const device = await openDevice(status);
const manager = new TextureShareManager({ device });
const texture = manager.createShareableTexture({
  label: 'cube',
  width: canvas.width,
  height: canvas.height,
  format: 'rgba8unorm',
  alphaMode: 'opaque',
  // What this window and the others do with it.
  usages: ['render', 'sample', 'copy-from'],
});

/* A window that was opened says "ready" and gets a connection of its own. */
addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || data?.kind !== 'ready') return;
  const handle = manager.exportTexture(texture);
  source.postMessage({ kind: 'texture', handle }, { targetOrigin: origin, transfer: transferablesOf(handle) });
});
document.querySelector('#open').addEventListener('click', () => open('./popup.html', '', 'popup,width=520,height=480'));

texture.onConnection(() => {
  const open = texture.connections.filter(({ state }) => state !== 'closed');
  status.textContent = open.length === 0 ? 'No other window shows it.' : `Other windows that show it: ${open.length}.`;
});

/* Whoever does not want motion starts with a still picture. */
let isTurning = !matchMedia('(prefers-reduced-motion: reduce)').matches;
pause.addEventListener('click', () => {
  isTurning = !isTurning;
  pause.textContent = isTurning ? 'Pause' : 'Turn';
});
pause.textContent = isTurning ? 'Pause' : 'Turn';

const context = canvas.getContext('webgpu');
context.configure({
  device,
  format: 'rgba8unorm',
  alphaMode: 'opaque',
  usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
});
const cube = createCube(device, 'rgba8unorm');
let angle = 0.7;
for (;;) {
  const target = texture.begin();
  const encoder = device.createCommandEncoder({ label: 'cube' });
  cube.draw(encoder, target, angle);
  encoder.copyTextureToTexture({ texture: target }, { texture: context.getCurrentTexture() }, [canvas.width, canvas.height]);
  device.queue.submit([encoder.finish()]);
  await texture.publish();
  const begin = performance.now();
  do await new Promise(requestAnimationFrame);
  while (!isTurning);
  angle += Math.min((performance.now() - begin) / 1000, 0.1) * 0.8;
}
