/** Decodes single numbers, texts, tuples and matrices: those held by a ValueRep itself, and those it points to. */
import { COMPONENT_COUNT, makeTuple, makeValue, type ScalarType, type Value } from '../vt/value.ts';
import type { IndexNames } from './array-reader.ts';
import type { CrateBytes, CrateCursor } from './crate-bytes.ts';
import { halfBitsToNumber } from './half.ts';
import type { ComponentKind, ScalarLayout } from './layout.ts';

/** The value that the low word of a ValueRep holds. Source: usdc.md 6. */
export function readInlined(type: ScalarType, lo: number, names: IndexNames): Value {
  switch (type) {
    case 'bool':
      return makeValue(type, (lo & 0xff) !== 0);
    case 'uchar':
      return makeValue(type, lo & 0xff);
    case 'half':
      return makeValue(type, halfBitsToNumber(lo & 0xffff));
    case 'int':
      return makeValue(type, lo | 0);
    case 'uint':
      return makeValue(type, lo);
    case 'int64':
      return makeValue(type, BigInt(lo | 0));
    case 'uint64':
      return makeValue(type, BigInt(lo));
    case 'float':
    case 'double':
    case 'timecode':
      return makeValue(type, floatOfBits(lo));
    case 'string':
      return makeValue(type, names.string(lo));
    case 'token':
      return makeValue(type, names.token(lo));
    case 'asset':
      return makeValue(type, { path: names.token(lo) });
    case 'pathExpression':
      return makeValue(type, names.string(lo));
    case 'half2':
      return makeValue(type, [halfBitsToNumber(lo & 0xffff), halfBitsToNumber(lo >>> 16)]);
    case 'matrix2d':
      return makeTuple(type, diagonal(2, lo));
    case 'matrix3d':
      return makeTuple(type, diagonal(3, lo));
    case 'matrix4d':
      return makeTuple(type, diagonal(4, lo));
    default:
      return makeTuple(type, signedBytes(lo, COMPONENT_COUNT[type]));
  }
}

/** The floats or doubles at an offset, most of what is not inlined; undefined of other types and past the end, where `readScalar` serves. */
export function readFloats(file: CrateBytes, at: number, { type, floatBytes, componentCount }: ScalarLayout): Value | undefined {
  if (floatBytes === 0 || at + componentCount * floatBytes > file.length) return undefined;
  const { view } = file;
  if (componentCount === 1) return { type, value: floatBytes === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true) } as Value;
  // written out, as most are positions, scales and colors: engines then know from the start that it holds three doubles
  if (componentCount === 3) {
    const value =
      floatBytes === 8
        ? [view.getFloat64(at, true), view.getFloat64(at + 8, true), view.getFloat64(at + 16, true)]
        : [view.getFloat32(at, true), view.getFloat32(at + 4, true), view.getFloat32(at + 8, true)];
    return { type, value } as unknown as Value;
  }
  const value = new Array<number>(componentCount);
  if (floatBytes === 8) for (let i = 0; i < componentCount; i++) value[i] = view.getFloat64(at + 8 * i, true);
  else for (let i = 0; i < componentCount; i++) value[i] = view.getFloat32(at + 4 * i, true);
  return { type, value } as unknown as Value;
}

/** The value at the cursor. Source: usdc.md 7. */
export function readScalar({ type, kind, componentCount }: ScalarLayout, cursor: CrateCursor, names: IndexNames): Value {
  switch (type) {
    case 'int64':
      return makeValue(type, cursor.i64());
    case 'uint64':
      return makeValue(type, cursor.u64());
    case 'bool':
      return makeValue(type, cursor.u8() !== 0);
    case 'string':
    case 'pathExpression':
      return makeValue(type, names.string(cursor.u32()));
    case 'token':
      return makeValue(type, names.token(cursor.u32()));
    case 'asset':
      return makeValue(type, { path: names.token(cursor.u32()) });
    default: {
      if (componentCount === 1) return { type, value: readComponent(cursor, kind) } as Value;
      const components = new Array<number>(componentCount);
      for (let i = 0; i < componentCount; i++) components[i] = readComponent(cursor, kind);
      return { type, value: components } as unknown as Value;
    }
  }
}

function readComponent(cursor: CrateCursor, kind: ComponentKind): number {
  switch (kind) {
    case 'u8':
      return cursor.u8();
    case 'i32':
      return cursor.i32();
    case 'f16':
      return halfBitsToNumber(cursor.file.view.getUint16(cursor.take(2), true));
    case 'f32':
      return cursor.f32();
    case 'f64':
      return cursor.f64();
    default:
      return cursor.u32();
  }
}

/** One signed byte per component, the first in the lowest byte. */
function signedBytes(lo: number, count: number): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < count; i++) bytes.push((lo << (24 - 8 * i)) >> 24);
  return bytes;
}

function diagonal(size: number, lo: number): number[] {
  const matrix = new Array<number>(size * size).fill(0);
  signedBytes(lo, size).forEach((value, i) => (matrix[i * (size + 1)] = value));
  return matrix;
}

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

function floatOfBits(bits: number): number {
  word[0] = bits;
  return wordAsFloat[0]!;
}
