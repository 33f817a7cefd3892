/**
 * One table of formats and one of usages: how a shared texture's pixels are called by WebGPU, ImageData, VideoFrame and canvases. A pair that the
 * platform does not have is a `share-unsupported-format` that names the pair and the nearest format that has it.
 */
import { ShareError } from './share-error.ts';
import type { ShareAlphaMode, ShareFormat, ShareUsage, TextureDescriptor } from './texture-descriptor.ts';

/** `pixelFormat` of ImageData; `rgba-float16` exists where `new ImageData(1, 1, { pixelFormat })` keeps it (Chromium since 137). */
export type ImageDataFormat = 'rgba-unorm8' | 'rgba-float16';

/** Interleaved formats of VideoFrame; X: the fourth byte is not alpha. */
export type PackedVideoFormat = 'RGBA' | 'RGBX' | 'BGRA' | 'BGRX';

/** Formats that a canvas's WebGPU context can be configured with. */
export type CanvasFormat = 'rgba8unorm' | 'bgra8unorm' | 'rgba16float';

interface FormatRow {
  readonly channels: 1 | 2 | 4;
  /** Of the narrowest colour channel. */
  readonly bitsPerChannel: 8 | 10 | 16 | 32;
  readonly isFloat: boolean;
  readonly bytesPerPixel: number;
  readonly imageData?: ImageDataFormat;
  readonly video?: { readonly alpha: PackedVideoFormat; readonly opaque: PackedVideoFormat };
  readonly canvas?: CanvasFormat;
  /** Whether every WebGPU device can bind it as a storage texture; the others need a feature. */
  readonly isStorable?: true;
}

const RGBA = { alpha: 'RGBA', opaque: 'RGBX' } as const;
const BGRA = { alpha: 'BGRA', opaque: 'BGRX' } as const;

/** WebGPU 26.1.1 (formats), 26.1.2 (storage); ImageData: HTML "ImageData interface"; VideoFrame: WebCodecs 9.8 "Pixel format". ImageData's bytes are R, G, B, A. */
const FORMATS: Readonly<Record<ShareFormat, FormatRow>> = {
  r8unorm: { channels: 1, bitsPerChannel: 8, isFloat: false, bytesPerPixel: 1 },
  rg8unorm: { channels: 2, bitsPerChannel: 8, isFloat: false, bytesPerPixel: 2 },
  rgba8unorm: {
    channels: 4,
    bitsPerChannel: 8,
    isFloat: false,
    bytesPerPixel: 4,
    imageData: 'rgba-unorm8',
    video: RGBA,
    canvas: 'rgba8unorm',
    isStorable: true,
  },
  'rgba8unorm-srgb': {
    channels: 4,
    bitsPerChannel: 8,
    isFloat: false,
    bytesPerPixel: 4,
    imageData: 'rgba-unorm8',
    video: RGBA,
    canvas: 'rgba8unorm',
  },
  bgra8unorm: { channels: 4, bitsPerChannel: 8, isFloat: false, bytesPerPixel: 4, video: BGRA, canvas: 'bgra8unorm' },
  'bgra8unorm-srgb': { channels: 4, bitsPerChannel: 8, isFloat: false, bytesPerPixel: 4, video: BGRA, canvas: 'bgra8unorm' },
  rgb10a2unorm: { channels: 4, bitsPerChannel: 10, isFloat: false, bytesPerPixel: 4 },
  r16float: { channels: 1, bitsPerChannel: 16, isFloat: true, bytesPerPixel: 2 },
  rg16float: { channels: 2, bitsPerChannel: 16, isFloat: true, bytesPerPixel: 4 },
  rgba16float: {
    channels: 4,
    bitsPerChannel: 16,
    isFloat: true,
    bytesPerPixel: 8,
    imageData: 'rgba-float16',
    canvas: 'rgba16float',
    isStorable: true,
  },
  r32float: { channels: 1, bitsPerChannel: 32, isFloat: true, bytesPerPixel: 4, isStorable: true },
  rg32float: { channels: 2, bitsPerChannel: 32, isFloat: true, bytesPerPixel: 8, isStorable: true },
  rgba32float: { channels: 4, bitsPerChannel: 32, isFloat: true, bytesPerPixel: 16, isStorable: true },
};

/** Bits of `GPUTextureUsage` (WebGPU 6.1.2), written out because the global is missing where there is no WebGPU. */
const USAGES: Readonly<Record<ShareUsage, GPUTextureUsageFlags>> = {
  'copy-from': 0x01,
  'copy-to': 0x02,
  sample: 0x04,
  storage: 0x08,
  render: 0x10,
};

/** All formats that can be shared. */
export const SHARE_FORMATS = Object.keys(FORMATS) as readonly ShareFormat[];

