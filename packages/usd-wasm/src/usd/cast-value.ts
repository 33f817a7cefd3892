/** Numeric values in the precision that an attribute's type asks for. Source: OpenUSD vt/value.h (VtValue::Cast). */
import { COMPONENT_COUNT, isArrayType, type ScalarType, type Value } from '../vt/value.ts';

type Kind = 'bool' | 'integer' | 'bigint' | 'single' | 'double';

const ARRAYS: Readonly<Record<string, { from(source: Iterable<number> & ArrayLike<number>): ArrayLike<number> }>> = {
  'bool[]': Uint8Array,
  'uchar[]': Uint8Array,
  'int[]': Int32Array,
  'uint[]': Uint32Array,
};

/**
 * The value as `type`, where both are numbers of one shape (scalars, tuples of one size, arrays of these); any other
 * value is returned as it is.
 */
export function castNumeric(value: Value, type: string): Value {
  if (value.type === type) return value;
  const isArray = isArrayType(type);
  if (isArray !== isArrayType(value.type)) return value;
  const [from, to] = isArray ? [value.type.slice(0, -2), type.slice(0, -2)] : [value.type, type];
  const [fromKind, toKind] = [kindOf(from), kindOf(to)];
  if (fromKind === undefined || toKind === undefined) return value;
  if (COMPONENT_COUNT[from as ScalarType] !== COMPONENT_COUNT[to as ScalarType] || shapeOf(from) !== shapeOf(to)) return value;
  if (isArray) return { type, value: castArray(value.value as unknown as ArrayLike<number | bigint>, type, toKind) } as Value;
  const data = value.value;
  if (Array.isArray(data))
    return { type, value: (data as unknown as number[]).map((component) => castNumber(component, toKind)) } as unknown as Value;
  return { type, value: castNumber(typeof data === 'boolean' ? Number(data) : (data as number | bigint), toKind) } as unknown as Value;
}

function kindOf(type: string): Kind | undefined {
  if (type === 'int64' || type === 'uint64') return 'bigint';
  if (/^(?:uchar|u?int[234]?)$/.test(type)) return 'integer';
  if (type === 'bool') return 'bool';
  if (/^(?:half|float)[234]?$|^quat[hf]$/.test(type)) return 'single';
  return /^double[234]?$|^timecode$|^quatd$|^matrix[234]d$/.test(type) ? 'double' : undefined;
}

/** Quaternions and 2x2 matrices have as many components as vectors of four, but are none. */
function shapeOf(type: string): string {
  return type.startsWith('quat') ? 'quat' : type.startsWith('matrix') ? 'matrix' : 'vector';
}

function castNumber(component: number | bigint, kind: Kind): number | bigint | boolean {
  if (kind === 'bigint') return typeof component === 'bigint' ? component : BigInt(Number.isFinite(component) ? Math.trunc(component) : 0);
  const number = Number(component);
  if (kind === 'bool') return number !== 0;
  return kind === 'single' ? Math.fround(number) : kind === 'integer' ? Math.trunc(number) : number;
}

function castArray(source: ArrayLike<number | bigint>, type: string, kind: Kind): ArrayLike<number | bigint> {
  if (kind === 'bigint') {
    const out = type === 'int64[]' ? new BigInt64Array(source.length) : new BigUint64Array(source.length);
    for (let i = 0; i < source.length; i++) out[i] = castNumber(source[i] as number, 'bigint') as bigint;
    return out;
  }
  const numbers =
    source instanceof BigInt64Array || source instanceof BigUint64Array ? Float64Array.from(source, Number) : (source as Float64Array);
  if (kind === 'single') return Float32Array.from(numbers);
  if (kind === 'double') return Float64Array.from(numbers);
  return (ARRAYS[type] ?? Int32Array).from(numbers);
}
