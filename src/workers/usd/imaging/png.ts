/**
 * PNG to exact samples: no premultiplication, no gamma, no colour profile, 16 bits kept.
 *
 * Inflation is the platform's (`DecompressionStream`), unfiltering and expansion are here. Browsers' own image paths lose
 * colour under low alpha and 16-bit precision. Damaged endings give the rows that were read (the rest stays zero).
 * Source: W3C PNG specification, third edition.
 */
import { transferOfProfile } from './icc.ts';
import { ImageDecodeError, ImageTooLargeError } from './image-error.ts';
import { inflate } from './inflate.ts';

export interface PngImage {
  readonly width: number;
  readonly height: number;
  /** Channels of the file after palettes and `tRNS` are expanded: 1 gray, 2 gray+alpha, 3 RGB, 4 RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly bitDepth: 8 | 16;
  /** Always four channels, top row first, shape [height·width·4]. */
  readonly data: Uint8Array | Uint16Array;
  /** What an `sRGB`, `cICP`, `iCCP` or `gAMA` chunk says, when there is one. */
  readonly taggedColorSpace: 'srgb' | 'raw' | undefined;
  /** Fewer rows than promised were in the file. */
  readonly isTruncated: boolean;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** Pixels beyond which an image is refused: 16384 squared. */
const MAX_PIXELS = 1 << 28;
const MAX_PROFILE_BYTES = 1 << 22;
/** First column, first row, column step, row step of the seven Adam7 passes. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

interface PngHeader {
  width: number;
  height: number;
  depth: number;
  colorType: number;
  isInterlaced: boolean;
  palette: Uint8Array | undefined;
  transparency: Uint8Array | undefined;
  tagged: 'srgb' | 'raw' | undefined;
  /** Deflated ICC profile. */
  profile: Uint8Array<ArrayBuffer> | undefined;
  compressed: Uint8Array<ArrayBuffer>[];
}

/** @throws ImageDecodeError */
export async function decodePng(bytes: Uint8Array): Promise<PngImage> {
  const header = readChunks(bytes);
  const { width, height, depth, colorType } = header;
  const samplesPerPixel = [1, 0, 3, 1, 2, 0, 4][colorType]!;
  const bitsPerPixel = samplesPerPixel * depth;
  const passes = header.isInterlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  let total = 0;
  for (const [x, y, dx, dy] of passes) {
    const columns = Math.ceil((width - x) / dx);
    const rows = Math.ceil((height - y) / dy);
    if (columns > 0 && rows > 0) total += rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  }
  const { data: raw, length: rawLength } = await inflate('PNG', header.compressed, total);
  if (rawLength === 0) throw new ImageDecodeError('PNG', 'no image data could be inflated');

  const channels = (
    colorType === 3 ? (header.transparency === undefined ? 3 : 4) : samplesPerPixel + (header.transparency === undefined ? 0 : 1)
  ) as 1 | 2 | 3 | 4;
  const is16 = depth === 16;
  const out = is16 ? new Uint16Array(width * height * 4) : new Uint8Array(width * height * 4);
  const bytesPerPixel = Math.max(1, bitsPerPixel >> 3);
  let offset = 0;
  for (const [x, y, dx, dy] of passes) {
    const columns = Math.ceil((width - x) / dx);
    const rows = Math.ceil((height - y) / dy);
    if (columns <= 0 || rows <= 0) continue;
    const rowBytes = Math.ceil((columns * bitsPerPixel) / 8);
    let previous: number = -1;
    for (let row = 0; row < rows; row++) {
      if (offset + 1 + rowBytes > rawLength) break;
      unfilter(raw, offset, rowBytes, previous, bytesPerPixel);
      previous = offset + 1;
      expandRow(header, raw, previous, columns, out, ((y + row * dy) * width + x) * 4, dx * 4);
      offset += 1 + rowBytes;
    }
  }
  const tagged =
    header.profile === undefined
      ? undefined
      : transferOfProfile((await inflate('PNG', [header.profile], Math.min(MAX_PROFILE_BYTES, header.profile.length * 1032))).data);
  return {
    width,
    height,
    channels,
    bitDepth: is16 ? 16 : 8,
    data: out,
    taggedColorSpace: tagged ?? header.tagged,
    isTruncated: rawLength < total,
  };
}

