import type { CameraPose } from '../share/protocol/renderer.ts';
import { DEFAULT_RENDER_SETTINGS } from '../share/protocol/renderer.ts';
import type { GraphicsDevice } from './device/device.ts';
import type { Graphics } from './graphics.ts';
import { Painter } from './painter.ts';
import { RenderScene } from './scene/render-scene.ts';
import { warmUpScene } from './scene/warm-up-scene.ts';

const CAMERA: CameraPose = { eye: [0.3, 0.3, 1], target: [0.3, 0.3, 0], up: [0, 1, 0], fovYRadians: 1, near: 0.01 };

/** Draws warm-up scenes off screen until somebody waits. */
export async function warmUp(made: GraphicsDevice, graphics: Graphics, isAwaited: () => boolean): Promise<void> {
  const { device } = graphics;
  const target = device.createTexture({
    label: 'warm-up',
    size: [16, 16],
    format: graphics.canvasFormat,
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const painter = new Painter(graphics);
  for (const surface of ['plain', 'textured', 'blended'] as const) {
    if (isAwaited()) break;
    const scene = new RenderScene();
    scene.setDevice(made);
    const steps = scene.apply(warmUpScene(surface), () => {});
    while (steps.next().done !== true);
    scene.upload();
    const picture = { camera: CAMERA, settings: DEFAULT_RENDER_SETTINGS, target, isLoading: true, isDraft: graphics.isSoftware };
    painter.draw(scene, picture);
    if (!painter.isReady) {
      await painter.settle();
      painter.draw(scene, picture);
    }
    await device.queue.onSubmittedWorkDone();
    scene.dispose();
  }
  painter.dispose();
  target.destroy();
}
