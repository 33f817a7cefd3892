/**
 * A greedy compressor for raw LZ4 blocks with one probe per position; decompressing is the kernel's.
 * Source: LZ4 block format description (lz4 repository, doc/lz4_Block_format.md).
 */
const MOST_HASH_BITS = 14;
/** Clearing a table costs more than compressing a few hundred bytes: short input gets a short one. */
const LEAST_HASH_BITS = 8;
/** The format keeps the last 5 bytes literal and starts no match in the last 12. */
const LAST_LITERALS = 5;
const MATCH_MARGIN = 12;

/** Compresses to one block. */
export function lz4Compress(src: Uint8Array): Uint8Array {
  const length = src.length;
  const dst = new Uint8Array(length + Math.ceil(length / 255) + 16);
  const hashBits = Math.max(LEAST_HASH_BITS, Math.min(MOST_HASH_BITS, 32 - Math.clz32(length)));
  const table = new Int32Array(1 << hashBits).fill(-1);
  const matchLimit = length - MATCH_MARGIN;
  let anchor = 0;
  let at = 0;
  let out = 0;
  while (at < matchLimit) {
    const word = src[at]! | (src[at + 1]! << 8) | (src[at + 2]! << 16) | (src[at + 3]! << 24);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
    const candidate = table[slot]!;
    table[slot] = at;
    if (
      candidate < 0 ||
      at - candidate > 0xffff ||
      src[candidate] !== src[at] ||
      src[candidate + 1] !== src[at + 1] ||
      src[candidate + 2] !== src[at + 2] ||
      src[candidate + 3] !== src[at + 3]
    ) {
      at += 1 + ((at - anchor) >> 6);
      continue;
    }
    let match = 4;
    const longest = length - LAST_LITERALS - at;
    while (match < longest && src[candidate + match] === src[at + match]) match++;
    out = putSequence(dst, out, src, anchor, at, at - candidate, match);
    at += match;
    anchor = at;
  }
  out = putSequence(dst, out, src, anchor, length, 0, 0);
  return dst.slice(0, out);
}

/** Writes literals [anchor, at) and, when `match` > 0, the match after them. */
function putSequence(dst: Uint8Array, out: number, src: Uint8Array, anchor: number, at: number, offset: number, match: number): number {
  const literals = at - anchor;
  const extra = match > 0 ? match - 4 : 0;
  dst[out++] = (Math.min(literals, 15) << 4) | Math.min(extra, 15);
  if (literals >= 15) out = putLength(dst, out, literals - 15);
  dst.set(src.subarray(anchor, at), out);
  out += literals;
  if (match === 0) return out;
  dst[out++] = offset & 0xff;
  dst[out++] = offset >> 8;
  return extra >= 15 ? putLength(dst, out, extra - 15) : out;
}

function putLength(dst: Uint8Array, out: number, rest: number): number {
  while (rest >= 255) {
    dst[out++] = 255;
    rest -= 255;
  }
  dst[out++] = rest;
  return out;
}
