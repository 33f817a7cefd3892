/**
 * A canvas that holds exactly the bytes of a frame, to make ImageBitmaps and VideoFrames of. Textures are copied into a WebGPU canvas of their device in
 * their own format (`copyTextureToTexture`, no shader between). Pixels go through WebGL, which uploads premultiplied bytes as they are, whereas ImageData
 * is straight by definition, so that bytes would be multiplied and rounded on the way.
 */
import { byteLengthOf, canvasFormatOf } from '../formats.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import type { FrameContent } from '../transports/transport.ts';
import { checkSource } from './check-source.ts';
import { swapRedAndBlue } from './pixel-order.ts';

export class PictureCanvas {
  readonly #descriptor: TextureDescriptor;
  #textures: { readonly device: GPUDevice; readonly canvas: OffscreenCanvas; readonly context: GPUCanvasContext } | undefined;
  #pixels: { readonly canvas: OffscreenCanvas; readonly upload: (pixels: Uint8Array) => void; readonly dispose: () => void } | undefined;

  constructor(descriptor: TextureDescriptor) {
    this.#descriptor = descriptor;
  }

  /**
   * @returns the canvas, to be read in the same task; `content` may change once this returns
   * @throws ShareError `share-bad-descriptor`, `share-unsupported-format`, `share-unsupported-transport`
   */
  draw(content: FrameContent): OffscreenCanvas {
    return content.kind === 'texture' ? this.#drawTexture(content.device, content.texture) : this.#drawPixels(content.pixels);
  }

  /** Safe to call twice. */
  dispose(): void {
    this.#textures?.context.unconfigure();
    this.#textures = undefined;
    this.#pixels?.dispose();
    this.#pixels = undefined;
  }

  #drawTexture(device: GPUDevice, texture: GPUTexture): OffscreenCanvas {
    checkSource(texture, this.#descriptor);
    const { width, height, label } = this.#descriptor;
    if (this.#textures?.device !== device) {
      this.#textures?.context.unconfigure();
      this.#textures = { device, ...this.#configure(device) };
    }
    const encoder = device.createCommandEncoder({ label: `${label}/picture` });
    encoder.copyTextureToTexture({ texture }, { texture: this.#textures.context.getCurrentTexture() }, [width, height]);
    device.queue.submit([encoder.finish()]);
    return this.#textures.canvas;
  }

  #configure(device: GPUDevice): { canvas: OffscreenCanvas; context: GPUCanvasContext } {
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
    return { canvas, context };
  }

  #drawPixels(pixels: Uint8Array): OffscreenCanvas {
    const bytes = byteLengthOf(this.#descriptor);
    if (pixels.byteLength !== bytes) {
      throw new ShareError('share-bad-descriptor', `A frame of ${bytes} bytes was expected, not ${pixels.byteLength}.`);
    }
    this.#pixels ??= openPixelCanvas(this.#descriptor);
    this.#pixels.upload(pixels);
    return this.#pixels.canvas;
  }
}

function openPixelCanvas({ width, height, format, alphaMode, colorSpace }: TextureDescriptor): {
  canvas: OffscreenCanvas;
  upload: (pixels: Uint8Array) => void;
  dispose: () => void;
} {
  const canvas = new OffscreenCanvas(width, height);
  const gl = canvas.getContext('webgl2', {
    alpha: alphaMode !== 'opaque',
    premultipliedAlpha: true,
    antialias: false,
    depth: false,
    stencil: false,
    preserveDrawingBuffer: false,
  });
  if (gl === null) throw new ShareError('share-unsupported-transport', 'There is no WebGL canvas here to make images of pixels with.');
  gl.drawingBufferColorSpace = colorSpace;
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  const source = gl.createFramebuffer();
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, source);
  gl.framebufferTexture2D(gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const ordered = format.startsWith('bgra') ? new Uint8Array(width * height * 4) : undefined;
  return {
    canvas,
    upload: (pixels) => {
      if (ordered !== undefined) swapRedAndBlue(pixels, ordered);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, ordered ?? pixels);
      // The first row of memory is the top one; the canvas's is the bottom one.
      gl.blitFramebuffer(0, 0, width, height, 0, height, width, 0, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    },
    dispose: () => {
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}
