/**
 * What arrived, in the form that the consumer wants. The bytes stay as the producer had them:
 *
 * - memory → texture: `writeTexture`, also straight from shared memory
 * - image → texture: `copyExternalImageToTexture` into the descriptor's own colour space with premultiplied alpha, which is what the images of our
 *   transports hold, so that nothing is converted. An opaque ImageBitmap goes as a VideoFrame: of that Chromium finds the texture, of the bitmap it reads the
 *   pixels back (1920 x 1080, NVIDIA H100: 4.5 ms against 20 ms, 0.2 against 10 of them on the calling thread). With alpha it would lose colour
 * - image → memory: `VideoFrame.copyTo` in the frame's own format while it is opaque (with alpha it would divide by it and lose colour), else drawn by a 2D
 *   canvas (see `#drawnPixels`)
 * - texture (of this realm) → memory or image: read back, or copied into a canvas
 *
 * Nothing that came is closed or kept: frames belong to whoever took them.
 */
import { DeviceWatch } from '../device-watch.ts';
import { byteLengthOf, bytesPerPixel, canvasFormatOf, gpuFormatOf, gpuUsageOf } from '../formats.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import type { FramePayload } from '../transports/transport.ts';
import { FrameReadback } from './frame-readback.ts';
import { PictureCanvas } from './picture-canvas.ts';
import { imageDataOf, swapRedAndBlue } from './pixel-order.ts';

export class FrameImporter {
  readonly #watch: DeviceWatch;
  readonly #descriptor: TextureDescriptor;
  #texture: GPUTexture | undefined;
  #readback: FrameReadback | undefined;
  #canvas: PictureCanvas | undefined;
  #isDisposed = false;

  /** @param device undefined: only `pixels` and `bitmap` can be asked for */
  constructor(device: GPUDevice | undefined, descriptor: TextureDescriptor) {
    this.#watch = new DeviceWatch(device);
    this.#descriptor = descriptor;
  }

  /**
   * @returns one texture in the descriptor's size, format and usages, the same for every frame, that each call overwrites; of a `texture` payload, itself
   * @throws ShareError `share-no-device`, `share-device-lost`, `share-released`, `share-bad-descriptor`, `share-unsupported-transport`
   */
  texture(payload: FramePayload): GPUTexture {
    const device = this.#liveDevice();
    if (payload.kind === 'texture') return payload.texture;
    const { width, height, format, colorSpace } = this.#descriptor;
    if (payload.kind === 'pixels') {
      this.#checkBytes(payload.pixels);
      const texture = this.#target(device);
      // The types of writeTexture leave shared memory out; WebGPU takes it (AllowSharedBufferSource).
      const pixels = payload.pixels as Uint8Array<ArrayBuffer>;
      device.queue.writeTexture({ texture }, pixels, { bytesPerRow: width * bytesPerPixel(format) }, [width, height]);
      return texture;
    }
    this.#checkSize(payload.image);
    const texture = this.#target(device);
    let wrapped: VideoFrame | undefined;
    try {
      wrapped = this.#asVideoFrame(payload.image);
      const source = wrapped ?? payload.image;
      device.queue.copyExternalImageToTexture({ source }, { texture, colorSpace, premultipliedAlpha: true }, [width, height]);
    } catch (cause) {
      throw unreadable(payload.image, cause);
    } finally {
      wrapped?.close();
    }
    return texture;
  }

  /**
   * The frame without a copy where the browser can; expires at the end of the task.
   *
   * @returns undefined for what is no VideoFrame
   * @throws ShareError as `texture`
   */
  externalTexture(payload: FramePayload): GPUExternalTexture | undefined {
    if (payload.kind !== 'image' || !isVideoFrame(payload.image)) return undefined;
    const device = this.#liveDevice();
    this.#checkSize(payload.image);
    const { label, colorSpace } = this.#descriptor;
    try {
      return device.importExternalTexture({ label: `${label}/external`, source: payload.image, colorSpace });
    } catch (cause) {
      throw unreadable(payload.image, cause);
    }
  }

