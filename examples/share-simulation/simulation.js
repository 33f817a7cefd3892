/** A worker that simulates waves on the GPU and publishes a picture of each moment. */
import { TextureShareManager, transferablesOf } from './embed/share.js';
import { createWaves } from './waves.js';

const SIZE = 256;
let isMoving = true;
const stones = [];
addEventListener('message', ({ data }) => {
  if (data.kind === 'moving') isMoving = data.isMoving;
  if (data.kind === 'drop') stones.push([0.2 + 0.6 * Math.random(), 0.2 + 0.6 * Math.random()]);
});

const adapter = await navigator.gpu?.requestAdapter();
const device = await adapter?.requestDevice();
if (device === undefined)
  postMessage({ kind: 'failed', message: 'This example draws with WebGPU, which this browser does not have here.' });
else await simulate(device);

async function simulate(device) {
  const manager = new TextureShareManager({ device });
  const texture = manager.createShareableTexture({
    label: 'water',
    width: SIZE,
    height: SIZE,
    format: 'rgba8unorm',
    alphaMode: 'opaque',
    // A compute shader writes it; who imports it samples it.
    usages: ['storage', 'sample', 'copy-from'],
  });
  // One connection for the water, one for the overlay.
  const handles = { water: manager.exportTexture(texture), overlay: manager.exportTexture(texture) };
  postMessage({ kind: 'textures', handles }, [...transferablesOf(handles.water), ...transferablesOf(handles.overlay)]);

  const waves = createWaves(device, SIZE);
  for (let frame = 0; ; frame++) {
    if (frame % 90 === 0) stones.push([0.25 + 0.5 * Math.random(), 0.25 + 0.5 * Math.random()]);
    const encoder = device.createCommandEncoder({ label: 'water' });
    waves.step(encoder, texture.begin(), stones.shift());
    device.queue.submit([encoder.finish()]);
    await texture.publish();
    do await new Promise((resolve) => setTimeout(resolve, 16));
    while (!isMoving && stones.length === 0);
  }
}