export function isShareFormat(value: unknown): value is ShareFormat {
  return typeof value === 'string' && Object.hasOwn(FORMATS, value);
}

export function isShareUsage(value: unknown): value is ShareUsage {
  return typeof value === 'string' && Object.hasOwn(USAGES, value);
}

/** Bytes of one pixel in memory. */
export function bytesPerPixel(format: ShareFormat): number {
  return FORMATS[format].bytesPerPixel;
}

/** Bytes of one frame: rows tight. */
export function byteLengthOf({ width, height, format }: Pick<TextureDescriptor, 'width' | 'height' | 'format'>): number {
  return width * height * FORMATS[format].bytesPerPixel;
}

/** The names are WebGPU's own. */
export function gpuFormatOf(format: ShareFormat): GPUTextureFormat {
  return format;
}

/** Flags of `GPUTextureUsage`. */
export function gpuUsageOf(usages: readonly ShareUsage[]): GPUTextureUsageFlags {
  let flags = 0;
  for (const usage of usages) {
    flags |= USAGES[usage];
  }
  return flags;
}

/** @throws ShareError `share-unsupported-format` for a format that ImageData has no layout for */
export function imageDataFormatOf(format: ShareFormat): ImageDataFormat {
  return FORMATS[format].imageData ?? fail('ImageData', format, ({ imageData }) => imageData !== undefined);
}

/** @throws ShareError `share-unsupported-format` for a format that VideoFrame has no packed layout for */
export function videoPixelFormatOf(format: ShareFormat, alphaMode: ShareAlphaMode): PackedVideoFormat {
  const video = FORMATS[format].video ?? fail('VideoFrame', format, (row) => row.video !== undefined);
  return alphaMode === 'opaque' ? video.opaque : video.alpha;
}

/**
 * Format of a canvas that holds the same bytes.
 *
 * @throws ShareError `share-unsupported-format`
 */
export function canvasFormatOf(format: ShareFormat): CanvasFormat {
  return FORMATS[format].canvas ?? fail('a canvas', format, ({ canvas }) => canvas !== undefined);
}

/**
 * What a transport's `refuse` returns for formats it cannot carry.
 *
 * @param carrier named in the message: the transport or the mapping
 * @returns undefined where the format is one of `supported`
 */
export function refuseFormat(
  carrier: string,
  { format }: Pick<TextureDescriptor, 'format'>,
  supported: readonly ShareFormat[],
): ShareError | undefined {
  return supported.includes(format) ? undefined : unsupported(carrier, format, supported);
}

/**
 * Usages that a format does not have on every device.
 *
 * @returns `share-unsupported-usage` that names the pair and the nearest format that has the usage
 */
export function refuseUsages({ format, usages }: Pick<TextureDescriptor, 'format' | 'usages'>): ShareError | undefined {
  if (!usages.includes('storage') || FORMATS[format].isStorable) {
    return undefined;
  }
  const nearest = nearestFormat(
    format,
    SHARE_FORMATS.filter((name) => FORMATS[name].isStorable),
  );
  return new ShareError(
    'share-unsupported-usage',
    `The usage "storage" is not there for the format "${format}"; the nearest that has it is "${nearest}".`,
  );
}

/**
 * The one of `supported` that keeps most of a format's pixels: first all channels, then numbers of the same kind (a float's range is not lost to
 * unorm), then their precision, then the fewest bytes, then the same reading (sRGB) and order.
 */
export function nearestFormat(format: ShareFormat, supported: readonly ShareFormat[]): ShareFormat | undefined {
  const wanted = FORMATS[format];
  let nearest: ShareFormat | undefined;
  let least = Infinity;
  for (const name of supported) {
    const row = FORMATS[name];
    const loss =
      Math.max(0, wanted.channels - row.channels) * 10_000 +
      (wanted.isFloat && !row.isFloat ? 5000 : 0) +
      Math.max(0, wanted.bitsPerChannel - row.bitsPerChannel) * 100 +
      row.bytesPerPixel * 4 +
      (format.endsWith('-srgb') === name.endsWith('-srgb') ? 0 : 2) +
      (format.startsWith('bgra') === name.startsWith('bgra') ? 0 : 1);
    if (loss < least) {
      least = loss;
      nearest = name;
    }
  }
  return nearest;
}

function fail(carrier: string, format: ShareFormat, has: (row: FormatRow) => boolean): never {
  throw unsupported(
    carrier,
    format,
    SHARE_FORMATS.filter((name) => has(FORMATS[name])),
  );
}

function unsupported(carrier: string, format: ShareFormat, supported: readonly ShareFormat[]): ShareError {
  const nearest = nearestFormat(format, supported);
  return new ShareError(
    'share-unsupported-format',
    `The format "${format}" cannot cross by ${carrier}; ${nearest === undefined ? 'no format can' : `the nearest that can is "${nearest}"`}.`,
  );
}
