/** What skeletons and blend shapes make of a prim at the scene's time. */
import { flattenPrimvar, localTransform, matrix4d, type Prim, type Primvar, type SkinningQuery } from 'usd-wasm';
import type { ImagingContext } from './adapter.ts';
import { multiplied, type Matrix } from './matrix.ts';
import type { PrimvarData } from './mesh-geometry.ts';
import { floatsOf } from './read-attribute.ts';

export interface Skinned {
  readonly query: SkinningQuery;
  /** The points change with time. */
  readonly isAnimated: boolean;
  /** Local from local: where the prim as a whole is moved, in place of its own transform. */
  readonly matrix: Matrix | undefined;
  readonly isMatrixAnimated: boolean;
}

/** Undefined where no skeleton is bound. */
export function readSkinning(prim: Prim, context: ImagingContext): Skinned | undefined {
  const query = context.skinning(prim);
  if (query === undefined) return undefined;
  const isMatrixAnimated = query.transformMightBeTimeVarying;
  return { query, isAnimated: query.deformationMightBeTimeVarying, matrix: skinnedMatrix(query, prim, context.time), isMatrixAnimated };
}

/** Deformed points; those given where nothing deforms them. */
export function skinnedPoints({ query }: Skinned, points: Float32Array, time: number): Float32Array {
  const out = new Float32Array(points.length);
  return query.skinPointsInto(out, points, time) ? out : points;
}

/** Deformed normals of a primvar or attribute; undefined where nothing deforms them. */
export function skinnedNormals({ query }: Skinned, normals: Primvar, time: number): PrimvarData | undefined {
  const flat = flattenPrimvar(normals, time);
  const values = floatsOf(flat?.value);
  if (flat === undefined || values === undefined) return undefined;
  const out = new Float32Array(values.length);
  return query.skinNormalsInto(out, values, flat.interpolation, time)
    ? { values: out, width: 3, interpolation: flat.interpolation }
    : undefined;
}

/** Says what kept the prim from being skinned. */
export function reportSkinning({ query }: Skinned, prim: Prim, context: ImagingContext): void {
  for (const problem of query.problems)
    context.report({
      code: 'skinning-failed',
      severity: 'warning',
      message: `${prim.path} is not moved by ${query.skeleton.prim.path} as it should be: ${problem}`,
      path: prim.path,
    });
}

function skinnedMatrix(query: SkinningQuery, prim: Prim, time: number): Matrix | undefined {
  const parentFromLocal = query.skinnedTransform(time);
  const inverse = parentFromLocal === undefined ? undefined : matrix4d.invert(localTransform(prim, time).matrix);
  return parentFromLocal === undefined || inverse === undefined ? undefined : multiplied(parentFromLocal, inverse);
}
