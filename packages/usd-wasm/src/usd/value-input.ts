/**
 * From plain data to values as layers store them. Source: OpenUSD vt/value.h (casts), usd/attribute.h (Set).
 */
import { elementDimensions } from '../sdf/value-type.ts';
import { COMPONENT_COUNT, isArrayType, type ArrayType, type AssetPath, type ScalarType, type Value, type ValueType } from '../vt/value.ts';
import { roundAllToHalf, roundToHalf } from '../usda/half.ts';
import { castNumeric } from './cast-value.ts';
import type { AttributeData } from './attribute.ts';

/**
 * What values may be given as: a `Value`; a boolean, number, bigint, string or asset path; a list of numbers for a tuple,
 * quaternion (i, j, k, real) or matrix (row by row, or as rows); for arrays a typed array with components interleaved, a
 * list of elements, or a list of numbers that is one after the other.
 */
export type ValueInput =
  | Value
  | AttributeData
  | readonly boolean[]
  | readonly bigint[]
  | readonly (string | AssetPath)[]
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[];

/** What was expected and what was found instead. */
export interface ValueMismatch {
  readonly expected: string;
  readonly found: string;
}

/** The data as a value of a storage type. Data is copied where its owner could change it afterwards. */
export function toValue(type: ScalarType | ArrayType, input: unknown): Value | ValueMismatch {
  const data = isValue(input) ? fromValue(type, input) : input;
  const isArray = isArrayType(type);
  const scalar = (isArray ? type.slice(0, -2) : type) as ScalarType;
  const value = data === undefined ? undefined : isArray ? arrayData(scalar, data) : scalarData(scalar, data);
  return value === undefined ? { expected: describeType(type), found: describeData(input) } : ({ type, value } as unknown as Value);
}

/** Whether something is a tagged value rather than plain data. */
export function isValue(data: unknown): data is Value {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string' && 'value' in data;
}

export function isMismatch(result: Value | ValueMismatch): result is ValueMismatch {
  return 'expected' in result;
}

/** The type that plain data has by itself: whole numbers in the range of `int` are one, other numbers are `double`. */
export function inferType(data: unknown): ValueType | undefined {
  switch (typeof data) {
    case 'boolean':
      return 'bool';
    case 'number':
      return isInteger(data, -0x80000000, 0x7fffffff) ? 'int' : 'double';
    case 'bigint':
      return 'int64';
    case 'string':
      return 'string';
    case 'object':
      break;
    default:
      return undefined;
  }
  if (data === null) return undefined;
  if (isValue(data)) return data.type;
  for (const [constructor, type] of TYPED_ARRAYS) if (data instanceof constructor) return type;
  if (Array.isArray(data)) {
    const types = new Set(data.map(inferType));
    if (types.size === 2 && types.has('int') && types.has('double')) return 'double[]';
    const [only] = types;
    if (types.size !== 1 || only === undefined) return undefined;
    return ['bool', 'int', 'double', 'int64', 'string', 'asset'].includes(only) ? (`${only}[]` as ValueType) : undefined;
  }
  if (ArrayBuffer.isView(data)) return undefined;
  return assetPath(data) === undefined ? 'dictionary' : 'asset';
}

/** Short text for messages: `text "red"`, `list of 4 (number 1, …)`, `Float32Array of length 6`. */
export function describeData(data: unknown): string {
  switch (typeof data) {
    case 'string':
      return `text ${JSON.stringify(data.length > 40 ? `${data.slice(0, 40)}…` : data)}`;
    case 'number':
    case 'boolean':
    case 'bigint':
      return `${typeof data} ${data}`;
    case 'object':
      break;
    default:
      return typeof data;
  }
  if (data === null) return 'null';
  if (isValue(data)) return `a value of type ${data.type}`;
  if (ArrayBuffer.isView(data)) return `${data.constructor.name} of length ${(data as Float32Array).length}`;
  if (Array.isArray(data)) return data.length === 0 ? 'an empty list' : `a list of ${data.length} (${describeData(data[0])}, …)`;
  return assetPath(data) === undefined ? 'an object' : 'an asset path';
}

const TYPED_ARRAYS = [
  [Uint8Array, 'uchar[]'],
  [Int32Array, 'int[]'],
  [Uint32Array, 'uint[]'],
  [BigInt64Array, 'int64[]'],
  [BigUint64Array, 'uint64[]'],
  [Float32Array, 'float[]'],
  [Float64Array, 'double[]'],
] as const;

function describeType(type: ScalarType | ArrayType): string {
  const isArray = isArrayType(type);
  const scalar = (isArray ? type.slice(0, -2) : type) as ScalarType;
  const count = COMPONENT_COUNT[scalar];
  if (isArray) return count === 1 ? type : `${type} (${count} numbers for each element)`;
  return count === 1 ? type : `${type} (${count} numbers)`;
}

/** Data of a tagged value where it has the type, or can be cast to it. */
function fromValue(type: ScalarType | ArrayType, value: Value): unknown {
  if (value.type === type) return value.value;
  const cast = castNumeric(value, type);
  if (cast.type === type) return cast.value;
  return TEXTS.has(type) && TEXTS.has(value.type) && isArrayType(type) === isArrayType(value.type) ? value.value : undefined;
}

/** Types whose data is text. */
const TEXTS: ReadonlySet<string> = new Set(['string', 'token', 'string[]', 'token[]']);

