/** A worker whose programs write pixels: no canvas, no GPU. */
import { TextureShareManager, transferablesOf } from './embed/share.js';
import { drawWaves } from './waves.js';
import { loadRings } from './rings.js';

const SIZE = { width: 320, height: 200 };
const manager = new TextureShareManager();
let isMoving = true;
addEventListener('message', ({ data }) => {
  if (data.kind === 'moving') isMoving = data.isMoving;
});

await Promise.all([produce('script', drawWaves), produce('wasm', await loadRings(SIZE))]);

/** @param draw (pixels, width, height, milliseconds) writes rows of RGBA, top first */
async function produce(name, draw) {
  const texture = manager.createShareableTexture({ ...SIZE, label: name, format: 'rgba8unorm', alphaMode: 'opaque' });
  // Without isolation there is no shared memory, and the same code sends buffers.
  const handle = manager.exportTexture(texture, { transport: crossOriginIsolated ? 'shared-memory' : 'buffer' });
  postMessage({ kind: 'texture', name, handle }, transferablesOf(handle));
  for (let milliseconds = 0; ; milliseconds += 16) {
    // In shared memory, this is a slot of the ring: the page reads these very bytes.
    draw(texture.beginPixels(), SIZE.width, SIZE.height, milliseconds);
    await texture.publish();
    do await new Promise((resolve) => setTimeout(resolve, 16));
    while (!isMoving);
  }
}
