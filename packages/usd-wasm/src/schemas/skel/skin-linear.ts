/** Linear blend skinning (`classicLinear`). Source: OpenUSD usdSkel/utils.cpp; schemas.md 4.5. */
import type { Influences } from './influences.ts';

type Floats = Float32Array | Float64Array;

/**
 * Moves points by the weighted sum of what their joints make of them. `out` may be `points`.
 *
 * @param points shape [3·N]
 * @param matrices of each joint, the geometry's bind transform included (shape [16·joints])
 * @param influences indices must name joints
 */
export function skinPointsLinearInto(out: Floats, points: Floats, matrices: Float64Array, influences: Influences): void {
  const { indices, weights, perPoint, isConstant } = influences;
  let influence = 0;
  for (let p = 0; p < points.length; p += 3) {
    const px = points[p]!;
    const py = points[p + 1]!;
    const pz = points[p + 2]!;
    let x = 0;
    let y = 0;
    let z = 0;
    if (isConstant) influence = 0;
    for (const end = influence + perPoint; influence < end; influence++) {
      const w = weights[influence]!;
      if (w === 0) continue;
      const m = indices[influence]! * 16;
      x += w * (px * matrices[m]! + py * matrices[m + 4]! + pz * matrices[m + 8]! + matrices[m + 12]!);
      y += w * (px * matrices[m + 1]! + py * matrices[m + 5]! + pz * matrices[m + 9]! + matrices[m + 13]!);
      z += w * (px * matrices[m + 2]! + py * matrices[m + 6]! + pz * matrices[m + 10]! + matrices[m + 14]!);
    }
    out[p] = x;
    out[p + 1] = y;
    out[p + 2] = z;
  }
}

/**
 * Turns normals likewise, and makes them unit length. `out` may be `normals`.
 *
 * @param normals shape [3·N]
 * @param matrices normal matrices of each joint, that of the geometry's bind transform included (shape [9·joints])
 * @param pointOfNormal point whose influences a normal has (shape [N]); absent: the one of the same number
 */
export function skinNormalsLinearInto(
  out: Floats,
  normals: Floats,
  matrices: Float64Array,
  influences: Influences,
  pointOfNormal?: Int32Array,
): void {
  const { indices, weights, perPoint, isConstant } = influences;
  for (let n = 0, normal = 0; n < normals.length; n += 3, normal++) {
    const nx = normals[n]!;
    const ny = normals[n + 1]!;
    const nz = normals[n + 2]!;
    let x = 0;
    let y = 0;
    let z = 0;
    const point = pointOfNormal === undefined ? normal : pointOfNormal[normal]!;
    const start = isConstant ? 0 : point * perPoint;
    for (let influence = start; influence < start + perPoint; influence++) {
      const w = weights[influence]!;
      if (w === 0) continue;
      const m = indices[influence]! * 9;
      x += w * (nx * matrices[m]! + ny * matrices[m + 3]! + nz * matrices[m + 6]!);
      y += w * (nx * matrices[m + 1]! + ny * matrices[m + 4]! + nz * matrices[m + 7]!);
      z += w * (nx * matrices[m + 2]! + ny * matrices[m + 5]! + nz * matrices[m + 8]!);
    }
    const l = Math.sqrt(x * x + y * y + z * z);
    const scale = l > 0 ? 1 / l : 0;
    out[n] = x * scale;
    out[n + 1] = y * scale;
    out[n + 2] = z * scale;
  }
}
