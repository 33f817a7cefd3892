/** Primvars as mesh building takes them. */
import { findPrimvar, type Prim } from 'usd-wasm';
import type { Interpolation, PrimvarData } from './mesh-geometry.ts';
import { floatsOf, readIntegers } from './read-attribute.ts';

export interface ReadPrimvar {
  readonly data: PrimvarData;
  readonly isAnimated: boolean;
}

/** The primvar of that name as singles of `width` components, with inheritance; undefined when it has no value or another width. */
export function readPrimvar(prim: Prim, name: string, width: number, time: number): ReadPrimvar | undefined {
  const primvar = findPrimvar(prim, name);
  if (primvar === undefined) return undefined;
  const value = primvar.attribute.getValue(time);
  const values = floatsOf(value);
  if (values === undefined || values.length < width) return undefined;
  const indices = primvar.indicesAttribute === undefined ? undefined : readIntegers(primvar.indicesAttribute, time);
  return {
    data: { values, width, interpolation: primvar.interpolation as Interpolation, ...(indices === undefined ? {} : { indices }) },
    isAnimated: primvar.attribute.valueMightBeTimeVarying || primvar.indicesAttribute?.valueMightBeTimeVarying === true,
  };
}

/** First value of a constant primvar, undefined for other interpolations. */
export function constantOf(data: PrimvarData | undefined): readonly number[] | undefined {
  if (data === undefined || data.interpolation !== 'constant') return undefined;
  const row = (data.indices?.[0] ?? 0) * data.width;
  return Array.from(data.values.subarray(row, row + data.width));
}
