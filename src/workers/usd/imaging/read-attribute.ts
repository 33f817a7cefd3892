/** Attribute values as plain numbers and arrays, whatever precision they were authored in. */
import type { AssetPath, Attribute, Prim, Value } from 'usd-wasm';

/** Whether some layer speaks of the property. Much cheaper than asking for a property that nobody authored. */
export function isAuthored(prim: Prim, name: string): boolean {
  return prim.getAuthoredPropertyNames().includes(name);
}

export function readNumber(prim: Prim, name: string, time: number, fallback: number): number {
  return isAuthored(prim, name) ? (numberOf(prim.getAttribute(name)?.getValue(time)) ?? fallback) : fallback;
}

export function readToken(prim: Prim, name: string, time: number, fallback: string): string {
  return isAuthored(prim, name) ? (textOf(prim.getAttribute(name)?.getValue(time)) ?? fallback) : fallback;
}

export function readBoolean(prim: Prim, name: string, time: number, fallback: boolean): boolean {
  if (!isAuthored(prim, name)) return fallback;
  const value = prim.getAttribute(name)?.getValue(time);
  return value?.type === 'bool' ? value.value : fallback;
}

export function readFloats(attribute: Attribute | undefined, time: number): Float32Array | undefined {
  return attribute === undefined ? undefined : floatsOf(attribute.getValue(time));
}

export function readIntegers(attribute: Attribute | undefined, time: number): Int32Array | undefined {
  const value = attribute?.getValue(time);
  if (value?.type === 'int[]') return value.value;
  if (value?.type === 'uint[]') return new Int32Array(value.value.buffer, value.value.byteOffset, value.value.length);
  return undefined;
}

/** A number, a boolean as 0 or 1, or undefined for anything else and for what is not finite. */
export function numberOf(value: Value | undefined): number | undefined {
  if (value === undefined) return undefined;
  const data: unknown = value.value;
  if (typeof data === 'number') return Number.isFinite(data) ? data : undefined;
  if (typeof data === 'bigint') return Number(data);
  if (typeof data === 'boolean') return data ? 1 : 0;
  return undefined;
}

/** Components of a tuple (or of a number, once); undefined for anything else and for what is not finite. */
export function tupleOf(value: Value | undefined): readonly number[] | undefined {
  if (value === undefined) return undefined;
  const data: unknown = value.value;
  if (Array.isArray(data))
    return data.every((item) => typeof item === 'number' && Number.isFinite(item)) ? (data as readonly number[]) : undefined;
  const single = numberOf(value);
  return single === undefined ? undefined : [single];
}

export function textOf(value: Value | undefined): string | undefined {
  return value !== undefined && typeof value.value === 'string' ? value.value : undefined;
}

export function assetOf(value: Value | undefined): AssetPath | undefined {
  return value?.type === 'asset' ? value.value : undefined;
}

/** Any array (or scalar, tuple) of real numbers as singles, components interleaved. Singles are passed through uncopied. */
export function floatsOf(value: Value | undefined): Float32Array | undefined {
  if (value === undefined) return undefined;
  const data: unknown = value.value;
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array || data instanceof Int32Array || data instanceof Uint32Array || data instanceof Uint8Array)
    return Float32Array.from(data);
  const tuple = tupleOf(value);
  return tuple === undefined ? undefined : Float32Array.from(tuple);
}
