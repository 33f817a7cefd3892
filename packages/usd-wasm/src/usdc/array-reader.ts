/**
 * Decodes the arrays of a crate. Uncompressed numbers are views on the file's bytes where their alignment allows.
 * Source: usdc.md 8; OpenUSD sdf/crateFile.cpp.
 */
import { halfToFloat } from '../kernel/kernel.ts';
import { makeValue, type ScalarType, type Value } from '../vt/value.ts';
import type { CrateBytes, CrateCursor } from './crate-bytes.ts';
import {
  COMPONENT_BYTES,
  COMPONENT_KIND,
  LIMIT,
  MIN_COMPRESSED_COUNT,
  STORED_VIEW,
  VERSION,
  type ComponentKind,
  type CrateVersion,
  type ScalarLayout,
} from './layout.ts';

type Numbers = Uint8Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array;

/** Turns the u32 elements of string-like arrays into what they stand for. */
export interface IndexNames {
  string(index: number): string;
  token(index: number): string;
}

/** An array without elements. */
export function emptyArray({ arrayType, kind }: ScalarLayout): Value {
  return { type: arrayType, value: kind === 'index' ? [] : newNumbers(kind, 0) } as unknown as Value;
}

/**
 * The array at an offset, of a version with wide counts, as a view on the file's bytes: the usual case of large files, which have
 * thousands. Undefined where it is not stored so, or not sound: `readArray` reads it or tells what is wrong.
 */
export function viewArray(
  file: CrateBytes,
  at: number,
  { arrayType, View, componentCount, componentBytes }: ScalarLayout,
): Value | undefined {
  const start = at + 8;
  if (View === undefined || start > file.length) return undefined;
  const { words, view } = file;
  const isAligned = words !== undefined && (at & 3) === 0;
  if ((isAligned ? words[(at >>> 2) + 1] : view.getInt32(at + 4, true)) !== 0) return undefined;
  const count = isAligned ? words[at >>> 2]! >>> 0 : view.getUint32(at, true);
  const length = count * componentCount;
  if (length * componentBytes > file.length - start || count > file.mostElements) return undefined;
  const offset = file.byteOffset + start;
  if ((offset & (componentBytes - 1)) !== 0) return undefined;
  return { type: arrayType, value: new View(file.buffer, offset, length) } as unknown as Value;
}

/** Reads the array whose header is at the cursor. */
export function readArray(
  cursor: CrateCursor,
  layout: ScalarLayout,
  isCompressed: boolean,
  version: CrateVersion,
  names: IndexNames,
): Value {
  const { type, arrayType, kind } = layout;
  const isPacked = isCompressed && canBeCompressed(type, version);
  if (version < VERSION.compressedInts) cursor.take(4); // the rank, always 1
  const count = version >= VERSION.wideCounts ? cursor.size() : cursor.u32();
  if (isPacked && count >= MIN_COMPRESSED_COUNT) {
    if (count > 4 * LIMIT.lz4Ratio * (cursor.end - cursor.at)) {
      throw cursor.error('usdc-too-large', `${count} elements cannot come from ${cursor.end - cursor.at} bytes`);
    }
    cursor.file.allow('arrayElements', count, `an array at byte ${cursor.at} has more elements`);
    return { type: arrayType, value: readPacked(cursor, type, count) } as unknown as Value;
  }
  const componentCount = count * layout.componentCount;
  const at = cursor.take(componentCount * layout.componentBytes);
  cursor.file.allow('arrayElements', count, `an array at byte ${at} has more elements`);
  if (kind === 'index') return readNames(cursor, type, at, count, names);
  return {
    type: arrayType,
    value: type === 'bool' ? truths(cursor, at, count) : readNumbers(cursor, kind, at, componentCount),
  } as unknown as Value;
}

