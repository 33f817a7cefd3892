/**
 * Picture files to exact texels: four channels, top row first, never premultiplied, never colour-converted.
 *
 * PNG, TGA, Radiance HDR and OpenEXR are read by our own code (16 bits and colour under low alpha survive). JPEG, WebP, AVIF, GIF
 * and BMP go through the browser. Formats are told apart by content.
 * Source: UsdUVTexture (schemas.md 3.5) for channels and the `auto` colour space.
 */
import { floatToHalf } from 'usd-wasm';
import { profileOfJpeg, transferOfProfile } from './icc.ts';
import { ImageDecodeError } from './image-error.ts';
import { decodePng, isPng } from './png.ts';
import { decodeRadianceHdr, isRadianceHdr } from './radiance-hdr.ts';
import { decodeTga, isTga } from './tga.ts';

export type SourceColorSpace = 'auto' | 'raw' | 'sRGB';

export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly format: 'rgba8unorm' | 'rgba16float';
  /** Shape [height·width·4]. Uint16Array holds half bits. */
  readonly data: Uint8Array | Uint16Array;
  readonly colorSpace: 'srgb' | 'raw';
  /** What was lost, for the problems panel. */
  readonly loss?: 'truncated' | 'downscaled';
}

/** Neither side of a texture may be longer: WebGPU's guaranteed limit. */
export const MAX_TEXTURE_SIZE = 8192;

/** Name of the format, or undefined. */
export function sniffImage(
  bytes: Uint8Array,
): 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'bmp' | 'hdr' | 'exr' | 'tiff' | 'tga' | undefined {
  const ascii = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  if (isPng(bytes)) return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (ascii(4, 8) === 'ftyp' && /avi[fs]|mif1/.test(ascii(8, 32))) return 'avif';
  if (ascii(0, 4) === 'GIF8') return 'gif';
  if (ascii(0, 2) === 'BM') return 'bmp';
  if (isRadianceHdr(bytes)) return 'hdr';
  if (bytes[0] === 0x76 && bytes[1] === 0x2f && bytes[2] === 0x31 && bytes[3] === 0x01) return 'exr';
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'tiff';
  return isTga(bytes) ? 'tga' : undefined;
}

/**
 * @param sourceColorSpace as authored on the texture node
 * @param maxSize longest side of the result; larger pictures are scaled down
 * @throws ImageDecodeError when the format is not supported here or the bytes are damaged beyond use
 */
export async function decodeImage(
  bytes: Uint8Array,
  sourceColorSpace: SourceColorSpace,
  maxSize = MAX_TEXTURE_SIZE,
): Promise<DecodedImage> {
  const format = sniffImage(bytes);
  switch (format) {
    case 'png': {
      const image = await decodePng(bytes);
      const isColor = image.channels >= 3 && image.bitDepth === 8;
      const colorSpace = chosenColorSpace(sourceColorSpace, image.taggedColorSpace ?? (isColor ? 'srgb' : 'raw'));
      const loss = image.isTruncated ? ({ loss: 'truncated' } as const) : {};
      if (image.data instanceof Uint16Array) {
        // Half floats have no sRGB form on the GPU: they are made linear here.
        return fitted(maxSize, {
          width: image.width,
          height: image.height,
          format: 'rgba16float',
          data: halfsOf16Bits(image.data, colorSpace),
          colorSpace: 'raw',
          ...loss,
        });
      }
      return fitted(maxSize, { width: image.width, height: image.height, format: 'rgba8unorm', data: image.data, colorSpace, ...loss });
    }
    case 'hdr': {
      const { width, height, data, isDownscaled } = decodeRadianceHdr(bytes, maxSize);
      const loss = isDownscaled ? ({ loss: 'downscaled' } as const) : {};
      return { width, height, format: 'rgba16float', data, colorSpace: chosenColorSpace(sourceColorSpace, 'raw'), ...loss };
    }
    case 'tga': {
      const { width, height, channels, data, isTruncated } = decodeTga(bytes);
      const colorSpace = chosenColorSpace(sourceColorSpace, channels >= 3 ? 'srgb' : 'raw');
      return fitted(maxSize, {
        width,
        height,
        format: 'rgba8unorm',
        data,
        colorSpace,
        ...(isTruncated ? { loss: 'truncated' as const } : {}),
      });
    }
    case 'jpeg': {
      const profile = profileOfJpeg(bytes);
      const tagged = profile === undefined ? undefined : transferOfProfile(profile);
      const automatic = tagged ?? (jpegComponents(bytes) === 1 ? 'raw' : 'srgb');
      return decodeInBrowser(bytes, 'image/jpeg', chosenColorSpace(sourceColorSpace, automatic), maxSize);
    }
    case 'webp':
    case 'avif':
    case 'gif':
    case 'bmp':
      return decodeInBrowser(bytes, `image/${format}`, chosenColorSpace(sourceColorSpace, 'srgb'), maxSize);
    case 'exr': {
      const { decodeExr } = await import('./exr/exr.ts');
      const { width, height, data, isDownscaled, isTruncated } = await decodeExr(bytes, maxSize);
      const loss = isTruncated ? ({ loss: 'truncated' } as const) : isDownscaled ? ({ loss: 'downscaled' } as const) : {};
      return { width, height, format: 'rgba16float', data, colorSpace: chosenColorSpace(sourceColorSpace, 'raw'), ...loss };
    }
    case 'tiff':
      throw new ImageDecodeError('TIFF', 'this format is not supported; convert the picture to PNG');
    case undefined:
      throw new ImageDecodeError(
        'Image',
        bytes.length === 0 ? 'the file is empty' : 'the bytes are in no picture format known here (PNG, JPEG, WebP, AVIF, TGA, HDR, EXR)',
      );
  }
}

