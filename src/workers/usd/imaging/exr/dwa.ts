/**
 * DWAA and DWAB: colours as JPEG has them (luma and chroma, 8x8 cosine transform, quantised halfs), alpha in runs, the rest
 * deflated. Source: OpenEXR, ImfDwaCompressor.cpp.
 */
import { decodeZip, inflated, interleaved, runs, type Block, type BlockChannel } from './exr-block.ts';
import { Cursor, fail, PixelType } from './exr-header.ts';
import { tableOfHalfs } from './half-table.ts';
import { decodeHuffman } from './huffman.ts';
import { floatToHalf, halfToFloat } from 'usd-wasm';

const Scheme = { unknown: 0, cosine: 1, runs: 2 } as const;

/** How channels of a name are coded. */
interface Rule {
  readonly suffix: string;
  readonly type: number;
  readonly scheme: number;
  /** Place in a set of red, green and blue; -1: none. */
  readonly place: number;
  readonly ignoresCase: boolean;
}

/** Chunks of the first version do not bring their rules along. */
const OLD_RULES: readonly Rule[] = [
  ...rulesOf(['r', 'red'], Scheme.cosine, 0),
  ...rulesOf(['g', 'grn', 'green'], Scheme.cosine, 1),
  ...rulesOf(['b', 'blu', 'blue'], Scheme.cosine, 2),
  ...rulesOf(['y', 'by', 'ry'], Scheme.cosine, -1),
  ...rulesOf(['a'], Scheme.runs, -1),
];

function rulesOf(suffixes: readonly string[], scheme: number, place: number): Rule[] {
  const types = scheme === Scheme.runs ? Object.values(PixelType) : [PixelType.half, PixelType.float];
  return suffixes.flatMap((suffix) => types.map((type) => ({ suffix, type, scheme, place, ignoresCase: true })));
}

/** Largest part of a chunk, bytes: far more than 256 lines of the widest picture hold. */
const MAX_BYTES = 1 << 28;

export async function decodeDwa(packed: Uint8Array, block: Block): Promise<Uint8Array> {
  const cursor = new Cursor(packed);
  const size = (): number => {
    const value = cursor.uint64();
    if (value > MAX_BYTES) fail('a chunk is damaged: one of its sizes is out of range');
    return value;
  };
  const version = size();
  if (version > 2) fail(`version ${version} of DWA compression is not known here`);
  const [unknownBytes, unknownPacked, acPacked, dcPacked, runsPacked, runsBytes, runsRaw, acCount, dcCount, acCoding] = [
    size(),
    size(),
    size(),
    size(),
    size(),
    size(),
    size(),
    size(),
    size(),
    size(),
  ];
  const rules = version < 2 ? OLD_RULES : readRules(cursor);
  const unknownPart = cursor.take(unknownPacked);
  const acPart = cursor.take(acPacked);
  const dcPart = cursor.take(dcPacked);
  const runsPart = cursor.take(runsPacked);

  const channels = block.channels.map((channel) => classify(channel, rules));
  const bytesWith = (scheme: number): number =>
    channels.reduce((sum, { at, scheme: own }) => (own === scheme ? sum + at.width * at.height * at.sampleBytes : sum), 0);
  if (unknownBytes !== bytesWith(Scheme.unknown) || runsRaw !== bytesWith(Scheme.runs)) fail('a chunk has other sizes than its channels');
  const blocks = channels.reduce((sum, { at, scheme }) => (scheme === Scheme.cosine ? sum + blockCount(at) : sum), 0);
  if (dcCount !== blocks || acCount > blocks * 63) fail('a chunk has other sizes than its channels');

  const unknown = unknownBytes === 0 ? new Uint8Array(0) : await inflated(unknownPart, unknownBytes);
  const run = runsRaw === 0 ? new Uint8Array(0) : runs(await inflated(runsPart, runsBytes), runsRaw);
  const dc = dcCount === 0 ? new Uint16Array(0) : halfsOf(await decodeZip(dcPart, dcCount * 2));
  const ac =
    acCount === 0 ? new Uint16Array(0) : acCoding === 0 ? decodeHuffman(acPart, acCount) : halfsOf(await inflated(acPart, acCount * 2));

  const planes = channels.map(({ at }) => new Uint8Array(at.width * at.height * at.sampleBytes));
  const transform = new CosineReader(ac, dc);
  const isDone = new Set<number>();
  for (const set of colorSets(channels)) {
    transform.read(
      set.map((index) => channels[index]!.at),
      set.map((index) => planes[index]!),
      true,
    );
    for (const index of set) isDone.add(index);
  }
  let unknownAt = 0;
  let runAt = 0;
  for (const [index, { at, scheme }] of channels.entries()) {
    const plane = planes[index]!;
    if (scheme === Scheme.cosine) {
      if (!isDone.has(index)) transform.read([at], [plane], !at.channel.isLinear);
    } else if (scheme === Scheme.unknown) {
      plane.set(unknown.subarray(unknownAt, unknownAt + plane.length));
      unknownAt += plane.length;
    } else {
      // Bytes lie in planes: all lowest ones first.
      const count = at.width * at.height;
      for (let byte = 0; byte < at.sampleBytes; byte++)
        for (let i = 0; i < count; i++) plane[i * at.sampleBytes + byte] = run[runAt + byte * count + i]!;
      runAt += plane.length;
    }
  }
  return interleaved(block, planes);
}

