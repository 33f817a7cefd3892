/**
 * A canvas that holds exactly the bytes of a texture, to make ImageBitmaps and VideoFrames of: the texture is copied into a WebGPU canvas of its device in
 * its own format (`copyTextureToTexture`, no shader between). A canvas of another format than the preferred one costs the browser one copy more.
 */
import { DeviceWatch } from '../device-watch.ts';
import { canvasFormatOf } from '../formats.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import { checkSource } from './check-source.ts';

interface Configured {
  readonly watch: DeviceWatch;
  readonly canvas: OffscreenCanvas;
  readonly context: GPUCanvasContext;
}

export class PictureCanvas {
  readonly #descriptor: TextureDescriptor;
  #configured: Configured | undefined;

  constructor(descriptor: TextureDescriptor) {
    this.#descriptor = descriptor;
  }

  /**
   * @returns the canvas, to be read in the same task; the texture may be drawn into again at once
   * @throws ShareError `share-bad-descriptor`, `share-unsupported-format`, `share-unsupported-transport`, `share-device-lost`
   */
  draw(device: GPUDevice, texture: GPUTexture): OffscreenCanvas {
    checkSource(texture, this.#descriptor);
    const { width, height, label } = this.#descriptor;
    if (this.#configured?.watch.device !== device) {
      this.dispose();
      this.#configured = this.#configure(device);
    }
    const { canvas, context, watch } = this.#configured;
    // Its canvas would give black images, without an error.
    if (watch.isLost) throw new ShareError('share-device-lost', 'The graphics device that a frame was drawn with is lost.');
    const encoder = device.createCommandEncoder({ label: `${label}/picture` });
    encoder.copyTextureToTexture({ texture }, { texture: context.getCurrentTexture() }, [width, height]);
    device.queue.submit([encoder.finish()]);
    return canvas;
  }

  /** Safe to call twice. */
  dispose(): void {
    this.#configured?.context.unconfigure();
    this.#configured = undefined;
  }

  #configure(device: GPUDevice): Configured {
    const { width, height, format, alphaMode, colorSpace } = this.#descriptor;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('webgpu');
    if (context === null) throw new ShareError('share-unsupported-transport', 'There is no WebGPU canvas here.');
    context.configure({
      device,
      format: canvasFormatOf(format),
      usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
      alphaMode: alphaMode === 'opaque' ? 'opaque' : 'premultiplied',
      colorSpace,
    });
    return { watch: new DeviceWatch(device), canvas, context };
  }
}
