/**
 * 3x3 matrices, double precision, for row vectors, stored row by row in a `Float64Array(9)`: the linear part of a
 * `Matrix4d`. Source: OpenUSD gf/matrix3d.h.
 */
import type { Matrix4d } from './matrix4d.ts';

export type Matrix3d = Float64Array;

/** Rounds of `polarRotation` and `orthonormalize`; both settle in a few. */
const MAX_ROUNDS = 32;

/** The upper-left part of the 4x4 matrix that starts at `offset`. */
export function linearPart(m: ArrayLike<number>, offset = 0): Matrix3d {
  const out = new Float64Array(9);
  for (let row = 0; row < 3; row++) for (let column = 0; column < 3; column++) out[row * 3 + column] = m[offset + row * 4 + column]!;
  return out;
}

/** `a` first, then `b`. */
export function multiply3(a: Matrix3d, b: Matrix3d): Matrix3d {
  const out = new Float64Array(9);
  for (let row = 0; row < 9; row += 3)
    for (let column = 0; column < 3; column++)
      out[row + column] = a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  return out;
}

export function transpose3(m: Matrix3d): Matrix3d {
  return Float64Array.of(m[0]!, m[3]!, m[6]!, m[1]!, m[4]!, m[7]!, m[2]!, m[5]!, m[8]!);
}

/**
 * Inverse transpose of a linear part: what normals are transformed by. Of a singular one the cofactors, which point the same way.
 */
export function normalMatrix(m: Matrix3d): Matrix3d {
  const out = cofactors(m);
  const det = m[0]! * out[0]! + m[1]! * out[1]! + m[2]! * out[2]!;
  if (det !== 0) for (let i = 0; i < 9; i++) out[i] = out[i]! / det;
  return out;
}

/** The inverse transpose of the linear part of a 4x4 matrix. */
export function normalMatrix4(m: Matrix4d, offset = 0): Matrix3d {
  return normalMatrix(linearPart(m, offset));
}

/**
 * The rotation nearest to a linear part, by polar decomposition; a mirroring part is negated first. Undefined where it is singular.
 * Source: OpenUSD gf/matrix4d.cpp (Factor), with Higham's iteration in place of eigenvectors.
 *
 * @param epsilon determinants below it count as zero
 */
export function polarRotation(m: Matrix3d, epsilon = 1e-10): Matrix3d | undefined {
  const minor = cofactors(m);
  const det = m[0]! * minor[0]! + m[1]! * minor[1]! + m[2]! * minor[2]!;
  if (!(Math.abs(det) >= epsilon)) return undefined;
  const sign = det < 0 ? -1 : 1;
  const rotation = m.map((component) => component * sign);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const inverse = normalMatrix(rotation);
    let change = 0;
    for (let i = 0; i < 9; i++) {
      const next = (rotation[i]! + inverse[i]!) / 2;
      change += Math.abs(next - rotation[i]!);
      rotation[i] = next;
    }
    if (!(change > 1e-15)) break;
  }
  return rotation;
}

/**
 * The matrix with rows of length one at right angles, every row giving way alike. Source: OpenUSD gf/vec3d.cpp (OrthogonalizeBasis).
 */
export function orthonormalize(m: Matrix3d): Matrix3d {
  const rows = Float64Array.from(m);
  for (let row = 0; row < 9; row += 3) normalizeRow(rows, row);
  const before = new Float64Array(9);
  const next = new Float64Array(3);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    before.set(rows);
    let change = 0;
    for (let row = 0; row < 9; row += 3) {
      for (let c = 0; c < 3; c++) next[c] = before[row + c]!;
      for (let step = 3; step <= 6; step += 3) {
        const other = (row + step) % 9;
        const along = next[0]! * before[other]! + next[1]! * before[other + 1]! + next[2]! * before[other + 2]!;
        for (let c = 0; c < 3; c++) next[c] = next[c]! - along * before[other + c]!;
      }
      for (let c = 0; c < 3; c++) rows[row + c] = (before[row + c]! + next[c]!) / 2;
      normalizeRow(rows, row);
      for (let c = 0; c < 3; c++) change += Math.abs(rows[row + c]! - before[row + c]!);
    }
    if (!(change > 1e-12)) break;
  }
  return rows;
}

/** Whether each component is that of the identity within a tolerance. */
export function isIdentity3(m: Matrix3d, tolerance: number): boolean {
  for (let i = 0; i < 9; i++) if (!(Math.abs(m[i]! - (i % 4 === 0 ? 1 : 0)) <= tolerance)) return false;
  return true;
}

function normalizeRow(m: Matrix3d, row: number): void {
  const l = Math.hypot(m[row]!, m[row + 1]!, m[row + 2]!);
  if (l > 0) for (let c = row; c < row + 3; c++) m[c] = m[c]! / l;
}

function cofactors(m: Matrix3d): Matrix3d {
  return Float64Array.of(
    m[4]! * m[8]! - m[5]! * m[7]!,
    m[5]! * m[6]! - m[3]! * m[8]!,
    m[3]! * m[7]! - m[4]! * m[6]!,
    m[2]! * m[7]! - m[1]! * m[8]!,
    m[0]! * m[8]! - m[2]! * m[6]!,
    m[1]! * m[6]! - m[0]! * m[7]!,
    m[1]! * m[5]! - m[2]! * m[4]!,
    m[2]! * m[3]! - m[0]! * m[5]!,
    m[0]! * m[4]! - m[1]! * m[3]!,
  );
}
