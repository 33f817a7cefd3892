/** Encodes arrays, compressed as the reference does where that is lossless. Source: usdc.md 8. */
import { floatToHalf } from '../kernel/kernel.ts';
import type { ScalarType } from '../vt/value.ts';
import { ByteSink } from './byte-sink.ts';
import { putIntegers32, putIntegers64 } from './compressed-writer.ts';
import type { CrateStrings } from './crate-strings.ts';
import { numberToHalfBits } from './half.ts';
import { COMPONENT_KIND, MIN_COMPRESSED_COUNT } from './layout.ts';

/** Distinct values that a table may have, at most. */
const MAX_TABLE = 1024;

/**
 * Bytes of an array after its count, and whether they are compressed.
 *
 * @param data a flat typed array, or texts
 */
export function encodeArray(type: ScalarType, data: unknown, strings: CrateStrings): { bytes: Uint8Array; isCompressed: boolean } {
  if (COMPONENT_KIND[type] === 'index') return { bytes: encodeNames(type, data as readonly unknown[], strings), isCompressed: false };
  const numbers = data as Uint8Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array;
  if (numbers.length >= MIN_COMPRESSED_COUNT) {
    const bytes = compress(type, numbers);
    if (bytes !== undefined) return { bytes, isCompressed: true };
  }
  if (COMPONENT_KIND[type] !== 'f16')
    return { bytes: new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), isCompressed: false };
  const halfs = floatToHalf(numbers as Float32Array);
  return { bytes: new Uint8Array(halfs.buffer, halfs.byteOffset, halfs.byteLength), isCompressed: false };
}

function compress(type: ScalarType, numbers: ArrayBufferView): Uint8Array | undefined {
  const sink = new ByteSink();
  switch (type) {
    case 'int':
    case 'uint':
      putIntegers32(sink, numbers as Int32Array | Uint32Array);
      return sink.bytes;
    case 'int64':
    case 'uint64':
      putIntegers64(sink, numbers as BigInt64Array | BigUint64Array);
      return sink.bytes;
    case 'half':
    case 'float':
    case 'double':
      return compressFloats(sink, type, numbers as Float32Array | Float64Array) ? sink.bytes : undefined;
    default:
      return undefined;
  }
}

function compressFloats(sink: ByteSink, type: 'half' | 'float' | 'double', numbers: Float32Array | Float64Array): boolean {
  if (numbers.every((value) => (value | 0) === value && !Object.is(value, -0))) {
    sink.u8(0x69);
    putIntegers32(sink, Int32Array.from(numbers));
    return true;
  }
  const limit = Math.min(numbers.length >> 2, MAX_TABLE);
  const table = new Map<number, number>();
  const indexes = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    if (Object.is(value, -0)) return false; // a map cannot tell it from 0
    let index = table.get(value);
    if (index === undefined) {
      if (table.size >= limit) return false;
      index = table.size;
      table.set(value, index);
    }
    indexes[i] = index;
  }
  sink.u8(0x74);
  sink.u32(table.size);
  for (const value of table.keys()) {
    if (type === 'half') sink.u16(numberToHalfBits(value));
    else if (type === 'float') sink.f32(value);
    else sink.f64(value);
  }
  putIntegers32(sink, indexes);
  return true;
}

function encodeNames(type: ScalarType, items: readonly unknown[], strings: CrateStrings): Uint8Array {
  const indexes = Uint32Array.from(items, (item) => {
    if (type === 'token') return strings.token(item as string);
    return strings.string(type === 'asset' ? (item as { path: string }).path : (item as string));
  });
  return new Uint8Array(indexes.buffer);
}
