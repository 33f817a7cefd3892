/**
 * OpenEXR pictures (`.exr`) to linear halfs: scanlines and tiles of the full size, one part, all codings of version 2 but HTJ2K.
 * Deep pictures and subsampled channels are refused with words. A chunk that is damaged leaves its pixels black.
 *
 * Loaded only when such a file is met.
 */
import { halfToFloat } from 'usd-wasm';
import { yieldToMessages } from '../../pace.ts';
import { LinearPicture, type HalfImage } from '../linear-picture.ts';
import { ImageDecodeError } from '../image-error.ts';
import { decodeDwa } from './dwa.ts';
import { bytesOf, decodeB44, decodePxr24, decodeRle, decodeZip, type Block, type BlockChannel } from './exr-block.ts';
import {
  checkSize,
  Compression,
  Cursor,
  fail,
  PixelType,
  readExrHeader,
  type ExrChannel,
  type ExrHeader,
  type ExrPart,
} from './exr-header.ts';
import { decodePiz } from './piz.ts';

export interface ExrImage extends HalfImage {
  /** Chunks are missing or damaged: their pixels are black. */
  readonly isTruncated: boolean;
}

/** Lines of a chunk of scanlines, by `Compression`. */
const LINES = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256];
/** Raw pixels of one chunk beyond which a picture is refused, bytes. */
const MAX_CHUNK_BYTES = 1 << 28;
const SLICE_MS = 12;

/**
 * @param maxSize longest side of the result; a larger picture is scaled down by a power of two
 * @throws ImageDecodeError
 */
