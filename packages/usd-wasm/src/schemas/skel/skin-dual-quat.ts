/**
 * Dual quaternion skinning (`dualQuaternion`): scales are blended linearly, then rigid motions as dual quaternions.
 * Source: OpenUSD usdSkel/utils.cpp; Kavan et al., "Skinning with dual quaternions"; schemas.md 4.5.
 */
import type { Matrix3d } from '../../gf/matrix3d.ts';
import type { Matrix4d } from '../../gf/matrix4d.ts';
import type { Influences } from './influences.ts';
import type { JointDualQuats, JointQuats } from './joint-dual-quats.ts';

type Floats = Float32Array | Float64Array;

/** Sums of quaternions shorter than this are no rotation. */
const MIN_LENGTH = 1e-10;

/**
 * Moves points. `out` may be `points`.
 *
 * @param points shape [3·N]
 * @param geomBind bind transform of the geometry
 * @param influences indices must name joints
 */
export function skinPointsDualQuatInto(
  out: Floats,
  points: Floats,
  geomBind: Matrix4d,
  { quats, scales }: JointDualQuats,
  influences: Influences,
): void {
  const { indices, weights, perPoint, isConstant } = influences;
  for (let p = 0, point = 0; p < points.length; p += 3, point++) {
    const ax = points[p]!;
    const ay = points[p + 1]!;
    const az = points[p + 2]!;
    const px = ax * geomBind[0]! + ay * geomBind[4]! + az * geomBind[8]! + geomBind[12]!;
    const py = ax * geomBind[1]! + ay * geomBind[5]! + az * geomBind[9]! + geomBind[13]!;
    const pz = ax * geomBind[2]! + ay * geomBind[6]! + az * geomBind[10]! + geomBind[14]!;
    const start = isConstant ? 0 : point * perPoint;
    const pivot = pivotJoint(influences, start) * 8;
    let x = scales === undefined ? px : 0;
    let y = scales === undefined ? py : 0;
    let z = scales === undefined ? pz : 0;
    let ri = 0;
    let rj = 0;
    let rk = 0;
    let rr = 0;
    let di = 0;
    let dj = 0;
    let dk = 0;
    let dr = 0;
    for (let influence = start; influence < start + perPoint; influence++) {
      let w = weights[influence]!;
      if (w === 0) continue;
      const joint = indices[influence]!;
      if (scales !== undefined) {
        const m = joint * 9;
        x += w * (px * scales[m]! + py * scales[m + 3]! + pz * scales[m + 6]!);
        y += w * (px * scales[m + 1]! + py * scales[m + 4]! + pz * scales[m + 7]!);
        z += w * (px * scales[m + 2]! + py * scales[m + 5]! + pz * scales[m + 8]!);
      }
      const q = joint * 8;
      // Of the two quaternions of a rotation, that of the pivot's half.
      const cosine =
        quats[q]! * quats[pivot]! +
        quats[q + 1]! * quats[pivot + 1]! +
        quats[q + 2]! * quats[pivot + 2]! +
        quats[q + 3]! * quats[pivot + 3]!;
      if (cosine < 0) w = -w;
      ri += w * quats[q]!;
      rj += w * quats[q + 1]!;
      rk += w * quats[q + 2]!;
      rr += w * quats[q + 3]!;
      di += w * quats[q + 4]!;
      dj += w * quats[q + 5]!;
      dk += w * quats[q + 6]!;
      dr += w * quats[q + 7]!;
    }
    const l = Math.sqrt(ri * ri + rj * rj + rk * rk + rr * rr);
    if (l < MIN_LENGTH) {
      out[p] = x;
      out[p + 1] = y;
      out[p + 2] = z;
      continue;
    }
    // Only products of two parts are used below: each is shorter by the square of the length.
    const unit = 2 / (l * l);
    const cx = rj * z - rk * y + rr * x;
    const cy = rk * x - ri * z + rr * y;
    const cz = ri * y - rj * x + rr * z;
    out[p] = x + unit * (rj * cz - rk * cy + rr * di - dr * ri + rj * dk - rk * dj);
    out[p + 1] = y + unit * (rk * cx - ri * cz + rr * dj - dr * rj + rk * di - ri * dk);
    out[p + 2] = z + unit * (ri * cy - rj * cx + rr * dk - dr * rk + ri * dj - rj * di);
  }
}

