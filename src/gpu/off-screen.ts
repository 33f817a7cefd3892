import type { SurfaceSize } from '../share/protocol/renderer.ts';
import { DeviceError } from './device/device-error.ts';
import type { Painter, PictureRequest } from './painter.ts';
import type { SceneFeed } from './scene-feed.ts';

/** Pictures drawn until nothing is missing. */
const MAX_ROUNDS = 5;

/** Draws a picture with everything in it: whatever it lacks is waited for. */
export async function paintWhole(painter: Painter, feed: SceneFeed, request: Omit<PictureRequest, 'isLoading' | 'isDraft'>): Promise<void> {
  const picture = { ...request, isLoading: false, isDraft: false };
  while (feed.upload());
  painter.draw(feed.scene, picture);
  // What a picture lacks is asked for while it is drawn; a draft in its place asks for less.
  for (let round = 0; round < MAX_ROUNDS && !painter.isReady; round++) {
    await painter.settle();
    painter.draw(feed.scene, picture);
  }
}

/** @throws DeviceError for a size that cannot be drawn */
export function checkPictureSize({ width, height }: SurfaceSize, limit: number): void {
  if (Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1 && width <= limit && height <= limit) return;
  throw new DeviceError(
    'capture-size',
    `A picture of ${width} x ${height} pixels cannot be drawn; each side must be between 1 and ${limit}`,
  );
}

/** A texture to draw whole pictures into, and the memory they are read into, for as long as pictures of one size are wanted. */
export class OffScreenTarget {
  readonly texture: GPUTexture;
  /** Rows in memory begin at multiples of so many bytes. */
  readonly bytesPerRow: number;
  #device: GPUDevice;
  #readback: GPUBuffer | undefined;
  #label: string;

  constructor(device: GPUDevice, label: string, { width, height }: SurfaceSize, format: GPUTextureFormat) {
    this.#device = device;
    this.#label = label;
    this.bytesPerRow = Math.ceil((width * 4) / 256) * 256;
    this.texture = device.createTexture({
      label,
      size: [width, height],
      format,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    });
  }

  /** @param use gets the padded rows, top first, which are gone when it returns */
  async read<T>(use: (rows: ArrayBuffer) => T): Promise<T> {
    const { width, height } = this.texture;
    this.#readback ??= this.#device.createBuffer({
      label: this.#label,
      size: this.bytesPerRow * height,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const readback = this.#readback;
    const encoder = this.#device.createCommandEncoder({ label: this.#label });
    encoder.copyTextureToBuffer({ texture: this.texture }, { buffer: readback, bytesPerRow: this.bytesPerRow }, [width, height]);
    this.#device.queue.submit([encoder.finish()]);
    await readback.mapAsync(GPUMapMode.READ);
    try {
      return use(readback.getMappedRange());
    } finally {
      readback.unmap();
    }
  }

  dispose(): void {
    this.#readback?.destroy();
    this.texture.destroy();
  }
}

/** The same pixels without the padding of rows. */
export function tightPixels(rows: ArrayBuffer, bytesPerRow: number, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const padded = new Uint8Array(rows);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) pixels.set(padded.subarray(y * bytesPerRow, y * bytesPerRow + width * 4), y * width * 4);
  return pixels;
}