export async function decodeExr(bytes: Uint8Array, maxSize: number): Promise<ExrImage> {
  const header = readExrHeader(bytes);
  const part = choosePart(header.parts);
  if (LINES[part.compression] === undefined) fail(`compression ${part.compression} is not supported`);
  const channels = chooseChannels(part.channels);
  // What lies around the data window is black.
  const window = part.displayWindow;
  checkSize(window);
  const picture = new LinearPicture(window.maxX - window.minX + 1, window.maxY - window.minY + 1, maxSize);
  const target: Target = { picture, channels, offsetX: window.minX, offsetY: window.minY };

  let readCount = 0;
  let failure: unknown;
  let sliceEnd = performance.now() + SLICE_MS;
  const chunks = chunksOf(bytes, header, part);
  for (const chunk of chunks) {
    try {
      const block = blockOf(part, chunk);
      writeBlock(await decodeBlock(chunkBytes(bytes, header, part, chunk), part.compression, block), block, chunk.x, target);
      readCount++;
    } catch (error) {
      if (!(error instanceof ImageDecodeError)) throw error;
      failure ??= error;
    }
    if (performance.now() > sliceEnd) {
      await yieldToMessages();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  if (readCount === 0) throw failure instanceof Error ? failure : new ImageDecodeError('OpenEXR', 'there are no pixels');
  return { ...picture.finish(), isTruncated: readCount < chunks.length };
}

/** Indices of the channels that become red, green, blue and alpha; -1: 0, for alpha 1. */
type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

interface Target {
  readonly picture: LinearPicture;
  readonly channels: Rgba;
  /** Corner of the picture in the file's coordinates. */
  readonly offsetX: number;
  readonly offsetY: number;
}

/** The first part with colours of its own, else the first at all. */
function choosePart(parts: readonly ExrPart[]): ExrPart {
  const flat = parts.filter(({ isDeep }) => !isDeep);
  const hasColors = ({ channels }: ExrPart): boolean => channels.some(({ name }) => /^[rgby]$/iu.test(name));
  return flat.find(hasColors) ?? flat[0] ?? fail('deep pictures are not supported');
}

/** Channels without a layer first, then the first layer with colours, then whatever comes first, as grey. */
function chooseChannels(channels: readonly ExrChannel[]): Rgba {
  const find = (name: string): number => channels.findIndex((channel) => channel.name.toLowerCase() === name.toLowerCase());
  const layers = new Set(channels.map(({ name }) => name.slice(0, name.lastIndexOf('.') + 1)));
  let chosen: Rgba | undefined;
  for (const layer of ['', ...layers]) {
    const [red, green, blue, luminance, alpha] = ['R', 'G', 'B', 'Y', 'A'].map((name) => find(`${layer}${name}`)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (red >= 0 && green < 0 && blue < 0) chosen = [red, red, red, alpha];
    else if (red >= 0 || green >= 0 || blue >= 0) chosen = [red, green, blue, alpha];
    else if (luminance >= 0) chosen = [luminance, luminance, luminance, alpha];
    if (chosen !== undefined) break;
  }
  chosen ??= [0, 0, 0, -1];
  for (const index of chosen) {
    const channel = channels[index];
    if (channel !== undefined && (channel.xSampling !== 1 || channel.ySampling !== 1))
      fail(`the channel "${channel.name}" is subsampled, which is not supported`);
  }
  return chosen;
}

/** A rectangle of pixels and where its bytes are said to begin. */
interface Chunk {
  readonly offset: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Numbers that must stand at its begin: line, or column and row of the tile and its level. */
  readonly mark: readonly number[];
}

function chunksOf(bytes: Uint8Array, header: ExrHeader, part: ExrPart): Chunk[] {
  const { dataWindow, tile } = part;
  const width = dataWindow.maxX - dataWindow.minX + 1;
  const height = dataWindow.maxY - dataWindow.minY + 1;
  const cursor = new Cursor(bytes);
  cursor.offset = header.endOffset;
  // The tables of the parts before.
  for (const other of header.parts.slice(0, part.index)) {
    if (other.chunkCount === undefined) fail('a part does not say how many chunks it has');
    cursor.offset += 8 * other.chunkCount;
  }
  const chunks: Chunk[] = [];
  const lines = LINES[part.compression]!;
  const columns = tile === undefined ? 1 : Math.ceil(width / tile.width);
  const rows = Math.ceil(height / (tile?.height ?? lines));
  if (cursor.offset + 8 * columns * rows > bytes.length) fail('the table of chunks passes the end of the file');
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = column * (tile?.width ?? width);
      const y = row * (tile?.height ?? lines);
      chunks.push({
        offset: cursor.uint64(),
        x: dataWindow.minX + x,
        y: dataWindow.minY + y,
        width: Math.min(tile?.width ?? width, width - x),
        height: Math.min(tile?.height ?? lines, height - y),
        mark: tile === undefined ? [dataWindow.minY + y] : [column, row, 0, 0],
      });
    }
  }
  return chunks;
}

function blockOf(part: ExrPart, chunk: Chunk): Block {
  const countIn = (from: number, count: number, sampling: number): number =>
    Math.floor((from + count - 1) / sampling) - Math.floor((from - 1) / sampling);
  let rawBytes = 0;
  const channels = part.channels.map((channel): BlockChannel => {
    const width = countIn(chunk.x, chunk.width, channel.xSampling);
    const height = countIn(chunk.y, chunk.height, channel.ySampling);
    const sampleBytes = bytesOf(channel.type);
    rawBytes += width * height * sampleBytes;
    return { channel, width, height, sampleBytes };
  });
  if (rawBytes > MAX_CHUNK_BYTES) fail('a chunk has too many pixels');
  return { channels, firstY: chunk.y, lineCount: chunk.height, rawBytes };
}

/** The packed bytes of a chunk, once what stands before them is as it must be. */
function chunkBytes(bytes: Uint8Array, header: ExrHeader, part: ExrPart, chunk: Chunk): Uint8Array {
  if (chunk.offset < header.endOffset || chunk.offset >= bytes.length) fail('a chunk is missing');
  const cursor = new Cursor(bytes);
  cursor.offset = chunk.offset;
  const mark = header.isMultiPart ? [part.index, ...chunk.mark] : chunk.mark;
  for (const expected of mark) if (cursor.int32() !== expected) fail('a chunk is not where the table says');
  return cursor.take(cursor.uint32());
}

async function decodeBlock(packed: Uint8Array, compression: number, block: Block): Promise<Uint8Array> {
  // What would not get smaller is stored as it is.
  if (packed.length === block.rawBytes) return packed;
  if (packed.length > block.rawBytes) fail('a chunk is larger than its pixels');
  switch (compression) {
    case Compression.rle:
      return decodeRle(packed, block.rawBytes);
    case Compression.zips:
    case Compression.zip:
      return decodeZip(packed, block.rawBytes);
    case Compression.piz:
      return decodePiz(packed, block);
    case Compression.pxr24:
      return decodePxr24(packed, block);
    case Compression.b44:
    case Compression.b44a:
      return decodeB44(packed, block);
    case Compression.dwaa:
    case Compression.dwab:
      return decodeDwa(packed, block);
    default:
      return fail('a chunk ends too early');
  }
}

/** Raw pixels into the picture. */
function writeBlock(raw: Uint8Array, block: Block, x: number, { picture, channels, offsetX, offsetY }: Target): void {
  const width = block.channels[channels.find((index) => index >= 0)!]!.width;
  const row = new Float32Array(width * 4);
  let at = 0;
  for (let y = block.firstY; y < block.firstY + block.lineCount; y++) {
    for (let i = 3; i < row.length; i += 4) row[i] = 1;
    for (const [index, { channel, width: count, sampleBytes }] of block.channels.entries()) {
      if (y % channel.ySampling !== 0) continue;
      if (channels.includes(index)) {
        const values = lineOf(raw, at, count, channel.type);
        for (let component = 0; component < 4; component++) {
          if (channels[component] !== index) continue;
          for (let i = 0; i < count; i++) row[4 * i + component] = values[i]!;
        }
      }
      at += count * sampleBytes;
    }
    picture.addSpan(x - offsetX, y - offsetY, row);
  }
}

function lineOf(raw: Uint8Array, at: number, count: number, type: number): Float32Array {
  // A copy begins where numbers of any size may.
  const { buffer } = raw.slice(at, at + count * bytesOf(type));
  if (type === PixelType.half) return halfToFloat(new Uint16Array(buffer));
  return type === PixelType.float ? new Float32Array(buffer) : Float32Array.from(new Uint32Array(buffer));
}