interface ClassifiedChannel {
  readonly at: BlockChannel;
  readonly scheme: number;
  readonly place: number;
  /** Name without its last part: channels of one set share it. */
  readonly prefix: string;
}

function readRules(cursor: Cursor): Rule[] {
  const rules: Rule[] = [];
  const end = cursor.offset + cursor.uint16();
  while (cursor.offset < end) {
    const suffix = cursor.name();
    const bits = cursor.byte();
    const type = cursor.byte();
    rules.push({ suffix, type, place: (bits >> 4) - 1, scheme: (bits >> 2) & 3, ignoresCase: (bits & 1) === 1 });
  }
  if (cursor.offset !== end) fail('the rules of a chunk are damaged');
  return rules;
}

function classify(at: BlockChannel, rules: readonly Rule[]): ClassifiedChannel {
  const { name, type } = at.channel;
  const dot = name.lastIndexOf('.');
  const suffix = name.slice(dot + 1);
  const rule = rules.find(
    (other) => other.type === type && (other.ignoresCase ? other.suffix.toLowerCase() === suffix.toLowerCase() : other.suffix === suffix),
  );
  const scheme = rule?.scheme ?? Scheme.unknown;
  if (scheme > 2 || (scheme === Scheme.cosine && type === PixelType.uint)) fail('the rules of a chunk are damaged');
  return { at, scheme, place: rule?.place ?? -1, prefix: name.slice(0, dot + 1) };
}

/** Indices of channels that are coded together as luma and chroma. */
function colorSets(channels: readonly ClassifiedChannel[]): number[][] {
  const sets = new Map<string, number[]>();
  for (const [index, { prefix, place, scheme }] of channels.entries()) {
    if (place < 0 || place > 2 || scheme !== Scheme.cosine) continue;
    const set = sets.get(prefix) ?? [-1, -1, -1];
    set[place] = index;
    sets.set(prefix, set);
  }
  return [...sets.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, set]) => set)
    .filter((set) => {
      const [first, ...rest] = set.map((index) => channels[index]?.at);
      return first !== undefined && rest.every((at) => at?.width === first.width && at.height === first.height);
    });
}

function blockCount({ width, height }: BlockChannel): number {
  return Math.ceil(width / 8) * Math.ceil(height / 8);
}

function halfsOf(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
}

/** Reads cosine-coded channels one after another. */
class CosineReader {
  #ac: Uint16Array;
  #dc: Uint16Array;
  #acAt = 0;
  #dcAt = 0;

  constructor(ac: Uint16Array, dc: Uint16Array) {
    this.#ac = ac;
    this.#dc = dc;
  }

