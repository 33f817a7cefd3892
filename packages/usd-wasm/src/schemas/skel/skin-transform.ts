/** Spaces of skinned prims, and whole prims that joints move. Source: OpenUSD usdSkel/utils.cpp (SkinTransform), usdSkel/bakeSkinning.cpp. */
import type { Matrix3d } from '../../gf/matrix3d.ts';
import { identity, invert, multiply, multiplyAt, type Matrix4d } from '../../gf/matrix4d.ts';
import type { Influences } from './influences.ts';
import type { JointDualQuats } from './joint-dual-quats.ts';
import { skinPointsDualQuatInto } from './skin-dual-quat.ts';
import { skinPointsLinearInto } from './skin-linear.ts';

/** Joint transforms as a prim's method wants them, in the prim's order of joints, at one time. */
export interface JointMotion {
  readonly geomBind: Matrix4d;
  /** Skeleton from bind pose of each joint (shape [16·joints]). */
  readonly joints: Float64Array;
  /** Linear: bind transform of the geometry, then the joint (shape [16·joints]). */
  readonly matrices: Float64Array | undefined;
  readonly dualQuats: JointDualQuats | undefined;
}

/** Not to be written to. */
export const IDENTITY: Matrix4d = identity();

/** One space from the other through the world they share; the very `IDENTITY` where they are the same, undefined where the other one is flat. */
export function relativeTransform(worldFromA: Matrix4d, worldFromB: Matrix4d): Matrix4d | undefined {
  if (worldFromA.every((component, i) => component === worldFromB[i])) return IDENTITY;
  const inverse = invert(worldFromB);
  return inverse === undefined ? undefined : multiply(worldFromA, inverse);
}

/** A bind transform moved as points are: by what becomes of its origin and its axes' ends. */
export function skinTransform({ geomBind, joints, matrices, dualQuats }: JointMotion, influences: Influences): Matrix4d {
  const out = identity();
  if (influences.perPoint === 1 && Math.abs(influences.weights[0]! - 1) < 1e-6) {
    multiplyAt(out, 0, geomBind, 0, joints, influences.indices[0]! * 16);
    return out;
  }
  const frame = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
  if (dualQuats !== undefined) skinPointsDualQuatInto(frame, frame, geomBind, dualQuats, influences);
  else if (matrices !== undefined) skinPointsLinearInto(frame, frame, matrices, influences);
  for (let row = 0; row < 3; row++) {
    for (let c = 0; c < 3; c++) out[row * 4 + c] = frame[row * 3 + c]! - frame[9 + c]!;
    out[12 + row] = frame[9 + row]!;
  }
  return out;
}

export function transformPoints(points: Float32Array, m: Matrix4d): void {
  for (let p = 0; p < points.length; p += 3) {
    const x = points[p]!;
    const y = points[p + 1]!;
    const z = points[p + 2]!;
    points[p] = x * m[0]! + y * m[4]! + z * m[8]! + m[12]!;
    points[p + 1] = x * m[1]! + y * m[5]! + z * m[9]! + m[13]!;
    points[p + 2] = x * m[2]! + y * m[6]! + z * m[10]! + m[14]!;
  }
}

export function transformNormals(normals: Float32Array, m: Matrix3d): void {
  for (let n = 0; n < normals.length; n += 3) {
    const x = normals[n]!;
    const y = normals[n + 1]!;
    const z = normals[n + 2]!;
    normals[n] = x * m[0]! + y * m[3]! + z * m[6]!;
    normals[n + 1] = x * m[1]! + y * m[4]! + z * m[7]!;
    normals[n + 2] = x * m[2]! + y * m[5]! + z * m[8]!;
  }
}
