/**
 * Decompresses raw DEFLATE data (RFC 1951) at once, in the calling thread: a layer inside a compressed package must
 * be there when its reader asks. Codes are decoded with count and symbol tables, canonically, bit by bit groups.
 */
export class InflateError extends Error {}

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
  24577,
];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
/** Order in which the lengths of the code length code are stored. */
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MAX_BITS = 15;

/** @param length exact size of the result in bytes */
export function inflate(src: Uint8Array, length: number): Uint8Array {
  const dst = new Uint8Array(length);
  let at = 0;
  let out = 0;
  let hold = 0;
  let held = 0;

  const bits = (count: number): number => {
    while (held < count) {
      if (at >= src.length) throw new InflateError('compressed data ends early');
      hold |= src[at++]! << held;
      held += 8;
    }
    const value = hold & ((1 << count) - 1);
    hold >>>= count;
    held -= count;
    return value;
  };

  const symbol = (table: CodeTable): number => {
    // Up to 15 bits are wanted; near the end fewer may be left, which counts as zeros and is caught below.
    while (held < MAX_BITS && at < src.length) {
      hold |= src[at++]! << held;
      held += 8;
    }
    const entry = table.entries[hold & table.mask]!;
    const used = entry >>> 16;
    if (used === 0) throw new InflateError('a code that stands for nothing');
    if (used > held) throw new InflateError('compressed data ends early');
    hold >>>= used;
    held -= used;
    return entry & 0xffff;
  };

  for (let isLast = 0; isLast === 0;) {
    isLast = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      at -= held >> 3; // bytes read ahead
      hold = held = 0;
      if (src.length - at < 4) throw new InflateError('compressed data ends early');
      const count = src[at]! | (src[at + 1]! << 8);
      if ((count ^ 0xffff) !== (src[at + 2]! | (src[at + 3]! << 8))) throw new InflateError('the size of a stored block is broken');
      at += 4;
      if (count > src.length - at || count > length - out) throw new InflateError('a stored block does not fit');
      dst.set(src.subarray(at, at + count), out);
      at += count;
      out += count;
      continue;
    }
    if (kind === 3) throw new InflateError('unknown block type');
    const [literals, distances] = kind === 1 ? fixedTables() : readTables(bits, symbol);
    for (;;) {
      const code = symbol(literals);
      if (code < 256) {
        if (out >= length) throw new InflateError(`more than the ${length} bytes expected`);
        dst[out++] = code;
        continue;
      }
      if (code === 256) break;
      if (code > 285) throw new InflateError(`length code ${code}`);
      const run = LENGTH_BASE[code - 257]! + bits(LENGTH_BITS[code - 257]!);
      const far = symbol(distances);
      if (far > 29) throw new InflateError(`distance code ${far}`);
      const distance = DISTANCE_BASE[far]! + bits(DISTANCE_BITS[far]!);
      if (distance > out) throw new InflateError(`distance ${distance} points before the output`);
      if (run > length - out) throw new InflateError(`more than the ${length} bytes expected`);
      for (const stop = out + run; out < stop; out++) dst[out] = dst[out - distance]!;
    }
  }
  if (out !== length) throw new InflateError(`${length} bytes expected, found ${out}`);
  return dst;
}

/** Looked up with the next bits: symbol in the low half of an entry, code length in the high half, 0 for no code. */
interface CodeTable {
  readonly entries: Uint32Array;
  readonly mask: number;
}

function makeTable(lengths: Uint8Array): CodeTable {
  let longest = 1;
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) {
    counts[length]!++;
    if (length > longest) longest = length;
  }
  counts[0] = 0;
  const next = new Uint32Array(MAX_BITS + 2);
  for (let length = 1; length <= MAX_BITS; length++) {
    next[length + 1] = (next[length]! + counts[length]!) << 1;
    if (next[length]! + counts[length]! > 1 << length) throw new InflateError('more codes than bits allow');
  }
  const entries = new Uint32Array(1 << longest);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    let code = next[length]!++;
    let reversed = 0;
    for (let i = 0; i < length; i++, code >>= 1) reversed = (reversed << 1) | (code & 1);
    for (let slot = reversed; slot < entries.length; slot += 1 << length) entries[slot] = (length << 16) | symbol;
  }
  return { entries, mask: entries.length - 1 };
}

let fixed: readonly [CodeTable, CodeTable] | undefined;

function fixedTables(): readonly [CodeTable, CodeTable] {
  if (fixed === undefined) {
    const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
    fixed = [makeTable(lengths), makeTable(new Uint8Array(30).fill(5))];
  }
  return fixed;
}

function readTables(bits: (count: number) => number, symbol: (table: CodeTable) => number): readonly [CodeTable, CodeTable] {
  const literalCount = bits(5) + 257;
  const distanceCount = bits(5) + 1;
  const codeCount = bits(4) + 4;
  const codeLengths = new Uint8Array(19);
  for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i]!] = bits(3);
  const codes = makeTable(codeLengths);
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let i = 0; i < lengths.length;) {
    const code = symbol(codes);
    if (code < 16) {
      lengths[i++] = code;
      continue;
    }
    if (code === 16 && i === 0) throw new InflateError('a repeat before the first code length');
    const value = code === 16 ? lengths[i - 1]! : 0;
    const run = code === 16 ? 3 + bits(2) : code === 17 ? 3 + bits(3) : 11 + bits(7);
    if (run > lengths.length - i) throw new InflateError('more code lengths than announced');
    lengths.fill(value, i, i + run);
    i += run;
  }
  return [makeTable(lengths.subarray(0, literalCount)), makeTable(lengths.subarray(literalCount))];
}
