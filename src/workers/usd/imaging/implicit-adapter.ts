/** What all implicit shapes have in common: shared meshes, scaled and turned into place by a matrix, one surface. */
import type { Prim } from 'usd-wasm';
import type { Imaged, ImagingContext, PrimAdapter } from './adapter.ts';
import { displayOpinions } from './display-color.ts';
import { multiplied, type Matrix } from './matrix.ts';
import type { MeshArrays } from './mesh-geometry.ts';
import { isAuthored, readBoolean, readToken } from './read-attribute.ts';
import { readSkinning, reportSkinning } from './skinning.ts';
import { tangents } from 'usd-wasm';

/** A shape with its parameters filled in. */
export interface PlacedShape {
  /** Equal keys: the same mesh. */
  readonly key: string;
  /** @param segments around round shapes */
  make(segments: number): MeshArrays;
  /** Prim from mesh. */
  readonly matrix: Matrix;
}

export type Axis = 'X' | 'Y' | 'Z';

export function implicitAdapter(
  typeNames: readonly string[],
  attributes: readonly string[],
  shape: (prim: Prim, time: number) => PlacedShape | undefined,
): PrimAdapter {
  return {
    typeNames,
    image(prim: Prim, context: ImagingContext): Imaged | undefined {
      const placed = shape(prim, context.time);
      if (placed === undefined) return undefined;
      const bound = context.boundMaterial(prim);
      const display = displayOpinions(prim, context);
      const material = bound ?? display.material;
      const isDoubleSided = readBoolean(prim, 'doubleSided', context.time, prim.isA('Plane'));
      const needsTangents = material.tangentUvs !== undefined;
      const key = `implicit\n${placed.key}\n${isDoubleSided}\n${needsTangents}\n${material.uvNames.length}`;
      const mesh = context.mesh(key, prim.typeName, {}, () => {
        const arrays = placed.make(context.segments);
        const [uvs = new Float32Array(0)] = arrays.uvs;
        return {
          ...arrays,
          uvs: material.uvNames.map(() => uvs.slice()),
          ...(needsTangents ? { tangents: vertexTangents(arrays, uvs) } : {}),
          isDoubleSided,
        };
      });
      const skinned = readSkinning(prim, context);
      if (skinned !== undefined) reportSkinning(skinned, prim, context);
      const matrix = skinned?.matrix === undefined ? placed.matrix : multiplied(placed.matrix, skinned.matrix);
      const isAnimated =
        display.isAnimated ||
        skinned?.isMatrixAnimated === true ||
        attributes.some((name) => isAuthored(prim, name) && prim.getAttribute(name)?.valueMightBeTimeVarying === true);
      return { drawables: mesh === undefined ? [] : [{ mesh, material: material.id, matrix }], isAnimated };
    },
  };
}

/** Tangents by vertex: shapes have their seams split already, so that the corners of a vertex agree. */
function vertexTangents(mesh: MeshArrays, uvs: Float32Array): Float32Array {
  const { indices } = mesh;
  const rows = (source: Float32Array, width: number): Float32Array => {
    const result = new Float32Array(indices.length * width);
    for (let i = 0; i < indices.length; i++) for (let k = 0; k < width; k++) result[i * width + k] = source[indices[i]! * width + k]!;
    return result;
  };
  const perCorner = tangents(rows(mesh.positions, 3), rows(mesh.normals, 3), rows(uvs, 2));
  const result = new Float32Array((mesh.positions.length / 3) * 4);
  for (let i = 0; i < indices.length; i++) for (let k = 0; k < 4; k++) result[indices[i]! * 4 + k] = perCorner[i * 4 + k]!;
  return result;
}

export function readAxis(prim: Prim, time: number): Axis {
  const axis = readToken(prim, 'axis', time, 'Z');
  return axis === 'X' || axis === 'Y' ? axis : 'Z';
}

/** Scales a shape along Z, then turns its Z onto the axis: rows (u, v, spine) cyclic. */
export function alongAxis(axis: Axis, scaleX: number, scaleY: number, scaleZ: number): Matrix {
  const m = new Float64Array(16);
  const first = axis === 'X' ? 1 : axis === 'Y' ? 2 : 0;
  m[first] = scaleX;
  m[4 + ((first + 1) % 3)] = scaleY;
  m[8 + ((first + 2) % 3)] = scaleZ;
  m[15] = 1;
  return m;
}
