/** Draws one colour into the canvas that is offered, whenever it is asked, in a worker. */
import { PresentTarget, type PresentOffer } from '../../src/share/frames/present-canvas.ts';
import { requestTestDevice } from './share-pictures.ts';

export type PresenterCommand =
  | { readonly kind: 'open'; readonly offer: PresentOffer }
  | { readonly kind: 'draw'; readonly color: readonly [number, number, number, number] }
  | { readonly kind: 'lose-device' }
  | { readonly kind: 'close' };

export type PresenterReport =
  | { readonly kind: 'opened' | 'lost' | 'device-lost' }
  | { readonly kind: 'resized'; readonly width: number; readonly height: number }
  /** Without a size: there was nothing to draw for. */
  | { readonly kind: 'drawn'; readonly size: readonly number[] | undefined };

let device: GPUDevice;
let target: PresentTarget;
const report = (message: PresenterReport): void => postMessage(message);

globalThis.addEventListener('message', ({ data }: MessageEvent<PresenterCommand>) => void handle(data));

async function handle(command: PresenterCommand): Promise<void> {
  switch (command.kind) {
    case 'open':
      device = await requestTestDevice();
      target = new PresentTarget(command.offer, { device });
      target.onLost(() => report({ kind: 'lost' }));
      target.onResize(() => report({ kind: 'resized', ...target.size }));
      report({ kind: 'opened' });
      return;
    case 'draw': {
      const texture = target.begin();
      if (texture !== undefined) {
        const encoder = device.createCommandEncoder();
        encoder
          .beginRenderPass({
            colorAttachments: [{ view: texture.createView(), loadOp: 'clear', storeOp: 'store', clearValue: [...command.color] }],
          })
          .end();
        device.queue.submit([encoder.finish()]);
      }
      report({ kind: 'drawn', size: texture && [texture.width, texture.height] });
      return;
    }
    case 'lose-device': {
      const lost = device;
      lost.destroy();
      await lost.lost;
      try {
        target.begin();
      } catch (error) {
        if ((error as { code?: unknown }).code === 'share-device-lost') report({ kind: 'device-lost' });
      }
      device = await requestTestDevice();
      target.useDevice(device);
      return;
    }
    case 'close':
      target.close();
      target.close();
  }
}
