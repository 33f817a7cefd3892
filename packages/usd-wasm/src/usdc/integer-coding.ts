/**
 * OpenUSD's integer coding: differences in 2-bit classes (most frequent one, narrow, middle, full width).
 * Layout: common difference, ceil(N/4) bytes of classes (lowest bits first), then the differences that are not common.
 * Source: OpenUSD sdf/integerCoding.cpp; usdc.md 2.2. 32-bit widths are 8, 16, 32; 64-bit ones 16, 32, 64.
 */
export class IntegerCodingError extends Error {}

/** Decodes `count` 32-bit values; unsigned ones are the same bits. */
export function decodeIntegers32(encoded: Uint8Array, count: number): Int32Array {
  const values = new Int32Array(count);
  if (count === 0) return values;
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  let data = 4 + Math.ceil(count / 4);
  if (data > encoded.length) throw new IntegerCodingError(`${encoded.length} bytes cannot hold the classes of ${count} integers`);
  const common = view.getInt32(0, true);
  let value = 0;
  for (let i = 0; i < count; i++) {
    const kind = (encoded[4 + (i >> 2)]! >> (2 * (i & 3))) & 3;
    if (kind === 0) value = (value + common) | 0;
    else {
      const width = kind === 3 ? 4 : kind;
      if (data + width > encoded.length) throw new IntegerCodingError(`integer ${i} of ${count} lies past the end`);
      value = (value + (kind === 1 ? view.getInt8(data) : kind === 2 ? view.getInt16(data, true) : view.getInt32(data, true))) | 0;
      data += width;
    }
    values[i] = value;
  }
  return values;
}

/** Decodes `count` 64-bit values; unsigned ones are the same bits. */
export function decodeIntegers64(encoded: Uint8Array, count: number): BigInt64Array {
  const values = new BigInt64Array(count);
  if (count === 0) return values;
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  let data = 8 + Math.ceil(count / 4);
  if (data > encoded.length) throw new IntegerCodingError(`${encoded.length} bytes cannot hold the classes of ${count} integers`);
  const common = view.getBigInt64(0, true);
  let value = 0n;
  for (let i = 0; i < count; i++) {
    const kind = (encoded[8 + (i >> 2)]! >> (2 * (i & 3))) & 3;
    if (kind === 0) value += common;
    else {
      const width = 1 << kind;
      if (data + width > encoded.length) throw new IntegerCodingError(`integer ${i} of ${count} lies past the end`);
      value += kind === 1 ? BigInt(view.getInt16(data, true)) : kind === 2 ? BigInt(view.getInt32(data, true)) : view.getBigInt64(data, true);
      data += width;
    }
    values[i] = value; // stores modulo 2^64
    value = values[i]!;
  }
  return values;
}

/** Encodes 32-bit values (signed or unsigned bits). */
export function encodeIntegers32(values: Int32Array | Uint32Array): Uint8Array {
  const count = values.length;
  if (count === 0) return new Uint8Array(0);
  const deltas = new Int32Array(count);
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]! | 0;
    deltas[i] = value - previous;
    previous = value;
  }
  const common = mostFrequent(deltas);
  const encoded = new Uint8Array(4 + Math.ceil(count / 4) + 4 * count);
  const view = new DataView(encoded.buffer);
  view.setInt32(0, common, true);
  let data = 4 + Math.ceil(count / 4);
  for (let i = 0; i < count; i++) {
    const delta = deltas[i]!;
    if (delta === common) continue;
    const kind = delta << 24 >> 24 === delta ? 1 : delta << 16 >> 16 === delta ? 2 : 3;
    encoded[4 + (i >> 2)]! |= kind << (2 * (i & 3));
    if (kind === 1) view.setInt8(data, delta);
    else if (kind === 2) view.setInt16(data, delta, true);
    else view.setInt32(data, delta, true);
    data += kind === 3 ? 4 : kind;
  }
  return encoded.subarray(0, data);
}

/** Encodes 64-bit values (signed or unsigned bits). */
export function encodeIntegers64(values: BigInt64Array | BigUint64Array): Uint8Array {
  const count = values.length;
  if (count === 0) return new Uint8Array(0);
  const deltas = new BigInt64Array(count);
  let previous = 0n;
  for (let i = 0; i < count; i++) {
    deltas[i] = values[i]! - previous;
    previous = values[i]!;
  }
  const common = mostFrequent(deltas);
  const encoded = new Uint8Array(8 + Math.ceil(count / 4) + 8 * count);
  const view = new DataView(encoded.buffer);
  view.setBigInt64(0, common, true);
  let data = 8 + Math.ceil(count / 4);
  for (let i = 0; i < count; i++) {
    const delta = deltas[i]!;
    if (delta === common) continue;
    const kind = BigInt.asIntN(16, delta) === delta ? 1 : BigInt.asIntN(32, delta) === delta ? 2 : 3;
    encoded[8 + (i >> 2)]! |= kind << (2 * (i & 3));
    if (kind === 1) view.setInt16(data, Number(delta), true);
    else if (kind === 2) view.setInt32(data, Number(delta), true);
    else view.setBigInt64(data, delta, true);
    data += 1 << kind;
  }
  return encoded.subarray(0, data);
}

function mostFrequent<T extends number | bigint>(deltas: ArrayLike<T>): T {
  const counts = new Map<T, number>();
  let best = deltas[0] as T;
  let bestCount = 0;
  for (let i = 0; i < deltas.length; i++) {
    const delta = deltas[i] as T;
    const count = (counts.get(delta) ?? 0) + 1;
    counts.set(delta, count);
    if (count > bestCount || (count === bestCount && delta > best)) {
      best = delta;
      bestCount = count;
    }
  }
  return best;
}
