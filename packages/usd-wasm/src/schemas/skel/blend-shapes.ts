/** Offsets of blend shapes. Source: OpenUSD usdSkel/utils.cpp (ApplyBlendShape); schemas.md 4.6. */

/** Weights nearer to zero than this do nothing. */
const MIN_WEIGHT = 1e-6;

/**
 * Adds weighted offsets to points, in place. Products are rounded to single precision as in OpenUSD: where offsets cancel out, that
 * is what is left.
 *
 * @param offsets shape [3·M]
 * @param pointIndices points that the offsets are for (shape [M]); empty: one offset for every point
 * @param points shape [3·N]
 * @returns false where sizes do not agree or an index names no point; some points may have moved then
 */
export function applyBlendShape(
  weight: number,
  offsets: ArrayLike<number>,
  pointIndices: ArrayLike<number>,
  points: Float32Array,
): boolean {
  if (Math.abs(weight) < MIN_WEIGHT) return true;
  if (pointIndices.length === 0) {
    if (offsets.length !== points.length) return false;
    for (let i = 0; i < points.length; i++) points[i] = points[i]! + Math.fround(weight * offsets[i]!);
    return true;
  }
  if (offsets.length !== pointIndices.length * 3) return false;
  const pointCount = points.length / 3;
  for (let i = 0; i < pointIndices.length; i++) {
    const point = pointIndices[i]!;
    if (!(point >= 0 && point < pointCount)) return false;
    points[point * 3] = points[point * 3]! + Math.fround(weight * offsets[i * 3]!);
    points[point * 3 + 1] = points[point * 3 + 1]! + Math.fround(weight * offsets[i * 3 + 1]!);
    points[point * 3 + 2] = points[point * 3 + 2]! + Math.fround(weight * offsets[i * 3 + 2]!);
  }
  return true;
}

/** Makes vectors unit length, in place (shape [3·N]); those of no length stay. */
export function normalizeVectors(vectors: Float32Array): void {
  for (let i = 0; i < vectors.length; i += 3) {
    const l = Math.hypot(vectors[i]!, vectors[i + 1]!, vectors[i + 2]!);
    if (l === 0) continue;
    vectors[i] = vectors[i]! / l;
    vectors[i + 1] = vectors[i + 1]! / l;
    vectors[i + 2] = vectors[i + 2]! / l;
  }
}
