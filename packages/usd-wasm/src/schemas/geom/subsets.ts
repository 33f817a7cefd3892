/** GeomSubsets of a geometry. Source: OpenUSD usdGeom/subset.cpp; schemas.md 2.6. */
import type { Prim } from '../../usd/prim.ts';
import { readNumbers, readText } from '../value-readers.ts';

/** A part of a geometry. Source: OpenUSD usdGeom/subset.h. */
export interface GeomSubset {
  /** The GeomSubset. */
  readonly prim: Prim;
  /** What its indices count: `face`, `point`, `edge`, … */
  readonly elementType: string;
  /** Subsets of one family belong together: `materialBind`, … `''` for none. */
  readonly familyName: string;
}

/** Subsets directly below a prim, in child order. */
export function listSubsets(prim: Prim, familyName?: string, elementType = 'face'): GeomSubset[] {
  const subsets: GeomSubset[] = [];
  for (const child of prim.children) {
    if (!child.isA('GeomSubset')) continue;
    const subset = {
      prim: child,
      elementType: readText(child.getAttribute('elementType')?.getValue()) ?? 'face',
      familyName: readText(child.getAttribute('familyName')?.getValue()) ?? '',
    };
    if (subset.elementType === elementType && (familyName === undefined || subset.familyName === familyName)) subsets.push(subset);
  }
  return subsets;
}

/** Elements of a subset at a time. */
export function subsetIndices(subset: GeomSubset, time?: number): Int32Array {
  const indices = readNumbers(subset.prim.getAttribute('indices')?.getValue(time));
  return indices instanceof Int32Array ? indices : Int32Array.from(indices ?? []);
}
