/** Quaternions as (i, j, k, real), the order of `vt` values. Source: OpenUSD gf/quatd.h. */
/**
 * Spherical interpolation along the shorter arc; nearly equal rotations are interpolated linearly.
 * The result is not normalised.
 *
 * @param t 0 gives `a`, 1 gives `b`
 */
export function slerp(t: number, a: readonly number[], b: readonly number[]): number[] {
  let cosine = a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]! + a[3]! * b[3]!;
  const sign = cosine < 0 ? -1 : 1;
  cosine *= sign;
  let wa = 1 - t;
  let wb = t;
  if (1 - cosine > 1e-5) {
    const angle = Math.acos(cosine);
    const sine = Math.sin(angle);
    wa = Math.sin((1 - t) * angle) / sine;
    wb = Math.sin(t * angle) / sine;
  }
  wb *= sign;
  return [wa * a[0]! + wb * b[0]!, wa * a[1]! + wb * b[1]!, wa * a[2]! + wb * b[2]!, wa * a[3]! + wb * b[3]!];
}

/** Axis and angle (radians) of a rotation, as OpenUSD reads an unnormalised quaternion; no axis: no rotation. */
export function axisAngle(q: readonly number[]): { readonly axis: readonly [number, number, number]; readonly angleRadians: number } {
  const [i, j, k, real] = q as readonly [number, number, number, number];
  const l = Math.hypot(i, j, k);
  if (l < 1e-10) return { axis: [1, 0, 0], angleRadians: 0 };
  return { axis: [i / l, j / l, k / l], angleRadians: 2 * Math.acos(Math.min(1, Math.max(-1, real))) };
}

/** The quaternion (i, j, k, real) of a rotation of three rows for row vectors. Source: OpenUSD gf/matrix3d.cpp (ExtractRotationQuaternion). */
export function fromRotation(m: ArrayLike<number>): [number, number, number, number] {
  const trace = m[0]! + m[4]! + m[8]!;
  const i = m[0]! > m[4]! ? (m[0]! > m[8]! ? 0 : 2) : m[4]! > m[8]! ? 1 : 2;
  if (trace > m[i * 4]!) {
    const real = Math.sqrt(trace + 1) / 2;
    return [(m[5]! - m[7]!) / (4 * real), (m[6]! - m[2]!) / (4 * real), (m[1]! - m[3]!) / (4 * real), real];
  }
  const j = (i + 1) % 3;
  const k = (i + 2) % 3;
  const largest = Math.sqrt(m[i * 4]! - m[j * 4]! - m[k * 4]! + 1) / 2;
  const q: [number, number, number, number] = [0, 0, 0, (m[j * 3 + k]! - m[k * 3 + j]!) / (4 * largest)];
  q[i] = largest;
  q[j] = (m[i * 3 + j]! + m[j * 3 + i]!) / (4 * largest);
  q[k] = (m[k * 3 + i]! + m[i * 3 + k]!) / (4 * largest);
  return q;
}
