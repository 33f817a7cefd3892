/**
 * One raw LZ4 block. Result: bytes written, or −1 − offset of the byte where the block is malformed.
 * Copies run in whole vectors into the slack behind both buffers; lengths are checked before.
 */
export function lz4Decompress(src: usize, srcLength: u32, dst: usize, capacity: u32): i32 {
  let at = src;
  const end = src + srcLength;
  let out = dst;
  const outEnd = dst + capacity;
  while (at < end) {
    const token = <u32>load<u8>(at++);
    let literals = token >> 4;
    if (literals == 15) {
      let more: u32 = 255;
      while (more == 255) {
        if (at >= end) return -1 - <i32>(at - src);
        more = load<u8>(at++);
        literals += more;
      }
    }
    if (literals > <u32>(end - at) || literals > <u32>(outEnd - out)) return -1 - <i32>(at - src);
    if (literals <= 32) {
      v128.store(out, v128.load(at));
      if (literals > 16) v128.store(out, v128.load(at, 16), 16);
    } else {
      memory.copy(out, at, literals);
    }
    at += literals;
    out += literals;
    if (at >= end) break; // the last sequence has literals only
    if (end - at < 2) return -1 - <i32>(at - src);
    const offset = <u32>load<u16>(at);
    if (offset == 0 || offset > <u32>(out - dst)) return -1 - <i32>(at - src);
    at += 2;
    let length = (token & 15) + 4;
    if (length == 19) {
      let more: u32 = 255;
      while (more == 255) {
        if (at >= end) return -1 - <i32>(at - src);
        more = load<u8>(at++);
        length += more;
      }
    }
    if (length > <u32>(outEnd - out)) return -1 - <i32>(at - src);
    const stop = out + length;
    let from = out - offset;
    // a short period doubles until a vector holds only settled bytes
    let period: usize = offset;
    while (period < 16 && out < stop) {
      v128.store(out, v128.load(from));
      out += period;
      period <<= 1;
    }
    while (out < stop) {
      v128.store(out, v128.load(from));
      out += 16;
      from += 16;
    }
    out = stop;
  }
  return <i32>(out - dst);
}
