/**
 * Truevision TGA pictures: true colour, gray and palettes, plain or run-length coded. They have no signature at their start,
 * so that the header is checked for sense.
 * Source: Truevision TGA file format specification 2.0.
 */
import { ImageDecodeError } from './image-error.ts';

export interface TgaImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  /** RGBA, top row first, shape [height·width·4]. */
  readonly data: Uint8Array;
  readonly isTruncated: boolean;
}

const HEADER_BYTES = 18;
const MAX_PIXELS = 1 << 28;

/** Whether the bytes can be a TGA header. */
export function isTga(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  const mapType = bytes[1]!;
  const kind = bytes[2]!;
  const depth = bytes[16]!;
  if (mapType > 1 || ![1, 2, 3, 9, 10, 11].includes(kind)) return false;
  const isIndexed = (kind & 7) === 1;
  if (isIndexed !== (mapType === 1) && isIndexed) return false;
  return (isIndexed || (kind & 7) === 3 ? depth === 8 : [15, 16, 24, 32].includes(depth)) && u16(bytes, 12) > 0 && u16(bytes, 14) > 0;
}

/** @throws ImageDecodeError */
export function decodeTga(bytes: Uint8Array): TgaImage {
  if (!isTga(bytes)) throw new ImageDecodeError('TGA', 'the header makes no sense');
  const kind = bytes[2]!;
  const width = u16(bytes, 12);
  const height = u16(bytes, 14);
  const depth = bytes[16]!;
  const descriptor = bytes[17]!;
  const isRunLength = kind >= 9;
  const isIndexed = (kind & 7) === 1;
  const isGray = (kind & 7) === 3;
  const pixelBytes = (depth + 7) >> 3;
  // A run is at most 128 pixels long.
  if (width * height > MAX_PIXELS || width * height > (bytes.length - HEADER_BYTES) * 128)
    throw new ImageDecodeError('TGA', `the size ${width}x${height} does not fit ${bytes.length} bytes`);

  const mapStart = HEADER_BYTES + bytes[0]!;
  const mapLength = bytes[1] === 1 ? u16(bytes, 5) : 0;
  const mapFirst = u16(bytes, 3);
  const mapEntryBytes = (bytes[7]! + 7) >> 3;
  let offset = mapStart + mapLength * mapEntryBytes;

  const data = new Uint8Array(width * height * 4);
  const hasAlpha = (isIndexed ? bytes[7] === 32 : depth === 32) && (descriptor & 15) > 0;
  const writePixel = (to: number, from: number): void => {
    if (isGray) {
      data[to] = data[to + 1] = data[to + 2] = bytes[from]!;
      data[to + 3] = 255;
    } else if (isIndexed) writeColor(data, to, bytes, mapStart + (bytes[from]! - mapFirst) * mapEntryBytes, mapEntryBytes, hasAlpha);
    else writeColor(data, to, bytes, from, pixelBytes, hasAlpha);
  };
  const total = width * height;
  const isTopFirst = (descriptor & 32) !== 0;
  const isRightFirst = (descriptor & 16) !== 0;
  const target = (pixel: number): number => {
    const x = pixel % width;
    const y = (pixel - x) / width;
    return ((isTopFirst ? y : height - 1 - y) * width + (isRightFirst ? width - 1 - x : x)) * 4;
  };
  let pixel = 0;
  while (pixel < total) {
    let count = 1;
    let isRun = false;
    if (isRunLength) {
      const packet = bytes[offset++];
      if (packet === undefined) break;
      count = Math.min((packet & 127) + 1, total - pixel);
      isRun = packet >= 128;
    } else count = total;
    if (offset + pixelBytes > bytes.length) break;
    for (let i = 0; i < count; i++) {
      if (!isRun && offset + pixelBytes > bytes.length) break;
      writePixel(target(pixel++), offset);
      if (!isRun) offset += pixelBytes;
    }
    if (isRun) offset += pixelBytes;
    else if (offset + pixelBytes > bytes.length && pixel < total) break;
  }
  return { width, height, channels: isGray ? 1 : hasAlpha ? 4 : 3, data, isTruncated: pixel < total };
}

/** Stored blue first; 15 and 16 bits as ARRRRRGG GGGBBBBB. Missing bytes read as zero. */
function writeColor(data: Uint8Array, to: number, bytes: Uint8Array, from: number, size: number, hasAlpha: boolean): void {
  if (size === 2) {
    const value = (bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8);
    data[to] = (((value >> 10) & 31) * 255) / 31;
    data[to + 1] = (((value >> 5) & 31) * 255) / 31;
    data[to + 2] = ((value & 31) * 255) / 31;
    data[to + 3] = 255;
    return;
  }
  data[to] = bytes[from + 2] ?? 0;
  data[to + 1] = bytes[from + 1] ?? 0;
  data[to + 2] = bytes[from] ?? 0;
  data[to + 3] = hasAlpha && size === 4 ? (bytes[from + 3] ?? 255) : 255;
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}
