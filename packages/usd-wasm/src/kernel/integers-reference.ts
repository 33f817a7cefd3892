import { KernelError } from './kernel-error.ts';

/**
 * OpenUSD's integer coding: the most frequent difference, `ceil(count / 4)` bytes of 2-bit classes (lowest bits first),
 * then the other differences in the width of their class. Source: OpenUSD integerCoding.cpp; usdc.md 2.2.
 * Classes 0..3 are: common, i8, i16, i32. Unsigned arrays have the same bits.
 */
export function decodeIntegers32(encoded: Uint8Array, count: number): Int32Array {
  checkIntegers(encoded.length, count, 4);
  const values = new Int32Array(count);
  if (count === 0) return values;
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const common = view.getInt32(0, true);
  const end = encoded.length;
  let data = 4 + Math.ceil(count / 4);
  let value = 0;
  for (let i = 0; i < count; i++) {
    const kind = (encoded[4 + (i >> 2)]! >> (2 * (i & 3))) & 3;
    if (kind === 0) value = (value + common) | 0;
    else {
      const width = kind === 3 ? 4 : kind;
      if (data + width > end) throw integersError(i, count);
      value = (value + (kind === 1 ? view.getInt8(data) : kind === 2 ? view.getInt16(data, true) : view.getInt32(data, true))) | 0;
      data += width;
    }
    values[i] = value;
  }
  return values;
}

/** The 64-bit form: classes 0..3 are common, i16, i32, i64. Sums are kept as two 32-bit halves; BigInt would allocate. */
export function decodeIntegers64(encoded: Uint8Array, count: number): BigInt64Array {
  checkIntegers(encoded.length, count, 8);
  const values = new BigInt64Array(count);
  if (count === 0) return values;
  const words = new Int32Array(values.buffer);
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const commonLow = view.getInt32(0, true);
  const commonHigh = view.getInt32(4, true);
  const end = encoded.length;
  let data = 8 + Math.ceil(count / 4);
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    const kind = (encoded[8 + (i >> 2)]! >> (2 * (i & 3))) & 3;
    let addLow = commonLow;
    let addHigh = commonHigh;
    if (kind !== 0) {
      const width = 1 << kind;
      if (data + width > end) throw integersError(i, count);
      addLow = kind === 1 ? view.getInt16(data, true) : view.getInt32(data, true);
      addHigh = kind === 3 ? view.getInt32(data + 4, true) : addLow >> 31;
      data += width;
    }
    const sum = (low >>> 0) + (addLow >>> 0);
    low = sum | 0;
    high = (high + addHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
    words[2 * i] = low;
    words[2 * i + 1] = high;
  }
  return values;
}

/** The classes must be there before anything of the claimed size is reserved: 4 integers per byte at the least. */
export function checkIntegers(length: number, count: number, width: 4 | 8): void {
  if (!Number.isSafeInteger(count) || count < 0) throw new KernelError('kernel-length', 0, `cannot decode ${count} integers`);
  if (count === 0) return;
  const needed = width + Math.ceil(count / 4);
  if (needed > length) {
    throw new KernelError('kernel-integers', length, `${count} integers need at least ${needed} bytes, ${length} are there`);
  }
}

export function integersError(index: number, count: number): KernelError {
  return new KernelError('kernel-integers', index, `integer ${index} of ${count} lies past the end of the coded bytes`);
}