function canBeCompressed(type: ScalarType, version: CrateVersion): boolean {
  switch (type) {
    case 'int':
    case 'uint':
    case 'int64':
    case 'uint64':
      return version >= VERSION.compressedInts;
    case 'half':
    case 'float':
    case 'double':
      return version >= VERSION.compressedFloats;
    default:
      return false;
  }
}

function readPacked(cursor: CrateCursor, type: ScalarType, count: number): Numbers {
  switch (type) {
    case 'int':
      return cursor.integers32(count);
    case 'uint': {
      const values = cursor.integers32(count);
      return new Uint32Array(values.buffer, values.byteOffset, count);
    }
    case 'int64':
      return cursor.integers64(count);
    case 'uint64': {
      const values = cursor.integers64(count);
      return new BigUint64Array(values.buffer, values.byteOffset, count);
    }
    default:
      return readPackedFloats(cursor, type, count);
  }
}

function readPackedFloats(cursor: CrateCursor, type: ScalarType, count: number): Float32Array | Float64Array {
  const code = cursor.u8();
  cursor.file.allow('decodedBytes', count * 8, `an array at byte ${cursor.at} is larger once decompressed`);
  const values = type === 'double' ? new Float64Array(count) : new Float32Array(count);
  if (code === 0x69) {
    values.set(cursor.integers32(count)); // 'i': every value is a whole number
    return values;
  }
  if (code !== 0x74) throw cursor.error('usdc-compression', `float compression code ${code}, expected "i" or "t"`);
  const tableLength = cursor.u32();
  const kind = COMPONENT_KIND[type];
  const table = readNumbers(cursor, kind, cursor.take(tableLength * COMPONENT_BYTES[kind]), tableLength) as Float32Array | Float64Array;
  const indexes = cursor.integers32(count);
  for (let i = 0; i < count; i++) {
    const index = indexes[i]! >>> 0;
    if (index >= tableLength) throw cursor.error('usdc-index', `value ${i} is entry ${index} of a table of ${tableLength}`);
    values[i] = table[index]!;
  }
  return values;
}

function readNames(cursor: CrateCursor, type: ScalarType, at: number, count: number, names: IndexNames): Value {
  const view = cursor.file.view;
  const texts = new Array<string>(count);
  for (let i = 0; i < count; i++) {
    const index = view.getUint32(at + 4 * i, true);
    texts[i] = type === 'token' ? names.token(index) : names.string(index);
  }
  if (type === 'asset')
    return makeValue(
      'asset[]',
      texts.map((path) => ({ path })),
    );
  return makeValue(`${type as 'string' | 'token' | 'pathExpression'}[]`, texts);
}

/** A view on the file, or a copy where the bytes are not aligned. Halfs are widened. */
function readNumbers(cursor: CrateCursor, kind: ComponentKind, at: number, count: number): Numbers {
  const bytes = cursor.file.bytes;
  const size = COMPONENT_BYTES[kind];
  if ((bytes.byteOffset + at) % size === 0) return viewNumbers(kind, bytes.buffer, bytes.byteOffset + at, count);
  const copy = bytes.slice(at, at + count * size);
  return viewNumbers(kind, copy.buffer, copy.byteOffset, count);
}

function viewNumbers(kind: ComponentKind, buffer: ArrayBufferLike, at: number, count: number): Numbers {
  const numbers = new STORED_VIEW[kind](buffer, at, count);
  return kind === 'f16' ? halfToFloat(numbers as Uint16Array) : (numbers as Numbers);
}

function newNumbers(kind: ComponentKind, count: number): Numbers {
  return viewNumbers(kind, new ArrayBuffer(count * COMPONENT_BYTES[kind]), 0, count);
}

/** Any byte but 0 is true; a view where all are 0 or 1 already. */
function truths(cursor: CrateCursor, at: number, count: number): Uint8Array {
  const view = cursor.file.bytes.subarray(at, at + count);
  return view.every((byte) => byte <= 1) ? view : view.map((byte) => (byte === 0 ? 0 : 1));
}
