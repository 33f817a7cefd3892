/** One chunk of pixels: some lines of every channel, and the codings that are simple. */
import { inflate } from '../inflate.ts';
import { fail, PixelType, type ExrChannel } from './exr-header.ts';
import { tableOfHalfs } from './half-table.ts';

/** The part of a channel that lies in a chunk. */
export interface BlockChannel {
  readonly channel: ExrChannel;
  /** Samples of a line. */
  readonly width: number;
  /** Lines that hold samples. */
  readonly height: number;
  readonly sampleBytes: number;
}

/** Raw pixels are line by line; in a line channel by channel, in the header's order; little-endian. */
export interface Block {
  readonly channels: readonly BlockChannel[];
  readonly firstY: number;
  readonly lineCount: number;
  readonly rawBytes: number;
}

export function bytesOf(type: number): number {
  return type === PixelType.half ? 2 : 4;
}

/** Calls back for each line of each channel in the order of raw pixels. */
export function eachLine(block: Block, line: (index: number, channel: BlockChannel, lineOfChannel: number) => void): void {
  const lines = new Uint32Array(block.channels.length);
  for (let y = block.firstY; y < block.firstY + block.lineCount; y++) {
    for (const [index, channel] of block.channels.entries()) {
      if (y % channel.channel.ySampling !== 0) continue;
      line(index, channel, lines[index]!++);
    }
  }
}

export async function decodeZip(packed: Uint8Array, rawBytes: number): Promise<Uint8Array> {
  return unpredicted(await inflated(packed, rawBytes));
}

/** Inflates a stream of exactly this size. */
export async function inflated(packed: Uint8Array, size: number): Promise<Uint8Array> {
  const { data, length } = await inflate('OpenEXR', [packed as Uint8Array<ArrayBuffer>], size);
  if (length !== size) fail('compressed pixels are damaged');
  return data;
}

export function decodeRle(packed: Uint8Array, rawBytes: number): Uint8Array {
  return unpredicted(runs(packed, rawBytes));
}

/** Signed counts: negative ones are followed by so many bytes, others by one byte that is repeated once more than they say. */
export function runs(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  let to = 0;
  while (at < packed.length) {
    const count = (packed[at++]! << 24) >> 24;
    const length = count < 0 ? -count : count + 1;
    if (to + length > size) fail('a run passes the end of its pixels');
    if (count < 0) {
      if (at + length > packed.length) fail('a run passes the end of its chunk');
      out.set(packed.subarray(at, at + length), to);
      at += length;
    } else {
      if (at >= packed.length) fail('a run passes the end of its chunk');
      out.fill(packed[at++]!, to, to + length);
    }
    to += length;
  }
  if (to !== size) fail('a chunk holds too few pixels');
  return out;
}

/** Undoes the differences between bytes, then the split into even and odd ones. */
export function unpredicted(data: Uint8Array): Uint8Array {
  for (let i = 1; i < data.length; i++) data[i] = data[i - 1]! + data[i]! - 128;
  const out = new Uint8Array(data.length);
  const half = (data.length + 1) >> 1;
  for (let i = 0, to = 0; i < half; i++) {
    out[to++] = data[i]!;
    if (to < out.length) out[to++] = data[half + i]!;
  }
  return out;
}

/** Floats of 24 bits, differences along each line, bytes in planes, deflated (Pixar). */
export async function decodePxr24(packed: Uint8Array, block: Block): Promise<Uint8Array> {
  const planesOf = (type: number): number => (type === PixelType.half ? 2 : type === PixelType.float ? 3 : 4);
  let size = 0;
  for (const { channel, width, height } of block.channels) size += width * height * planesOf(channel.type);
  const data = await inflated(packed, size);
  const out = new Uint8Array(block.rawBytes);
  let from = 0;
  let to = 0;
  eachLine(block, (_index, { channel, width, sampleBytes }) => {
    const planes = planesOf(channel.type);
    // A float lacks its lowest byte.
    const lowest = sampleBytes - planes;
    let sample = 0;
    for (let x = 0; x < width; x++) {
      let difference = 0;
      for (let plane = 0; plane < planes; plane++) difference = (difference << 8) | data[from + plane * width + x]!;
      sample = (sample + difference) | 0;
      for (let byte = 0; byte < planes; byte++) out[to + lowest + byte] = sample >> (8 * byte);
      to += sampleBytes;
    }
    from += planes * width;
  });
  return out;
}