function chosenColorSpace(authored: SourceColorSpace, automatic: 'srgb' | 'raw'): 'srgb' | 'raw' {
  return authored === 'auto' ? automatic : authored === 'sRGB' ? 'srgb' : 'raw';
}

/** Number of components in the frame header: 1 gray, 3 colour, 4 CMYK; 3 when it cannot be found. */
export function jpegComponents(bytes: Uint8Array): number {
  let offset = 2;
  while (offset + 9 < bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1]!;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return bytes[offset + 9]!;
    offset += 2 + ((bytes[offset + 2]! << 8) | bytes[offset + 3]!);
  }
  return 3;
}

/** JPEG has no alpha, so that a 2D canvas gives its bytes back exactly. The decoding itself runs off this thread. */
async function decodeInBrowser(bytes: Uint8Array, type: string, colorSpace: 'srgb' | 'raw', maxSize: number): Promise<DecodedImage> {
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function') {
    throw new ImageDecodeError(type, 'pictures of this format need a browser to decode them');
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), {
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
  } catch (cause) {
    throw new ImageDecodeError(type, 'the browser cannot decode this picture; it may be damaged', { cause });
  }
  try {
    const scale = Math.min(1, maxSize / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new ImageDecodeError(type, 'no canvas could be had to decode the picture');
    context.drawImage(bitmap, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return {
      width,
      height,
      format: 'rgba8unorm',
      data: new Uint8Array(data.buffer),
      colorSpace,
      ...(scale < 1 ? { loss: 'downscaled' as const } : {}),
    };
  } finally {
    bitmap.close();
  }
}

/** 16-bit unorm to linear half bits, alpha as it is. Computed once per value: there are only 65,536. */
function halfsOf16Bits(samples: Uint16Array, colorSpace: 'srgb' | 'raw'): Uint16Array {
  const values = new Float32Array(65536);
  for (let i = 0; i < 65536; i++) values[i] = i / 65535;
  const plain = floatToHalf(values);
  let color = plain;
  if (colorSpace === 'srgb') {
    for (let i = 0; i < 65536; i++) values[i] = linearFromSrgb(i / 65535);
    color = floatToHalf(values);
  }
  const result = new Uint16Array(samples.length);
  for (let i = 0; i < samples.length; i += 4) {
    result[i] = color[samples[i]!]!;
    result[i + 1] = color[samples[i + 1]!]!;
    result[i + 2] = color[samples[i + 2]!]!;
    result[i + 3] = plain[samples[i + 3]!]!;
  }
  return result;
}

function linearFromSrgb(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Halves a picture that is too large, by means of 2x2 texels, until it fits. 16-bit pictures take every other texel. */
function fitted(maxSize: number, image: DecodedImage): DecodedImage {
  let result = image;
  while (Math.max(result.width, result.height) > maxSize) {
    const width = Math.max(1, result.width >> 1);
    const height = Math.max(1, result.height >> 1);
    const from = result.data;
    const isBytes = from instanceof Uint8Array;
    const data = isBytes ? new Uint8Array(width * height * 4) : new Uint16Array(width * height * 4);
    const row = result.width * 4;
    const right = result.width > 1 ? 4 : 0;
    const down = result.height > 1 ? row : 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * 2 * row * (down === 0 ? 0 : 1) + x * 2 * right;
        const to = (y * width + x) * 4;
        for (let k = 0; k < 4; k++) {
          data[to + k] = isBytes
            ? (from[at + k]! + from[at + right + k]! + from[at + down + k]! + from[at + right + down + k]! + 2) >> 2
            : from[at + k]!;
        }
      }
    }
    result = { ...result, width, height, data, loss: 'downscaled' };
  }
  return result;
}
