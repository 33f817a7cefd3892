/**
 * Axis-aligned bounds of points (shape [3·P]): minimum x y z, maximum x y z.
 * A point with a component that is not finite is ignored. Without any point the result is empty: +∞ ×3, −∞ ×3. Zeros are positive.
 */
export function bounds(points: Float32Array): Float32Array {
  let minX = Infinity;
  let minY = Infinity;
  let minZ = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  let maxZ = -Infinity;
  for (let i = 0; i + 2 < points.length; i += 3) {
    const x = points[i]!;
    const y = points[i + 1]!;
    const z = points[i + 2]!;
    if (x - x + (y - y) + (z - z) !== 0) continue; // ∞ − ∞ and NaN − NaN are NaN
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
    if (z < minZ) minZ = z;
    if (z > maxZ) maxZ = z;
  }
  return new Float32Array([minX + 0, minY + 0, minZ + 0, maxX + 0, maxY + 0, maxZ + 0]);
}
