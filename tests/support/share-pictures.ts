/** Frames for the tests of shared textures: random bytes by seed, and textures that hold them. */
import type { ShareAlphaMode, ShareFormat, TextureDescriptor } from '../../src/share/frames/texture-descriptor.ts';
import { byteLengthOf, bytesPerPixel } from '../../src/share/frames/formats.ts';
import { makeRandom } from './random.ts';

export function describeFrame(init: Partial<TextureDescriptor> = {}): TextureDescriptor {
  return {
    width: 64,
    height: 48,
    format: 'rgba8unorm',
    usages: ['sample'],
    colorSpace: 'srgb',
    alphaMode: 'opaque',
    mode: 'latest',
    slots: 3,
    label: 'test',
    ...init,
  };
}

export async function requestTestDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('no graphics adapter');
  return adapter.requestDevice();
}

/** Every byte random; of 8-bit formats with alpha what the alpha mode allows: no colour above a premultiplied alpha. */
export function randomPixels(descriptor: TextureDescriptor, seed: number): Uint8Array<ArrayBuffer> {
  const next = makeRandom(seed);
  const pixels = new Uint8Array(byteLengthOf(descriptor));
  for (let byte = 0; byte < pixels.length; byte++) pixels[byte] = Math.floor(next() * 256);
  if (hasAlpha(descriptor.format)) keepAlpha(pixels, descriptor.alphaMode);
  return pixels;
}

/** Alpha rises with x, colours stay below it: every pair of alpha and premultiplied colour that is hard to keep. */
export function alphaGradient({ width, height }: TextureDescriptor): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const alpha = Math.round((x / (width - 1)) * 255);
      const color = Math.round((y / (height - 1)) * alpha);
      pixels.set([color, alpha - color, Math.min(1, alpha), alpha], (y * width + x) * 4);
    }
  }
  return pixels;
}

export function textureOf(device: GPUDevice, descriptor: TextureDescriptor, pixels: Uint8Array<ArrayBuffer>): GPUTexture {
  const { width, height, format } = descriptor;
  const texture = device.createTexture({
    size: [width, height],
    format,
    usage: GPUTextureUsage.COPY_SRC | GPUTextureUsage.COPY_DST | GPUTextureUsage.TEXTURE_BINDING,
  });
  device.queue.writeTexture({ texture }, pixels, { bytesPerRow: width * bytesPerPixel(format) }, [width, height]);
  return texture;
}

function hasAlpha(format: ShareFormat): boolean {
  return format.startsWith('rgba8') || format.startsWith('bgra8');
}

function keepAlpha(pixels: Uint8Array, alphaMode: ShareAlphaMode): void {
  for (let byte = 0; byte < pixels.length; byte += 4) {
    if (alphaMode === 'opaque') pixels[byte + 3] = 255;
    const alpha = pixels[byte + 3]!;
    if (alphaMode !== 'premultiplied') continue;
    for (let channel = byte; channel < byte + 3; channel++) pixels[channel] = Math.floor((pixels[channel]! * (alpha + 1)) / 256);
  }
}
