import { KernelError } from './kernel-error.ts';

/**
 * Decompresses one raw LZ4 block (no frame header, no checksum).
 * A result shorter than `dstLength` is legal; a longer one is an error, as is any length or offset that leaves the buffers.
 * Source: LZ4 block format description (lz4 repository, doc/lz4_Block_format.md).
 */
export function lz4Decompress(src: Uint8Array, dstLength: number): Uint8Array {
  const capacity = lz4Capacity(src.length, dstLength);
  const dst = new Uint8Array(capacity);
  const end = src.length;
  let at = 0;
  let out = 0;
  while (at < end) {
    const token = src[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (at >= end) throw lz4Error(at);
        more = src[at++]!;
        literals += more;
      }
    }
    if (literals > end - at || literals > capacity - out) throw lz4Error(at);
    if (literals > 32) {
      dst.set(src.subarray(at, at + literals), out);
      at += literals;
      out += literals;
    } else {
      for (const stop = at + literals; at < stop;) dst[out++] = src[at++]!;
    }
    if (at >= end) break; // the last sequence has literals only
    if (end - at < 2) throw lz4Error(at);
    const offset = src[at]! | (src[at + 1]! << 8);
    if (offset === 0 || offset > out) throw lz4Error(at);
    at += 2;
    let match = (token & 15) + 4;
    if (match === 19) {
      let more = 255;
      while (more === 255) {
        if (at >= end) throw lz4Error(at);
        more = src[at++]!;
        match += more;
      }
    }
    if (match > capacity - out) throw lz4Error(at);
    if (match > 32 && offset >= match) {
      dst.copyWithin(out, out - offset, out - offset + match);
      out += match;
    } else {
      for (const stop = out + match; out < stop; out++) dst[out] = dst[out - offset]!;
    }
  }
  return out === capacity ? dst : dst.slice(0, out);
}

/** No block expands by more than 255 : 1, so a file's claim beyond that reserves nothing. */
export function lz4Capacity(srcLength: number, dstLength: number): number {
  if (!(dstLength >= 0)) throw new KernelError('kernel-length', 0, `cannot decompress to ${dstLength} bytes`);
  const capacity = Math.min(dstLength, srcLength * 255);
  if (capacity > MAX_BYTES)
    throw new KernelError('kernel-memory', 0, `${capacity} decompressed bytes are more than the ${MAX_BYTES} allowed`);
  return capacity;
}

/** One GiB decoded from a single block (usdc.md, section 18). */
const MAX_BYTES = 2 ** 30;

export function lz4Error(at: number): KernelError {
  return new KernelError('kernel-lz4', at, `malformed LZ4 block at byte ${at}: a length or offset leaves the buffer`);
}