function readChunks(bytes: Uint8Array): PngHeader {
  if (!isPng(bytes)) throw new ImageDecodeError('PNG', 'the signature is missing');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header: PngHeader = {
    width: 0,
    height: 0,
    depth: 0,
    colorType: -1,
    isInterlaced: false,
    palette: undefined,
    transparency: undefined,
    tagged: undefined,
    profile: undefined,
    compressed: [],
  };
  let offset = 8;
  while (offset + 12 <= bytes.length) {
    const length = view.getUint32(offset);
    const type = String.fromCharCode(bytes[offset + 4]!, bytes[offset + 5]!, bytes[offset + 6]!, bytes[offset + 7]!);
    const start = offset + 8;
    // A cut file may end inside its image data: what is there is used.
    const end = Math.min(start + length, bytes.length);
    const data = bytes.subarray(start, end);
    if (type === 'IHDR') readHeader(view, start, length, header);
    else if (type === 'PLTE') header.palette = data;
    else if (type === 'tRNS') header.transparency = data;
    else if (type === 'IDAT') header.compressed.push(data as Uint8Array<ArrayBuffer>);
    else if (type === 'iCCP') header.profile = data.subarray(data.indexOf(0) + 2) as Uint8Array<ArrayBuffer>;
    else if (type === 'sRGB') header.tagged = 'srgb';
    else if (type === 'cICP' && data.length >= 2) header.tagged = data[1] === 13 ? 'srgb' : data[1] === 8 ? 'raw' : header.tagged;
    else if (type === 'gAMA' && data.length >= 4 && header.tagged === undefined) {
      const gamma = view.getUint32(start);
      header.tagged = gamma === 100_000 ? 'raw' : gamma >= 45_000 && gamma <= 46_000 ? 'srgb' : undefined;
    } else if (type === 'IEND') break;
    offset = start + length + 4;
  }
  if (header.colorType < 0) throw new ImageDecodeError('PNG', 'the header chunk IHDR is missing');
  if (header.compressed.length === 0) throw new ImageDecodeError('PNG', 'there is no image data (IDAT)');
  if (header.colorType === 3 && header.palette === undefined) throw new ImageDecodeError('PNG', 'an indexed image has no palette (PLTE)');
  if (header.colorType === 4 || header.colorType === 6) header.transparency = undefined;
  return header;
}

function readHeader(view: DataView, start: number, length: number, header: PngHeader): void {
  if (length < 13 || start + 13 > view.byteLength) throw new ImageDecodeError('PNG', 'the header chunk IHDR is cut short');
  header.width = view.getUint32(start);
  header.height = view.getUint32(start + 4);
  header.depth = view.getUint8(start + 8);
  header.colorType = view.getUint8(start + 9);
  header.isInterlaced = view.getUint8(start + 12) === 1;
  const depths: Record<number, readonly number[]> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
  if (depths[header.colorType]?.includes(header.depth) !== true) {
    throw new ImageDecodeError('PNG', `colour type ${header.colorType} with bit depth ${header.depth} does not exist`);
  }
  if (header.width === 0 || header.height === 0) throw new ImageDecodeError('PNG', `the size is ${header.width}x${header.height}`);
  if (header.width * header.height > MAX_PIXELS) throw new ImageTooLargeError('PNG', header.width, header.height);
}