/**
 * Turns normals and makes them unit length. `out` may be `normals`.
 *
 * @param normals shape [3·N]
 * @param geomBindNormal normal matrix of the geometry's bind transform
 * @param pointOfNormal point whose influences a normal has (shape [N]); absent: the one of the same number
 */
export function skinNormalsDualQuatInto(
  out: Floats,
  normals: Floats,
  geomBindNormal: Matrix3d,
  { quats, scales }: JointQuats,
  influences: Influences,
  pointOfNormal?: Int32Array,
): void {
  const { indices, weights, perPoint, isConstant } = influences;
  for (let n = 0, normal = 0; n < normals.length; n += 3, normal++) {
    const ax = normals[n]!;
    const ay = normals[n + 1]!;
    const az = normals[n + 2]!;
    const nx = ax * geomBindNormal[0]! + ay * geomBindNormal[3]! + az * geomBindNormal[6]!;
    const ny = ax * geomBindNormal[1]! + ay * geomBindNormal[4]! + az * geomBindNormal[7]!;
    const nz = ax * geomBindNormal[2]! + ay * geomBindNormal[5]! + az * geomBindNormal[8]!;
    const point = pointOfNormal === undefined ? normal : pointOfNormal[normal]!;
    const start = isConstant ? 0 : point * perPoint;
    const pivot = pivotJoint(influences, start) * 4;
    let x = scales === undefined ? nx : 0;
    let y = scales === undefined ? ny : 0;
    let z = scales === undefined ? nz : 0;
    let ri = 0;
    let rj = 0;
    let rk = 0;
    let rr = 0;
    for (let influence = start; influence < start + perPoint; influence++) {
      let w = weights[influence]!;
      if (w === 0) continue;
      const joint = indices[influence]!;
      if (scales !== undefined) {
        const m = joint * 9;
        x += w * (nx * scales[m]! + ny * scales[m + 3]! + nz * scales[m + 6]!);
        y += w * (nx * scales[m + 1]! + ny * scales[m + 4]! + nz * scales[m + 7]!);
        z += w * (nx * scales[m + 2]! + ny * scales[m + 5]! + nz * scales[m + 8]!);
      }
      const q = joint * 4;
      const cosine =
        quats[q]! * quats[pivot]! +
        quats[q + 1]! * quats[pivot + 1]! +
        quats[q + 2]! * quats[pivot + 2]! +
        quats[q + 3]! * quats[pivot + 3]!;
      if (cosine < 0) w = -w;
      ri += w * quats[q]!;
      rj += w * quats[q + 1]!;
      rk += w * quats[q + 2]!;
      rr += w * quats[q + 3]!;
    }
    const square = ri * ri + rj * rj + rk * rk + rr * rr;
    if (square >= MIN_LENGTH * MIN_LENGTH) {
      const unit = 2 / square;
      const cx = rj * z - rk * y + rr * x;
      const cy = rk * x - ri * z + rr * y;
      const cz = ri * y - rj * x + rr * z;
      x += unit * (rj * cz - rk * cy);
      y += unit * (rk * cx - ri * cz);
      z += unit * (ri * cy - rj * cx);
    }
    const l = Math.sqrt(x * x + y * y + z * z);
    const scale = l > 0 ? 1 / l : 0;
    out[n] = x * scale;
    out[n + 1] = y * scale;
    out[n + 2] = z * scale;
  }
}

/** The joint of greatest weight among the influences that begin at `start`: the first of equals. */
function pivotJoint({ indices, weights, perPoint }: Influences, start: number): number {
  let pivot = start;
  for (let influence = start + 1; influence < start + perPoint; influence++) if (weights[influence]! > weights[pivot]!) pivot = influence;
  return indices[pivot]!;
}
