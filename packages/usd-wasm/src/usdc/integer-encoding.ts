/**
 * The encoding half of OpenUSD's integer coding (decoding is the kernel's): differences in 2-bit classes, where 0 is
 * the most frequent difference and the others are narrow, middle and full width (8, 16, 32 or 16, 32, 64 bits).
 * Layout: common difference, ceil(N/4) bytes of classes (lowest bits first), then the differences that are not common.
 * Source: OpenUSD sdf/integerCoding.cpp; usdc.md 2.2.
 */

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
    const kind = (delta << 24) >> 24 === delta ? 1 : (delta << 16) >> 16 === delta ? 2 : 3;
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
