/** Shows what the worker writes. The code is the same whether the pixels lie in shared memory or come in buffers. */
import { TextureShareManager } from './embed/share.js';

const status = document.querySelector('[role=status]');
const pause = document.querySelector('#pause');
const manager = new TextureShareManager();
const worker = new Worker('./producer.js', { type: 'module' });

worker.addEventListener('message', ({ data }) => {
  if (data.kind !== 'texture') return;
  show(manager.importTexture(data.handle), document.getElementById(data.name)).catch((error) => (status.textContent = error.message));
});

async function show(imported, canvas) {
  const context = canvas.getContext('2d');
  const transport = await imported.ready;
  const reason = crossOriginIsolated ? '' : ', for this page is not cross-origin isolated';
  status.textContent = `The pixels come by “${transport}”${transport === 'shared-memory' ? '' : reason}.`;
  for (;;) {
    // Waits for a newer frame than the last; pixels are valid until it is released.
    const frame = await imported.acquire();
    const { width, height } = frame.descriptor;
    const image = new ImageData(width, height);
    image.data.set(await frame.pixels());
    frame.release();
    context.putImageData(image, 0, 0);
  }
}

let isMoving = !matchMedia('(prefers-reduced-motion: reduce)').matches;
function setMoving(value) {
  isMoving = value;
  pause.textContent = isMoving ? 'Pause' : 'Move';
  worker.postMessage({ kind: 'moving', isMoving });
}
pause.addEventListener('click', () => setMoving(!isMoving));
setMoving(isMoving);
