/**
 * 4x4 matrices, double precision, for row vectors: `p' = p · M`, translation in the last row, stored row by row in a
 * `Float64Array(16)`. Read as column-major for column vectors the sixteen numbers are the same matrix.
 * `multiply(a, b)` applies `a` first. Source: OpenUSD gf/matrix4d.h.
 */
import { axisAngle } from './quat.ts';

/** Sixteen doubles, row by row, for row vectors: elements 12, 13 and 14 are the translation. */
export type Matrix4d = Float64Array;

/** The matrix that changes nothing. */
export function identity(): Matrix4d {
  const m = new Float64Array(16);
  m[0] = m[5] = m[10] = m[15] = 1;
  return m;
}

/** A matrix of sixteen numbers, row by row. */
export function fromNumbers(numbers: ArrayLike<number>): Matrix4d {
  const m = new Float64Array(16);
  for (let i = 0; i < 16; i++) m[i] = numbers[i] ?? 0;
  return m;
}

/** `a` first, then `b`. */
export function multiply(a: Matrix4d, b: Matrix4d): Matrix4d {
  return multiplyInto(new Float64Array(16), a, b);
}

/** Writes `a · b` to `out`, which may not be one of them. */
export function multiplyInto(out: Float64Array, a: Matrix4d, b: Matrix4d): Matrix4d {
  for (let row = 0; row < 16; row += 4) {
    const x = a[row]!;
    const y = a[row + 1]!;
    const z = a[row + 2]!;
    const w = a[row + 3]!;
    for (let column = 0; column < 4; column++) {
      out[row + column] = x * b[column]! + y * b[column + 4]! + z * b[column + 8]! + w * b[column + 12]!;
    }
  }
  return out;
}

/** `multiplyInto` on matrices in longer arrays, each at an offset. `out` may not overlap the others. */
export function multiplyAt(
  out: Float64Array,
  outOffset: number,
  a: ArrayLike<number>,
  aOffset: number,
  b: ArrayLike<number>,
  bOffset: number,
): void {
  for (let row = 0; row < 16; row += 4) {
    const x = a[aOffset + row]!;
    const y = a[aOffset + row + 1]!;
    const z = a[aOffset + row + 2]!;
    const w = a[aOffset + row + 3]!;
    for (let c = 0; c < 4; c++)
      out[outOffset + row + c] = x * b[bOffset + c]! + y * b[bOffset + c + 4]! + z * b[bOffset + c + 8]! + w * b[bOffset + c + 12]!;
  }
}

/** Moves by x, y and z. */
export function translation(x: number, y: number, z: number): Matrix4d {
  const m = identity();
  m[12] = x;
  m[13] = y;
  m[14] = z;
  return m;
}

/** Factors along x, y and z. */
export function scaling(x: number, y: number, z: number): Matrix4d {
  const m = new Float64Array(16);
  m[0] = x;
  m[5] = y;
  m[10] = z;
  m[15] = 1;
  return m;
}

/** Right-handed rotation about a coordinate axis (0 x, 1 y, 2 z). */
export function axisRotation(axis: 0 | 1 | 2, angleRadians: number): Matrix4d {
  const m = identity();
  const c = Math.cos(angleRadians);
  const s = Math.sin(angleRadians);
  const u = (axis + 1) % 3;
  const v = (axis + 2) % 3;
  m[u * 5] = c;
  m[v * 5] = c;
  m[u * 4 + v] = s;
  m[v * 4 + u] = -s;
  return m;
}

/** Right-handed rotation about a unit axis. */
export function rotation(axis: readonly [number, number, number], angleRadians: number): Matrix4d {
  const [x, y, z] = axis;
  const c = Math.cos(angleRadians);
  const s = Math.sin(angleRadians);
  const t = 1 - c;
  const m = identity();
  m[0] = t * x * x + c;
  m[1] = t * x * y + s * z;
  m[2] = t * x * z - s * y;
  m[4] = t * x * y - s * z;
  m[5] = t * y * y + c;
  m[6] = t * y * z + s * x;
  m[8] = t * x * z + s * y;
  m[9] = t * y * z - s * x;
  m[10] = t * z * z + c;
  return m;
}

/** Rotation of a quaternion (i, j, k, real). */
export function fromQuat(q: readonly number[]): Matrix4d {
  const { axis, angleRadians } = axisAngle(q);
  return angleRadians === 0 ? identity() : rotation(axis, angleRadians);
}

