import { refuseFormat } from '../formats.ts';
import type { ShareFormat, TextureDescriptor } from '../texture-descriptor.ts';

/** What images can hold bit for bit. Canvases and VideoFrames of rgba16float exist, but ImageBitmaps of them cannot be read by WebGPU in Chromium. */
export const PICTURE_FORMATS: readonly ShareFormat[] = ['rgba8unorm', 'rgba8unorm-srgb', 'bgra8unorm', 'bgra8unorm-srgb'];

/**
 * Frames of 4 bytes per pixel; 32 bits at a time where the memory allows, little-endian as every platform with WebGPU.
 *
 * @param into may be `pixels` itself
 */
export function swapRedAndBlue(pixels: Uint8Array, into: Uint8Array | Uint8ClampedArray): void {
  const from = words(pixels);
  const to = words(into);
  if (from === undefined || to === undefined) {
    for (let byte = 0; byte < pixels.length; byte += 4) {
      const red = pixels[byte]!;
      into[byte] = pixels[byte + 2]!;
      into[byte + 1] = pixels[byte + 1]!;
      into[byte + 2] = red;
      into[byte + 3] = pixels[byte + 3]!;
    }
    return;
  }
  for (let i = 0; i < from.length; i++) {
    const word = from[i]!;
    to[i] = (word & 0xff00ff00) | ((word & 0xff) << 16) | ((word >>> 16) & 0xff);
  }
}

/**
 * Divides premultiplied colours by alpha. Multiplied and rounded again, as browsers do when they make textures and images of straight bytes, every colour
 * that is not above its alpha comes back to the same byte: the error of the division is at most a half, and less after the multiplication.
 */
export function divideByAlpha(pixels: Uint8Array | Uint8ClampedArray): void {
  for (let byte = 0; byte < pixels.length; byte += 4) {
    const alpha = pixels[byte + 3]!;
    if (alpha === 255) continue;
    for (let channel = byte; channel < byte + 3; channel++) {
      pixels[channel] = alpha === 0 ? 0 : Math.min(Math.round((pixels[channel]! * 255) / alpha), 255);
    }
  }
}

/**
 * ImageData whose picture is that of the pixels: R, G, B, A, straight, in the descriptor's colour space.
 *
 * @throws ShareError `share-unsupported-format` for what has not 8 bits in each of four channels
 */
export function imageDataOf(pixels: Uint8Array, { width, height, format, alphaMode, colorSpace }: TextureDescriptor): ImageData {
  const refusal = refuseFormat('an ImageBitmap', { format }, PICTURE_FORMATS);
  if (refusal !== undefined) throw refusal;
  const image = new ImageData(width, height, { colorSpace });
  if (format.startsWith('bgra')) swapRedAndBlue(pixels, image.data);
  else image.data.set(pixels);
  if (alphaMode === 'opaque') for (let byte = 3; byte < image.data.length; byte += 4) image.data[byte] = 255;
  else if (alphaMode === 'premultiplied') divideByAlpha(image.data);
  return image;
}

function words({ buffer, byteOffset, byteLength }: Uint8Array | Uint8ClampedArray): Uint32Array | undefined {
  return byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength / 4) : undefined;
}
