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