/** Negative where the matrix mirrors. */
export function determinant(m: Matrix4d): number {
  const [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11] = minors(m);
  return b0 * b11 - b1 * b10 + b2 * b9 + b3 * b8 - b4 * b7 + b5 * b6;
}

/** Determinant of the upper-left 3x3 part: negative where handedness flips. */
export function determinant3(m: Matrix4d): number {
  return m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) - m[1]! * (m[4]! * m[10]! - m[6]! * m[8]!) + m[2]! * (m[4]! * m[9]! - m[5]! * m[8]!);
}

/** The inverse, or undefined where the determinant is smaller than `epsilon`. */
export function invert(m: Matrix4d, epsilon = 0): Matrix4d | undefined {
  const [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11] = minors(m);
  const det = b0 * b11 - b1 * b10 + b2 * b9 + b3 * b8 - b4 * b7 + b5 * b6;
  if (!(Math.abs(det) > epsilon)) return undefined;
  const r = 1 / det;
  const out = new Float64Array(16);
  out[0] = (m[5]! * b11 - m[6]! * b10 + m[7]! * b9) * r;
  out[1] = (m[2]! * b10 - m[1]! * b11 - m[3]! * b9) * r;
  out[2] = (m[13]! * b5 - m[14]! * b4 + m[15]! * b3) * r;
  out[3] = (m[10]! * b4 - m[9]! * b5 - m[11]! * b3) * r;
  out[4] = (m[6]! * b8 - m[4]! * b11 - m[7]! * b7) * r;
  out[5] = (m[0]! * b11 - m[2]! * b8 + m[3]! * b7) * r;
  out[6] = (m[14]! * b2 - m[12]! * b5 - m[15]! * b1) * r;
  out[7] = (m[8]! * b5 - m[10]! * b2 + m[11]! * b1) * r;
  out[8] = (m[4]! * b10 - m[5]! * b8 + m[7]! * b6) * r;
  out[9] = (m[1]! * b8 - m[0]! * b10 - m[3]! * b6) * r;
  out[10] = (m[12]! * b4 - m[13]! * b2 + m[15]! * b0) * r;
  out[11] = (m[9]! * b2 - m[8]! * b4 - m[11]! * b0) * r;
  out[12] = (m[5]! * b7 - m[4]! * b9 - m[6]! * b6) * r;
  out[13] = (m[0]! * b9 - m[1]! * b7 + m[2]! * b6) * r;
  out[14] = (m[13]! * b1 - m[12]! * b3 - m[14]! * b0) * r;
  out[15] = (m[8]! * b3 - m[9]! * b1 + m[10]! * b0) * r;
  return out;
}

/** A point, divided by its homogeneous coordinate. */
export function transformPoint(m: Matrix4d, x: number, y: number, z: number): [number, number, number] {
  const w = x * m[3]! + y * m[7]! + z * m[11]! + m[15]!;
  const r = w === 0 || w === 1 ? 1 : 1 / w;
  return [
    (x * m[0]! + y * m[4]! + z * m[8]! + m[12]!) * r,
    (x * m[1]! + y * m[5]! + z * m[9]! + m[13]!) * r,
    (x * m[2]! + y * m[6]! + z * m[10]! + m[14]!) * r,
  ];
}

/** A direction: translation does not count. */
export function transformDirection(m: Matrix4d, x: number, y: number, z: number): [number, number, number] {
  return [x * m[0]! + y * m[4]! + z * m[8]!, x * m[1]! + y * m[5]! + z * m[9]!, x * m[2]! + y * m[6]! + z * m[10]!];
}

/** The twelve 2x2 minors both the determinant and the inverse are made of. */
function minors(m: Matrix4d): readonly [number, number, number, number, number, number, number, number, number, number, number, number] {
  return [
    m[0]! * m[5]! - m[1]! * m[4]!,
    m[0]! * m[6]! - m[2]! * m[4]!,
    m[0]! * m[7]! - m[3]! * m[4]!,
    m[1]! * m[6]! - m[2]! * m[5]!,
    m[1]! * m[7]! - m[3]! * m[5]!,
    m[2]! * m[7]! - m[3]! * m[6]!,
    m[8]! * m[13]! - m[9]! * m[12]!,
    m[8]! * m[14]! - m[10]! * m[12]!,
    m[8]! * m[15]! - m[11]! * m[12]!,
    m[9]! * m[14]! - m[10]! * m[13]!,
    m[9]! * m[15]! - m[11]! * m[13]!,
    m[10]! * m[15]! - m[11]! * m[14]!,
  ];
}
