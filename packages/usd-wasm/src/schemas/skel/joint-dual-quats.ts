/** Joint transforms as dual quaternions. Source: OpenUSD usdSkel/utils.cpp (dual quaternion skinning); schemas.md 4.5. */
import { isIdentity3, linearPart, multiply3, orthonormalize, polarRotation, transpose3, type Matrix3d } from '../../gf/matrix3d.ts';
import { fromRotation } from '../../gf/quat.ts';

export interface JointDualQuats {
  /** Rotation and half translation: eight numbers a joint, (i, j, k, real) of the real, then of the dual part. */
  readonly quats: Float64Array;
  /** What comes before the rotation, nine numbers a joint; undefined where no joint scales or shears. */
  readonly scales: Float64Array | undefined;
}

export interface JointQuats {
  /** (i, j, k, real) of each joint's rotation. */
  readonly quats: Float64Array;
  readonly scales: Float64Array | undefined;
}

const SCALE_TOLERANCE = 1e-6;

/**
 * Factors joint transforms into a scale and a rigid motion. A transform that cannot be factored, since it is flat, is a
 * dual quaternion of zeros: it does not move points.
 *
 * @param matrices shape [16·N]
 */
export function jointDualQuats(matrices: Float64Array): JointDualQuats {
  const count = matrices.length / 16;
  const quats = new Float64Array(count * 8);
  const scales = new Float64Array(count * 9);
  let hasScale = false;
  for (let joint = 0; joint < count; joint++) {
    const linear = linearPart(matrices, joint * 16);
    const rotation = polarRotation(linear);
    if (rotation === undefined) {
      scales[joint * 9] = scales[joint * 9 + 4] = scales[joint * 9 + 8] = 1;
      continue;
    }
    const [i, j, k, real] = fromRotation(rotation);
    const [x, y, z] = [matrices[joint * 16 + 12]!, matrices[joint * 16 + 13]!, matrices[joint * 16 + 14]!];
    quats.set([i, j, k, real], joint * 8);
    quats[joint * 8 + 4] = (real * x + y * k - z * j) / 2;
    quats[joint * 8 + 5] = (real * y + z * i - x * k) / 2;
    quats[joint * 8 + 6] = (real * z + x * j - y * i) / 2;
    quats[joint * 8 + 7] = -(x * i + y * j + z * k) / 2;
    hasScale = writeScale(scales, joint, linear, rotation) || hasScale;
  }
  return { quats, scales: hasScale ? scales : undefined };
}

/**
 * Factors the matrices that normals are transformed by into a scale and a rotation.
 *
 * @param matrices shape [9·N]
 */
export function jointQuats(matrices: Float64Array): JointQuats {
  const count = matrices.length / 9;
  const quats = new Float64Array(count * 4);
  const scales = new Float64Array(count * 9);
  let hasScale = false;
  for (let joint = 0; joint < count; joint++) {
    const linear = matrices.slice(joint * 9, joint * 9 + 9);
    const rotation = orthonormalize(linear);
    quats.set(fromRotation(rotation), joint * 4);
    hasScale = writeScale(scales, joint, linear, rotation) || hasScale;
  }
  return { quats, scales: hasScale ? scales : undefined };
}

/** Writes the part of a linear map that comes before its rotation; tells whether it is more than the identity. */
function writeScale(scales: Float64Array, joint: number, linear: Matrix3d, rotation: Matrix3d): boolean {
  const scale = multiply3(linear, transpose3(rotation));
  scales.set(scale, joint * 9);
  return !isIdentity3(scale, SCALE_TOLERANCE);
}
