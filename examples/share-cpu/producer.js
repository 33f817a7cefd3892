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
  const handle = manager.exportTexture(texture);
  postMessage({ kind: 'texture', name, handle }, transferablesOf(handle));
  for (let milliseconds = 0; ; milliseconds += 16) {
    // Where shared memory is used, this is a slot of its ring: the page will read these very bytes.
    draw(texture.beginPixels(), SIZE.width, SIZE.height, milliseconds);
    await texture.publish();
    do await new Promise((resolve) => setTimeout(resolve, 16));
    while (!isMoving);
  }
}
