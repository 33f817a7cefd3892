/** Reading attribute values where a schema expects a certain kind: other precisions are taken too. */
import type { Attribute } from '../usd/attribute.ts';
import type { Prim } from '../usd/prim.ts';
import type { Value } from '../vt/value.ts';

/** A number of any numeric type, or of the first element of a one-element list. */
export function readNumber(value: Value | undefined): number | undefined {
  const data = value?.value;
  if (typeof data === 'number') return data;
  return typeof data === 'bigint' ? Number(data) : undefined;
}

/** Components of a tuple, quaternion or matrix of any precision. */
export function readTuple(value: Value | undefined, count: number): readonly number[] | undefined {
  const data = value?.value;
  return Array.isArray(data) && data.length === count && typeof data[0] === 'number' ? (data as readonly number[]) : undefined;
}

/** A numeric array, flat; 64-bit integers become doubles. */
export function readNumbers(value: Value | undefined): Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array | undefined {
  const data = value?.value;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return ArrayBuffer.isView(data) ? (data as Float32Array) : undefined;
}

/** Text of a token or string. */
export function readText(value: Value | undefined): string | undefined {
  return value?.type === 'token' || value?.type === 'string' ? value.value : undefined;
}

/** Items of a token or string array. */
export function readTexts(value: Value | undefined): readonly string[] | undefined {
  return value?.type === 'token[]' || value?.type === 'string[]' ? value.value : undefined;
}

/** A number of an attribute; `fallback` where it has no value. */
export function numberAt(prim: Prim, name: string, time: number | undefined, fallback: number): number {
  return readNumber(prim.getAttribute(name)?.getValue(time)) ?? fallback;
}

/** Text of a token or string attribute; `fallback` where it has no such value. */
export function textAt(prim: Prim, name: string, time: number | undefined, fallback: string): string {
  return readText(prim.getAttribute(name)?.getValue(time)) ?? fallback;
}

/** A boolean attribute, or a number that is not 0; `fallback` where it has no such value. */
export function boolAt(prim: Prim, name: string, time: number | undefined, fallback: boolean): boolean {
  const value = prim.getAttribute(name)?.getValue(time);
  if (value?.type === 'bool') return value.value;
  const number = readNumber(value);
  return number === undefined ? fallback : number !== 0;
}

/** The attribute, if some layer gives it a value. */
export function authoredAttribute(prim: Prim, name: string): Attribute | undefined {
  const attribute = prim.hasAuthoredProperty(name) ? prim.getAttribute(name) : undefined;
  return attribute?.hasAuthoredValue === true ? attribute : undefined;
}
