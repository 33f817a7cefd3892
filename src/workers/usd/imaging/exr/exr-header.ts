/**
 * The header of an OpenEXR file: attributes of each part, and which chunks hold the pixels. Every offset and count is checked.
 * Source: "OpenEXR File Layout" (openexr.com, version 2 files).
 */
import { ImageDecodeError, ImageTooLargeError } from '../image-error.ts';

export const PixelType = { uint: 0, half: 1, float: 2 } as const;
export const Compression = { none: 0, rle: 1, zips: 2, zip: 3, piz: 4, pxr24: 5, b44: 6, b44a: 7, dwaa: 8, dwab: 9 } as const;

export interface ExrChannel {
  readonly name: string;
  /** One of `PixelType`. */
  readonly type: number;
  /** Perceptually linear: B44 and DWA encode it without their curves. */
  readonly isLinear: boolean;
  readonly xSampling: number;
  readonly ySampling: number;
}

/** Inclusive corners. */
export interface ExrBox {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface ExrPart {
  readonly index: number;
  readonly channels: readonly ExrChannel[];
  readonly compression: number;
  readonly dataWindow: ExrBox;
  readonly displayWindow: ExrBox;
  /** Undefined: scanlines. */
  readonly tile: { readonly width: number; readonly height: number } | undefined;
  /** Of all levels, as the file says; undefined where it does not. */
  readonly chunkCount: number | undefined;
  readonly isDeep: boolean;
}

export interface ExrHeader {
  readonly parts: readonly ExrPart[];
  readonly isMultiPart: boolean;
  /** Where the chunk tables begin. */
  readonly endOffset: number;
}

/** Pixels beyond which a picture is refused: 16384 x 8192, the largest environments there are. */
const MAX_PIXELS = 1 << 27;
const MAX_PARTS = 256;
const MAX_CHANNELS = 1024;
const MAX_NAME = 255;

export function fail(reason: string): never {
  throw new ImageDecodeError('OpenEXR', reason);
}

/** @throws ImageDecodeError */
export function readExrHeader(bytes: Uint8Array): ExrHeader {
  const cursor = new Cursor(bytes);
  cursor.offset = 4;
  const version = cursor.uint32();
  if ((version & 0xff) !== 2) fail(`version ${version & 0xff} is not known here (2 is)`);
  const isMultiPart = (version & 0x1000) !== 0;
  const isTiled = (version & 0x200) !== 0;
  const isDeep = (version & 0x800) !== 0;
  const parts: ExrPart[] = [];
  do {
    if (parts.length >= MAX_PARTS) fail('there are too many parts');
    parts.push(readPart(cursor, parts.length, { isMultiPart, isTiled, isDeep }));
    // The headers of a multi-part file end with an empty one.
  } while (isMultiPart && cursor.peek() !== 0);
  if (isMultiPart) cursor.offset++;
  return { parts, isMultiPart, endOffset: cursor.offset };
}

function readPart(
  cursor: Cursor,
  index: number,
  flags: { readonly isMultiPart: boolean; readonly isTiled: boolean; readonly isDeep: boolean },
): ExrPart {
  let channels: ExrChannel[] | undefined;
  let compression: number | undefined;
  let dataWindow: ExrBox | undefined;
  let displayWindow: ExrBox | undefined;
  let tile: ExrPart['tile'];
  let chunkCount: number | undefined;
  let type = flags.isTiled ? 'tiledimage' : 'scanlineimage';
  for (let name = cursor.name(); name !== ''; name = cursor.name()) {
    const attributeType = cursor.name();
    const size = cursor.uint32();
    const end = cursor.offset + size;
    if (end > cursor.bytes.length) fail(`the attribute "${name}" passes the end of the file`);
    switch (`${name} ${attributeType}`) {
      case 'channels chlist':
        channels = readChannels(cursor, end);
        break;
      case 'compression compression':
        compression = cursor.byte();
        break;
      case 'dataWindow box2i':
        dataWindow = cursor.box();
        break;
      case 'displayWindow box2i':
        displayWindow = cursor.box();
        break;
      case 'tiles tiledesc':
        // Tiles of smaller levels come after those of the full size, which alone are read.
        tile = { width: cursor.uint32(), height: cursor.uint32() };
        break;
      case 'chunkCount int':
        chunkCount = cursor.uint32();
        break;
      case 'type string':
        if (flags.isMultiPart || flags.isDeep)
          type = String.fromCharCode(...cursor.bytes.subarray(cursor.offset, Math.min(end, cursor.offset + 32)));
        break;
    }
    cursor.offset = end;
  }
  if (channels === undefined || compression === undefined || dataWindow === undefined)
    fail('the header lacks its channels, its compression or its data window');
  checkSize(dataWindow);
  const isTiled = type === 'tiledimage';
  if (isTiled && (tile === undefined || tile.width === 0 || tile.height === 0)) fail('the tiles have no size');
  return {
    index,
    channels,
    compression,
    dataWindow,
    displayWindow: displayWindow ?? dataWindow,
    tile: isTiled ? tile : undefined,
    chunkCount,
    isDeep: type.startsWith('deep'),
  };
}

function readChannels(cursor: Cursor, end: number): ExrChannel[] {
  const channels: ExrChannel[] = [];
  while (cursor.offset < end) {
    const name = cursor.name();
    if (name === '') break;
    if (channels.length >= MAX_CHANNELS) fail('there are too many channels');
    const type = cursor.uint32();
    const isLinear = cursor.byte() !== 0;
    cursor.offset += 3;
    const xSampling = cursor.uint32();
    const ySampling = cursor.uint32();
    if (type > 2) fail(`the channel "${name}" has the unknown pixel type ${type}`);
    if (xSampling === 0 || ySampling === 0) fail(`the channel "${name}" has no sampling rate`);
    channels.push({ name, type, isLinear, xSampling, ySampling });
  }
  if (channels.length === 0) fail('there are no channels');
  return channels;
}

export function checkSize(box: ExrBox): void {
  const width = box.maxX - box.minX + 1;
  const height = box.maxY - box.minY + 1;
  if (width < 1 || height < 1) fail(`the window from ${box.minX}, ${box.minY} to ${box.maxX}, ${box.maxY} is empty`);
  if (width * height > MAX_PIXELS) throw new ImageTooLargeError('OpenEXR', width, height);
}

/** Little-endian reading that fails with words where the bytes end. */
export class Cursor {
  readonly bytes: Uint8Array;
  offset = 0;
  #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  peek(): number {
    this.#need(1);
    return this.bytes[this.offset]!;
  }

  byte(): number {
    const value = this.peek();
    this.offset++;
    return value;
  }

  uint16(): number {
    this.#need(2);
    const value = this.#view.getUint16(this.offset, true);
    this.offset += 2;
    return value;
  }

  uint32(): number {
    this.#need(4);
    const value = this.#view.getUint32(this.offset, true);
    this.offset += 4;
    return value;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** Exact up to 2^53; larger numbers are larger than any file. */
  uint64(): number {
    const low = this.uint32();
    return this.uint32() * 2 ** 32 + low;
  }

  box(): ExrBox {
    return { minX: this.int32(), minY: this.int32(), maxX: this.int32(), maxY: this.int32() };
  }

  /** A name that ends with a zero byte. */
  name(): string {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0 || end - this.offset > MAX_NAME) fail('a name does not end');
    const name = String.fromCharCode(...this.bytes.subarray(this.offset, end));
    this.offset = end + 1;
    return name;
  }

  /** The next `count` bytes, without copying. */
  take(count: number): Uint8Array {
    this.#need(count);
    const part = this.bytes.subarray(this.offset, this.offset + count);
    this.offset += count;
    return part;
  }

  #need(count: number): void {
    if (this.offset + count > this.bytes.length) fail('the file ends too early');
  }
}