/** 4x4 halfs in 14 bytes: a first value and differences of 6 bits; in 3 bytes where all are equal. */
export function decodeB44(packed: Uint8Array, block: Block): Uint8Array {
  const planes: Uint8Array[] = [];
  const s = new Uint16Array(16);
  let at = 0;
  for (const { channel, width, height, sampleBytes } of block.channels) {
    const size = width * height * sampleBytes;
    if (channel.type !== PixelType.half) {
      if (at + size > packed.length) fail('a chunk ends too early');
      planes.push(packed.subarray(at, at + size));
      at += size;
      continue;
    }
    const plane = new Uint16Array(width * height);
    const linear = channel.isLinear ? logarithms() : undefined;
    for (let y = 0; y < height; y += 4) {
      for (let x = 0; x < width; x += 4) {
        const isFlat = at + 2 < packed.length && packed[at + 2]! >= 13 << 2;
        const length = isFlat ? 3 : 14;
        if (at + length > packed.length) fail('a chunk ends too early');
        if (isFlat) s.fill(ordered((packed[at]! << 8) | packed[at + 1]!));
        else unpackB44(packed, at, s);
        at += length;
        for (let j = 0; j < Math.min(4, height - y); j++) {
          for (let i = 0; i < Math.min(4, width - x); i++) {
            const value = s[4 * j + i]!;
            plane[(y + j) * width + x + i] = linear === undefined ? value : linear[value]!;
          }
        }
      }
    }
    planes.push(new Uint8Array(plane.buffer));
  }
  return interleaved(block, planes);
}

function unpackB44(b: Uint8Array, at: number, s: Uint16Array): void {
  const shift = b[at + 2]! >> 2;
  const bias = 0x20 << shift;
  // Fifteen differences of 6 bits follow the shift, columns first: bit 6 of byte 2 is the first of them.
  const difference = (index: number): number => {
    const bit = 22 + 6 * index;
    const byte = at + (bit >> 3);
    const pair = (b[byte]! << 8) | (b[byte + 1] ?? 0);
    return (((pair >> (10 - (bit & 7))) & 0x3f) << shift) - bias;
  };
  let index = 0;
  s[0] = (b[at]! << 8) | b[at + 1]!;
  for (let row = 1; row < 4; row++) s[4 * row] = s[4 * row - 4]! + difference(index++);
  for (let column = 1; column < 4; column++)
    for (let row = 0; row < 4; row++) s[4 * row + column] = s[4 * row + column - 1]! + difference(index++);
  for (let i = 0; i < 16; i++) s[i] = ordered(s[i]!);
}

/** From the order in which halfs are compared as integers to their bits. */
function ordered(value: number): number {
  return value & 0x8000 ? value & 0x7fff : ~value & 0xffff;
}

let logarithmTable: Uint16Array | undefined;

/** Half bits of 8 ln x by half bits of x: linear channels are packed as exponentials. */
function logarithms(): Uint16Array {
  logarithmTable ??= tableOfHalfs((x) => (x > 0 ? 8 * Math.log(x) : 0));
  return logarithmTable;
}

/** Planes of whole channels to lines. */
export function interleaved(block: Block, planes: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(block.rawBytes);
  let to = 0;
  eachLine(block, (index, { width, sampleBytes }, line) => {
    const bytes = width * sampleBytes;
    out.set(planes[index]!.subarray(line * bytes, (line + 1) * bytes), to);
    to += bytes;
  });
  return out;
}