/** Undoes a row's filter in place. `previous`: offset of the unfiltered row above, or -1. */
function unfilter(raw: Uint8Array, filterOffset: number, rowBytes: number, previous: number, bpp: number): void {
  const filter = raw[filterOffset]!;
  const row = filterOffset + 1;
  const end = row + rowBytes;
  if (filter === 1) {
    for (let i = row + bpp; i < end; i++) raw[i] = raw[i]! + raw[i - bpp]!;
  } else if (filter === 2) {
    if (previous >= 0) for (let i = row, up = previous; i < end; i++, up++) raw[i] = raw[i]! + raw[up]!;
  } else if (filter === 3) {
    for (let i = row; i < end; i++) {
      const left = i - bpp >= row ? raw[i - bpp]! : 0;
      const up = previous >= 0 ? raw[previous + i - row]! : 0;
      raw[i] = raw[i]! + ((left + up) >> 1);
    }
  } else if (filter === 4) {
    if (previous < 0) {
      for (let i = row + bpp; i < end; i++) raw[i] = raw[i]! + raw[i - bpp]!;
      return;
    }
    const shift = previous - row;
    for (let i = row; i < Math.min(end, row + bpp); i++) raw[i] = raw[i]! + raw[i + shift]!;
    for (let i = row + bpp; i < end; i++) {
      const a = raw[i - bpp]!;
      const b = raw[i + shift]!;
      const c = raw[i + shift - bpp]!;
      const pa = Math.abs(b - c);
      const pb = Math.abs(a - c);
      const pc = Math.abs(a + b - c - c);
      raw[i] = raw[i]! + (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
    }
  } else if (filter !== 0) throw new ImageDecodeError('PNG', `unknown row filter ${filter}`);
}

/** Writes one unfiltered row as RGBA, `step` samples between pixels. */
function expandRow(
  header: PngHeader,
  raw: Uint8Array,
  row: number,
  columns: number,
  out: Uint8Array | Uint16Array,
  to: number,
  step: number,
): void {
  const { depth, colorType, palette, transparency } = header;
  if (depth === 16) return expandRow16(header, raw, row, columns, out, to, step);
  const opaque = 255;
  if (colorType === 6) {
    for (let i = 0, from = row; i < columns; i++, from += 4, to += step) {
      out[to] = raw[from]!;
      out[to + 1] = raw[from + 1]!;
      out[to + 2] = raw[from + 2]!;
      out[to + 3] = raw[from + 3]!;
    }
  } else if (colorType === 2) {
    const keyed = transparency !== undefined && transparency.length >= 6;
    const keyR = keyed ? transparency[1]! : -1;
    const keyG = keyed ? transparency[3]! : -1;
    const keyB = keyed ? transparency[5]! : -1;
    for (let i = 0, from = row; i < columns; i++, from += 3, to += step) {
      const r = raw[from]!;
      const g = raw[from + 1]!;
      const b = raw[from + 2]!;
      out[to] = r;
      out[to + 1] = g;
      out[to + 2] = b;
      out[to + 3] = r === keyR && g === keyG && b === keyB ? 0 : opaque;
    }
  } else if (colorType === 4) {
    for (let i = 0, from = row; i < columns; i++, from += 2, to += step) {
      out[to] = out[to + 1] = out[to + 2] = raw[from]!;
      out[to + 3] = raw[from + 1]!;
    }
  } else {
    const mask = (1 << depth) - 1;
    const scale = 255 / mask;
    const key =
      colorType === 0 && transparency !== undefined && transparency.length >= 2 ? ((transparency[0]! << 8) | transparency[1]!) & mask : -1;
    for (let i = 0, bit = 0; i < columns; i++, bit += depth, to += step) {
      const sample = (raw[row + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask;
      if (colorType === 3) {
        const entry = sample * 3;
        out[to] = palette?.[entry] ?? 0;
        out[to + 1] = palette?.[entry + 1] ?? 0;
        out[to + 2] = palette?.[entry + 2] ?? 0;
        out[to + 3] = transparency?.[sample] ?? opaque;
      } else {
        out[to] = out[to + 1] = out[to + 2] = sample * scale;
        out[to + 3] = sample === key ? 0 : opaque;
      }
    }
  }
}

function expandRow16(
  header: PngHeader,
  raw: Uint8Array,
  row: number,
  columns: number,
  out: Uint8Array | Uint16Array,
  to: number,
  step: number,
): void {
  const { colorType, transparency } = header;
  const samples = colorType === 6 ? 4 : colorType === 2 ? 3 : colorType === 4 ? 2 : 1;
  const keyAt = (i: number): number =>
    transparency !== undefined && transparency.length >= 2 * i + 2 ? (transparency[2 * i]! << 8) | transparency[2 * i + 1]! : -1;
  const keys = [keyAt(0), keyAt(1), keyAt(2)] as const;
  for (let i = 0, from = row; i < columns; i++, from += samples * 2, to += step) {
    const first = (raw[from]! << 8) | raw[from + 1]!;
    if (samples >= 3) {
      const g = (raw[from + 2]! << 8) | raw[from + 3]!;
      const b = (raw[from + 4]! << 8) | raw[from + 5]!;
      out[to] = first;
      out[to + 1] = g;
      out[to + 2] = b;
      if (samples === 4) out[to + 3] = (raw[from + 6]! << 8) | raw[from + 7]!;
      else out[to + 3] = first === keys[0] && g === keys[1] && b === keys[2] ? 0 : 65535;
    } else {
      out[to] = out[to + 1] = out[to + 2] = first;
      if (samples === 2) out[to + 3] = (raw[from + 2]! << 8) | raw[from + 3]!;
      else out[to + 3] = first === keys[0] ? 0 : 65535;
    }
  }
}
