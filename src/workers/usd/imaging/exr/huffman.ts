/**
 * Huffman coding of 16-bit values as PIZ and DWA use it: lengths of codes first, packed in 6 bits; codes are canonical, longer
 * ones numerically before shorter ones; the last symbol repeats the value before it.
 * Source: OpenEXR, ImfHuf.cpp.
 */
import { Cursor, fail } from './exr-header.ts';

const SHORT_RUN = 59;
const LONG_RUN = 63;
const SHORTEST_LONG_RUN = 2 + LONG_RUN - SHORT_RUN;
/** Codes up to this length are looked up at once. */
const TABLE_BITS = 12;
/** Longer codes would need more values than a chunk can hold. */
const MAX_LENGTH = 44;

/** @param count exact number of values */
export function decodeHuffman(packed: Uint8Array, count: number): Uint16Array {
  if (count === 0) return new Uint16Array(0);
  const cursor = new Cursor(packed);
  const first = cursor.uint32();
  const last = cursor.uint32();
  cursor.offset += 4; // size of the table
  const bitCount = cursor.uint32();
  cursor.offset += 4;
  if (first > last || last > 65536) fail('the code table of a chunk is damaged');
  const lengths = new Uint8Array(last - first + 1);
  const begin = readLengths(packed, cursor.offset, lengths);
  if (bitCount > (packed.length - begin) * 8) fail('the codes of a chunk end too early');
  return readValues(packed, begin, bitCount, codesOf(lengths), { first, last }, count);
}

/** @returns offset of the byte after the table */
function readLengths(packed: Uint8Array, offset: number, lengths: Uint8Array): number {
  let at = offset;
  let hold = 0;
  let held = 0;
  const bits = (count: number): number => {
    while (held < count) {
      if (at >= packed.length) fail('the code table of a chunk ends too early');
      hold = (hold << 8) | packed[at++]!;
      held += 8;
    }
    held -= count;
    return (hold >> held) & ((1 << count) - 1);
  };
  for (let i = 0; i < lengths.length;) {
    const length = bits(6);
    if (length < SHORT_RUN) lengths[i++] = length;
    else {
      i += length === LONG_RUN ? bits(8) + SHORTEST_LONG_RUN : length - SHORT_RUN + 2;
      if (i > lengths.length) fail('the code table of a chunk is damaged');
    }
  }
  return at;
}

interface Codes {
  /** Symbol and length, `symbol << 6 | length`, by the next TABLE_BITS bits; 0 where the code is longer. */
  readonly table: Uint32Array;
  /** By length: its first code, how many there are, and where their symbols begin. */
  readonly firstCode: Float64Array;
  readonly counts: Uint32Array;
  readonly starts: Uint32Array;
  /** By length, then by value. */
  readonly symbols: Uint32Array;
}

function codesOf(lengths: Uint8Array): Codes {
  const counts = new Uint32Array(64);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  for (let length = MAX_LENGTH + 1; length < 64; length++) if (counts[length]! > 0) fail('a code of a chunk is too long');
  const firstCode = new Float64Array(64);
  let code = 0;
  for (let length = MAX_LENGTH; length > 0; length--) {
    firstCode[length] = code;
    code = Math.floor((code + counts[length]!) / 2);
  }
  const starts = new Uint32Array(65);
  for (let length = 1; length < 64; length++) starts[length + 1] = starts[length]! + counts[length]!;
  const symbols = new Uint32Array(starts[64]!);
  const next = starts.slice();
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!;
    if (length > 0) symbols[next[length]!++] = i;
  }
  const table = new Uint32Array(1 << TABLE_BITS);
  for (let length = 1; length <= TABLE_BITS; length++) {
    const width = 1 << (TABLE_BITS - length);
    for (let i = 0; i < counts[length]!; i++) {
      const from = (firstCode[length]! + i) * width;
      if (from + width > table.length) fail('the code table of a chunk is damaged');
      table.fill((symbols[starts[length]! + i]! << 6) | length, from, from + width);
    }
  }
  return { table, firstCode, counts, starts, symbols };
}

function readValues(
  packed: Uint8Array,
  begin: number,
  bitCount: number,
  codes: Codes,
  { first, last }: { readonly first: number; readonly last: number },
  count: number,
): Uint16Array {
  const { table, firstCode, counts, starts, symbols } = codes;
  const out = new Uint16Array(count);
  // The last symbol stands for a run.
  const runSymbol = last - first;
  const end = begin + Math.ceil(bitCount / 8);
  let at = begin;
  let hold = 0;
  let held = 0;
  let used = 0;
  let to = 0;
  while (to < count) {
    while (held < TABLE_BITS) {
      hold = (hold << 8) | (at < end ? packed[at]! : 0);
      at++;
      held += 8;
    }
    const entry = table[(hold >> (held - TABLE_BITS)) & ((1 << TABLE_BITS) - 1)]!;
    let symbol: number;
    if (entry !== 0) {
      symbol = entry >>> 6;
      held -= entry & 63;
      used += entry & 63;
    } else {
      held -= TABLE_BITS;
      let code = (hold >> held) & ((1 << TABLE_BITS) - 1);
      let length = TABLE_BITS;
      let index: number;
      do {
        if (++length > MAX_LENGTH) fail('a code of a chunk is not in its table');
        if (held === 0) {
          hold = at < end ? packed[at]! : 0;
          at++;
          held = 8;
        }
        held--;
        code = code * 2 + ((hold >> held) & 1);
        index = code - firstCode[length]!;
      } while (index < 0 || index >= counts[length]!);
      symbol = symbols[starts[length]! + index]!;
      used += length;
    }
    if (symbol === runSymbol) {
      if (held < 8) {
        hold = (hold << 8) | (at < end ? packed[at]! : 0);
        at++;
        held += 8;
      }
      held -= 8;
      used += 8;
      const length = (hold >> held) & 255;
      if (to === 0 || to + length > count) fail('a run of a chunk passes its end');
      out.fill(out[to - 1]!, to, to + length);
      to += length;
    } else out[to++] = first + symbol;
    if (used > bitCount) fail('the codes of a chunk end too early');
  }
  return out;
}