  /**
   * @returns rows top first, tight; of a `pixels` payload its own memory, else new memory
   * @throws ShareError as `texture`; a device is needed for textures and for what is not 8 bits per channel
   */
  async pixels(payload: FramePayload): Promise<Uint8Array> {
    if (this.#isDisposed) throw released();
    if (payload.kind === 'pixels') {
      this.#checkBytes(payload.pixels);
      return payload.pixels;
    }
    const { format, alphaMode } = this.#descriptor;
    if (payload.kind === 'texture' || canvasFormatOf(format) === 'rgba16float') {
      const device = this.#liveDevice();
      const into = new Uint8Array(byteLengthOf(this.#descriptor));
      this.#readback ??= new FrameReadback(device, this.#descriptor);
      await this.#readback.read(this.texture(payload), into);
      return into;
    }
    const { image } = payload;
    this.#checkSize(image);
    try {
      const copied = isVideoFrame(image) && alphaMode === 'opaque' ? await this.#copiedPixels(image) : undefined;
      return copied ?? this.#drawnPixels(image);
    } catch (cause) {
      throw unreadable(image, cause);
    }
  }

  /**
   * @returns an image of its own, that the caller closes
   * @throws ShareError as `pixels`, and `share-unsupported-format` for what canvases and ImageData cannot hold
   */
  async bitmap(payload: FramePayload): Promise<ImageBitmap> {
    if (this.#isDisposed) throw released();
    if (payload.kind === 'image') {
      this.#checkSize(payload.image);
      return createImageBitmap(payload.image);
    }
    if (payload.kind === 'texture') {
      this.#canvas ??= new PictureCanvas(this.#descriptor);
      return this.#canvas.draw(this.#liveDevice(), payload.texture).transferToImageBitmap();
    }
    this.#checkBytes(payload.pixels);
    return createImageBitmap(imageDataOf(payload.pixels, this.#descriptor));
  }

  /** Destroys the texture. Safe to call twice. */
  dispose(): void {
    this.#isDisposed = true;
    this.#texture?.destroy();
    this.#texture = undefined;
    this.#readback?.dispose();
    this.#canvas?.dispose();
  }

  #liveDevice(): GPUDevice {
    if (this.#isDisposed) throw released();
    const { device, isLost } = this.#watch;
    if (device === undefined) throw new ShareError('share-no-device', 'The importer has no graphics device.');
    if (isLost) throw new ShareError('share-device-lost', 'The graphics device of the importer is lost.');
    return device;
  }

  /** @returns a frame to be closed, where that is the faster way to read a bitmap */
  #asVideoFrame(image: ImageBitmap | VideoFrame): VideoFrame | undefined {
    if (this.#descriptor.alphaMode !== 'opaque' || isVideoFrame(image) || typeof VideoFrame === 'undefined') return undefined;
    return new VideoFrame(image, { timestamp: 0, alpha: 'discard' });
  }

  #target(device: GPUDevice): GPUTexture {
    const { width, height, format, usages, label } = this.#descriptor;
    this.#texture ??= device.createTexture({
      label,
      size: [width, height],
      format: gpuFormatOf(format),
      // COPY_SRC: for `pixels`; RENDER_ATTACHMENT: copyExternalImageToTexture asks for it, where the format has it.
      usage: gpuUsageOf([...usages, 'copy-to', 'copy-from', 'render']),
    });
    return this.#texture;
  }

  /** The bytes of an opaque frame, in the order of the descriptor's format. */
  async #copiedPixels(frame: VideoFrame): Promise<Uint8Array | undefined> {
    const { format } = frame;
    if (format !== 'RGBA' && format !== 'RGBX' && format !== 'BGRA' && format !== 'BGRX') return undefined;
    const into = new Uint8Array(byteLengthOf(this.#descriptor));
    await frame.copyTo(into, { layout: [{ offset: 0, stride: this.#descriptor.width * 4 }] });
    if (format.startsWith('B') !== this.#descriptor.format.startsWith('bgra')) swapRedAndBlue(into, into);
    return into;
  }

  /**
   * `getImageData` divides by alpha, which loses the colours of transparent pixels. So the image is drawn twice: over black, which leaves its
   * premultiplied colours in an opaque canvas, and as a mask of white, which leaves its alpha.
   */
  #drawnPixels(image: ImageBitmap | VideoFrame): Uint8Array {
    const { width, height, colorSpace, alphaMode, format } = this.#descriptor;
    const draw = (isOpaque: boolean): Uint8Array => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { alpha: !isOpaque, colorSpace, willReadFrequently: true });
      if (context === null) throw new ShareError('share-unsupported-transport', 'There is no 2D canvas to read images with.');
      if (!isOpaque) {
        context.fillStyle = '#fff';
        context.fillRect(0, 0, width, height);
        context.globalCompositeOperation = 'destination-in';
      }
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height, { colorSpace });
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    };
    const pixels = draw(true);
    if (alphaMode !== 'opaque') {
      const mask = draw(false);
      for (let byte = 3; byte < pixels.length; byte += 4) pixels[byte] = mask[byte]!;
    }
    if (format.startsWith('bgra')) swapRedAndBlue(pixels, pixels);
    return pixels;
  }

  #checkBytes(pixels: Uint8Array): void {
    const bytes = byteLengthOf(this.#descriptor);
    if (pixels.byteLength !== bytes) {
      throw new ShareError('share-bad-descriptor', `A frame of ${bytes} bytes was expected, not ${pixels.byteLength}.`);
    }
  }

  #checkSize(image: ImageBitmap | VideoFrame): void {
    const [width, height] = isVideoFrame(image) ? [image.displayWidth, image.displayHeight] : [image.width, image.height];
    if (width !== this.#descriptor.width || height !== this.#descriptor.height) {
      throw new ShareError(
        'share-bad-descriptor',
        `An image of ${this.#descriptor.width}x${this.#descriptor.height} was expected, not ${width}x${height}${width === 0 ? ' (it is closed)' : ''}.`,
      );
    }
  }
}

function isVideoFrame(image: ImageBitmap | VideoFrame): image is VideoFrame {
  return 'displayWidth' in image;
}

function unreadable(image: ImageBitmap | VideoFrame, cause: unknown): ShareError {
  if (cause instanceof ShareError) return cause;
  return new ShareError('share-unsupported-transport', `The ${isVideoFrame(image) ? 'VideoFrame' : 'ImageBitmap'} cannot be read here.`, {
    cause,
  });
}

function released(): ShareError {
  return new ShareError('share-released', 'The importer was disposed of.');
}
