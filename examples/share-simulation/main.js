/** Gives the frames of a simulation to the viewer, as a texture of the scene and as an overlay. */
const view = document.querySelector('usd-view');
const status = document.querySelector('[role=status]');
const pause = document.querySelector('#pause');
const worker = new Worker('./simulation.js', { type: 'module' });

worker.addEventListener('message', async ({ data }) => {
  if (data.kind === 'failed') status.textContent = data.message;
  if (data.kind !== 'textures') return;
  try {
    await view.whenLoaded();
    // The shader that reads the picture of the water; the scene has a still one until now.
    await view.setTexture('/Pool/Looks/Water/Picture', data.handles.water);
    await view.setOverlay('map', data.handles.overlay, { x: 0.03, y: 0.04, width: 0.21, height: 0.28, opacity: 0.9 });
    status.textContent = 'The water and the corner are drawn by the worker.';
  } catch (error) {
    status.textContent = error.message;
  }
});

document.querySelector('#drop').addEventListener('click', () => worker.postMessage({ kind: 'drop' }));
let isMoving = !matchMedia('(prefers-reduced-motion: reduce)').matches;
function setMoving(value) {
  isMoving = value;
  pause.textContent = isMoving ? 'Pause' : 'Move';
  worker.postMessage({ kind: 'moving', isMoving });
}
pause.addEventListener('click', () => setMoving(!isMoving));
setMoving(isMoving);