function scalarData(type: ScalarType, data: unknown): unknown {
  if (COMPONENT_COUNT[type] > 1) {
    const components: number[] = [];
    return pushElement(components, data, kindOf(type), elementDimensions(type)) ? components : undefined;
  }
  switch (type) {
    case 'bool':
      return typeof data === 'boolean' ? data : data === 0 || data === 1 ? data === 1 : undefined;
    case 'string':
    case 'token':
    case 'pathExpression':
      return typeof data === 'string' ? data : undefined;
    case 'asset':
      return assetPath(data);
    case 'int64':
      return bigInteger(data, -(2n ** 63n), 2n ** 63n - 1n);
    case 'uint64':
      return bigInteger(data, 0n, 2n ** 64n - 1n);
    default:
      return typeof data === 'number' ? component(kindOf(type), data) : undefined;
  }
}

function arrayData(type: ScalarType, data: unknown): unknown {
  if (!isList(data)) return undefined;
  switch (type) {
    case 'bool':
    case 'string':
    case 'token':
    case 'pathExpression':
    case 'asset':
    case 'int64':
    case 'uint64': {
      const items: unknown[] = [];
      for (let i = 0; i < data.length; i++) {
        const item = scalarData(type, data[i]);
        if (item === undefined) return undefined;
        items.push(item);
      }
      if (type === 'bool') return Uint8Array.from(items as boolean[], Number);
      if (type === 'int64') return BigInt64Array.from(items as bigint[]);
      return type === 'uint64' ? BigUint64Array.from(items as bigint[]) : items;
    }
    default: {
      const numbers = flatNumbers(type, data);
      return numbers === undefined || numbers.length % COMPONENT_COUNT[type] !== 0 ? undefined : numbers;
    }
  }
}

type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;
type Kind = 'int' | 'uint' | 'uchar' | 'half' | 'float' | 'double';

function kindOf(type: ScalarType): Kind {
  if (type === 'uint' || type === 'uchar') return type;
  if (type.startsWith('int')) return 'int';
  if (type.startsWith('half') || type === 'quath') return 'half';
  return type.startsWith('float') || type === 'quatf' ? 'float' : 'double';
}

const ARRAY_OF = { int: Int32Array, uint: Uint32Array, uchar: Uint8Array, half: Float32Array, float: Float32Array, double: Float64Array };

/** A copy of numbers, of elements in lists or one after the other, in the type's precision. */
function flatNumbers(type: ScalarType, data: unknown): Numbers | undefined {
  if (!isList(data)) return undefined;
  const kind = kindOf(type);
  const target = ARRAY_OF[kind];
  if (kind === 'half' && (data instanceof Float32Array || data instanceof Float64Array)) return roundAllToHalf(Float32Array.from(data));
  if (data instanceof target) return data.slice();
  if (data instanceof Float64Array || data instanceof Float32Array) {
    if (kind === 'float' || kind === 'double') return target.from(data);
  }
  const shape = elementDimensions(type);
  const flat: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const item = data[i];
    if (typeof item === 'number' ? !pushNumber(flat, item, kind) : !pushElement(flat, item, kind, shape)) return undefined;
  }
  return target.from(flat);
}

/** A tuple's numbers, or a matrix as sixteen (nine, four) numbers or as rows. */
function pushElement(into: number[], item: unknown, kind: Kind, shape: readonly number[]): boolean {
  if (!isList(item) || shape.length === 0) return false;
  const [first = 0, ...inner] = shape;
  const size = shape.reduce((product, side) => product * side, 1);
  if (inner.length > 0 && item.length === first && isList(item[0])) {
    for (let i = 0; i < item.length; i++) if (!pushElement(into, item[i], kind, inner)) return false;
    return true;
  }
  if (item.length !== size) return false;
  for (let i = 0; i < item.length; i++) if (!pushNumber(into, item[i], kind)) return false;
  return true;
}

function pushNumber(into: number[], item: unknown, kind: Kind): boolean {
  const number = typeof item === 'number' ? component(kind, item) : undefined;
  if (number === undefined) return false;
  into.push(number);
  return true;
}

function component(kind: Kind, number: number): number | undefined {
  switch (kind) {
    case 'int':
      return isInteger(number, -0x80000000, 0x7fffffff) ? number : undefined;
    case 'uint':
      return isInteger(number, 0, 0xffffffff) ? number : undefined;
    case 'uchar':
      return isInteger(number, 0, 255) ? number : undefined;
    case 'half':
      return roundToHalf(number);
    case 'float':
      return Math.fround(number);
    case 'double':
      return number;
  }
}

function isInteger(number: number, least: number, most: number): boolean {
  return Number.isInteger(number) && number >= least && number <= most;
}

function bigInteger(data: unknown, least: bigint, most: bigint): bigint | undefined {
  const integer = typeof data === 'bigint' ? data : Number.isSafeInteger(data) ? BigInt(data as number) : undefined;
  return integer !== undefined && integer >= least && integer <= most ? integer : undefined;
}

/** An asset path as it is authored: without what it resolves to. */
function assetPath(data: unknown): AssetPath | undefined {
  if (typeof data === 'string') return { path: data };
  if (typeof data !== 'object' || data === null || data instanceof Map) return undefined;
  return 'path' in data && typeof data.path === 'string' ? { path: data.path } : undefined;
}

function isList(data: unknown): data is ArrayLike<unknown> {
  return Array.isArray(data) || (ArrayBuffer.isView(data) && !(data instanceof DataView));
}
