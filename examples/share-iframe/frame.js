/** Asks the page around for its picture and shows it, without WebGPU. */
import { TextureShareManager } from './embed/share.js';

const canvas = document.querySelector('canvas');
const handle = await new Promise((resolve) => {
  addEventListener('message', ({ source, data }) => {
    if (source === parent && data?.kind === 'texture') resolve(data.handle);
  });
  parent.postMessage({ kind: 'ready' }, '*');
});

const imported = new TextureShareManager().importTexture(handle);
const context = canvas.getContext('bitmaprenderer');
for (;;) {
  const frame = await imported.acquire();
  // The canvas takes the bitmap over, so that there is nothing to close.
  context.transferFromImageBitmap(await frame.bitmap());
  frame.release();
}
