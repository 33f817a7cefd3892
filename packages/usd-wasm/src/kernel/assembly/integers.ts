/**
 * OpenUSD's integer coding. Four 32-bit differences at a time: a table tells for each byte of classes where their bytes lie,
 * a swizzle brings them to the top of their lanes, shifts extend the sign, two shifted additions make the running sum.
 * Result: −1, or the index of the first integer whose bytes are missing. The caller has checked that the classes are there.
 */
const SHUFFLES = memory.data(256 * 16, 16);
const WIDTHS = memory.data(256);
let hasTables = false;

function makeTables(): void {
  for (let codes: u32 = 0; codes < 256; codes++) {
    let offset: u32 = 0;
    for (let lane: u32 = 0; lane < 4; lane++) {
      const code = (codes >> (2 * lane)) & 3;
      const width = code == 3 ? 4 : code;
      for (let byte: u32 = 0; byte < 4; byte++) {
        const from = byte + width < 4 ? 0x80 : offset + byte + width - 4;
        store<u8>(SHUFFLES + codes * 16 + lane * 4 + byte, <u8>from);
      }
      offset += width;
    }
    store<u8>(WIDTHS + codes, <u8>offset);
  }
  hasTables = true;
}

export function decodeIntegers32(encoded: usize, length: u32, values: usize, count: u32): i32 {
  if (!hasTables) makeTables();
  let codes = encoded + 4;
  let data = codes + (count + 3) / 4;
  const end = encoded + length;
  const commonValue = load<i32>(encoded);
  const common = i32x4.splat(commonValue);
  const lanes = i32x4(3, 12, 48, 192);
  const ones = i32x4(1, 4, 16, 64);
  const twos = i32x4(2, 8, 32, 128);
  const zero = i32x4.splat(0);
  let sum = zero;
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const code = <u32>load<u8>(codes);
    const width = <u32>load<u8>(WIDTHS + code);
    if (data + width > end) break;
    const wide = i8x16.swizzle(v128.load(data), v128.load(SHUFFLES + (code << 4)));
    const classes = v128.and(i32x4.splat(code), lanes);
    let deltas = v128.bitselect(i32x4.shr_s(wide, 16), wide, i32x4.eq(classes, twos));
    deltas = v128.bitselect(i32x4.shr_s(wide, 24), deltas, i32x4.eq(classes, ones));
    deltas = v128.bitselect(common, deltas, i32x4.eq(classes, zero));
    deltas = i32x4.add(deltas, i32x4.shuffle(zero, deltas, 0, 4, 5, 6));
    deltas = i32x4.add(deltas, i32x4.shuffle(zero, deltas, 0, 0, 4, 5));
    sum = i32x4.add(deltas, sum);
    v128.store(values + (i << 2), sum);
    sum = i32x4.shuffle(sum, sum, 3, 3, 3, 3);
    codes++;
    data += width;
  }
  let value = i32x4.extract_lane(sum, 0);
  for (; i < count; i++) {
    const code = (load<u8>(encoded + 4 + (i >> 2)) >> <u8>(2 * (i & 3))) & 3;
    const width: usize = code == 3 ? 4 : code;
    if (data + width > end) return i;
    if (code == 0) value += commonValue;
    else if (code == 1) value += load<i8>(data);
    else if (code == 2) value += load<i16>(data);
    else value += load<i32>(data);
    data += width;
    store<i32>(values + (i << 2), value);
  }
  return -1;
}

export function decodeIntegers64(encoded: usize, length: u32, values: usize, count: u32): i32 {
  const codes = encoded + 8;
  let data = codes + (count + 3) / 4;
  const end = encoded + length;
  const common = load<i64>(encoded);
  let value: i64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const code = (load<u8>(codes + (i >> 2)) >> <u8>(2 * (i & 3))) & 3;
    if (code == 0) value += common;
    else {
      const width: usize = 1 << code;
      if (data + width > end) return i;
      if (code == 1) value += load<i16>(data);
      else if (code == 2) value += load<i32>(data);
      else value += load<i64>(data);
      data += width;
    }
    store<i64>(values + (i << 3), value);
  }
  return -1;
}