  /** @param isCurved values were made perceptual before they were coded */
  read(channels: readonly BlockChannel[], planes: readonly Uint8Array[], isCurved: boolean): void {
    const { width, height } = channels[0]!;
    const across = Math.ceil(width / 8);
    const down = Math.ceil(height / 8);
    const dcStarts = channels.map((_, i) => this.#dcAt + i * across * down);
    this.#dcAt += channels.length * across * down;
    const toLinear = isCurved ? linears() : undefined;
    // Eight lines of each channel.
    const strips = channels.map(() => new Float32Array(64 * across));
    const blocks = channels.map(() => new Float32Array(64));
    for (let row = 0; row < down; row++) {
      for (let column = 0; column < across; column++) {
        for (const [i, block] of blocks.entries()) this.#readBlock(this.#dc[dcStarts[i]! + row * across + column]!, block);
        if (blocks.length === 3) toRgb(blocks);
        for (const [i, block] of blocks.entries()) {
          for (let y = 0; y < 8; y++) strips[i]!.set(block.subarray(8 * y, 8 * y + 8), 8 * (y * across + column));
        }
      }
      for (const [i, strip] of strips.entries()) writeStrip(strip, toLinear, planes[i]!, channels[i]!, 8 * row);
    }
  }

  /** One block: its mean, then values and runs of zeros in zigzag order, to samples. */
  #readBlock(dc: number, block: Float32Array): void {
    const floats = halfFloats();
    coefficients.fill(0);
    coefficients[0] = floats[dc]!;
    let isConstant = true;
    for (let at = 1; at < 64;) {
      if (this.#acAt >= this.#ac.length) fail('the coefficients of a chunk end too early');
      const value = this.#ac[this.#acAt++]!;
      if ((value & 0xff00) === 0xff00) at += (value & 0xff) === 0 ? 64 : value & 0xff;
      else {
        coefficients[ZIGZAG[at]!] = floats[value]!;
        isConstant = false;
        at++;
      }
    }
    if (isConstant) block.fill(coefficients[0] / 8);
    else inverseCosine(block);
  }
}

function writeStrip(strip: Float32Array, toLinear: Uint16Array | undefined, plane: Uint8Array, at: BlockChannel, firstLine: number): void {
  const { width, height } = at;
  const stride = strip.length / 8;
  const halfs = floatToHalf(strip);
  if (toLinear !== undefined) for (let i = 0; i < halfs.length; i++) halfs[i] = toLinear[halfs[i]!]!;
  const isHalf = at.sampleBytes === 2;
  const values = isHalf ? halfs : halfToFloat(halfs);
  const out = isHalf ? new Uint16Array(plane.buffer) : new Float32Array(plane.buffer);
  for (let y = 0; y < Math.min(8, height - firstLine); y++)
    out.set(values.subarray(stride * y, stride * y + width), (firstLine + y) * width);
}

/** Place of each coefficient in rows of eight. */
const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57,
  50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/** Basis of the transform: value n of coefficient k at [8k + n]. */
const BASIS = Float32Array.from({ length: 64 }, (_, i) => {
  const k = i >> 3;
  return 0.5 * (k === 0 ? Math.SQRT1_2 : 1) * Math.cos(((2 * (i & 7) + 1) * k * Math.PI) / 16);
});
/** Of the block being read, in rows of eight. */
const coefficients = new Float32Array(64);
const transformedRow = new Float32Array(8);

/** From `coefficients` to samples, shape [8·8]. Rows of nothing but zeros, most of them, cost nothing. */
function inverseCosine(samples: Float32Array): void {
  samples.fill(0);
  for (let k = 0; k < 8; k++) {
    const row = 8 * k;
    let last = 7;
    while (last >= 0 && coefficients[row + last] === 0) last--;
    if (last < 0) continue;
    for (let n = 0; n < 8; n++) {
      let sum = 0;
      for (let i = 0; i <= last; i++) sum += coefficients[row + i]! * BASIS[8 * i + n]!;
      transformedRow[n] = sum;
    }
    for (let n = 0; n < 8; n++) {
      const factor = BASIS[row + n]!;
      for (let column = 0; column < 8; column++) samples[8 * n + column] = samples[8 * n + column]! + transformedRow[column]! * factor;
    }
  }
}

/** From luma and chroma (Rec. 709) in place. */
function toRgb(blocks: readonly Float32Array[]): void {
  const [a, b, c] = blocks as [Float32Array, Float32Array, Float32Array];
  for (let i = 0; i < 64; i++) {
    const luma = a[i]!;
    const blue = b[i]!;
    const red = c[i]!;
    a[i] = luma + 1.5747 * red;
    b[i] = luma - 0.1873 * blue - 0.4682 * red;
    c[i] = luma + 1.8556 * blue;
  }
}

let floatTable: Float32Array | undefined;

/** Values of halfs by their bits. */
function halfFloats(): Float32Array {
  floatTable ??= halfToFloat(Uint16Array.from({ length: 65536 }, (_, bits) => bits));
  return floatTable;
}

let linearTable: Uint16Array | undefined;

/** Half bits of light by half bits of the coded value: a power of 2.2 up to 1, exponential beyond. */
function linears(): Uint16Array {
  linearTable ??= tableOfHalfs((x) => {
    const size = Math.abs(x);
    return Math.sign(x) * (size <= 1 ? size ** 2.2 : 9.02501329156 ** (size - 1));
  });
  return linearTable;
}
