/** Axis-aligned boxes, double precision. A box is empty where its minimum exceeds its maximum. Source: OpenUSD gf/range3d.h. */
import type { Matrix4d } from './matrix4d.ts';

/** A box along the axes. */
export interface Range3d {
  /** x, y, z. */
  readonly min: readonly [number, number, number];
  /** x, y, z; below `min` where the box is empty. */
  readonly max: readonly [number, number, number];
}

/** The box around nothing. */
export const EMPTY_RANGE: Range3d = { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] };

/** Whether a box holds no point. */
export function isEmptyRange(range: Range3d): boolean {
  return !(range.min[0] <= range.max[0] && range.min[1] <= range.max[1] && range.min[2] <= range.max[2]);
}

/** The box around two boxes. */
export function unionRange(a: Range3d, b: Range3d): Range3d {
  if (isEmptyRange(a)) return b;
  if (isEmptyRange(b)) return a;
  return {
    min: [Math.min(a.min[0], b.min[0]), Math.min(a.min[1], b.min[1]), Math.min(a.min[2], b.min[2])],
    max: [Math.max(a.max[0], b.max[0]), Math.max(a.max[1], b.max[1]), Math.max(a.max[2], b.max[2])],
  };
}

/** Box around finite points (shape [3·N]); every point grows by `padding` on all sides. */
export function rangeOfPoints(points: ArrayLike<number>, padding = 0): Range3d {
  let x0 = Infinity;
  let y0 = Infinity;
  let z0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  let z1 = -Infinity;
  for (let i = 0; i + 2 < points.length; i += 3) {
    const x = points[i]!;
    const y = points[i + 1]!;
    const z = points[i + 2]!;
    if (!Number.isFinite(x + y + z)) continue;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    if (z > z1) z1 = z;
  }
  return { min: [x0 - padding, y0 - padding, z0 - padding], max: [x1 + padding, y1 + padding, z1 + padding] };
}

/** Box around the transformed box (affine matrices): exact for its corners. Source: Arvo, "Transforming axis-aligned bounding boxes". */
export function transformRange(range: Range3d, m: Matrix4d): Range3d {
  if (isEmptyRange(range)) return range;
  const min: [number, number, number] = [m[12]!, m[13]!, m[14]!];
  const max: [number, number, number] = [m[12]!, m[13]!, m[14]!];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const a = m[row * 4 + column]! * range.min[row]!;
      const b = m[row * 4 + column]! * range.max[row]!;
      min[column]! += Math.min(a, b);
      max[column]! += Math.max(a, b);
    }
  }
  return { min, max };
}

/** Eight-corner box from an `extent` (six numbers), or undefined where it is not one. */
export function rangeOfExtent(extent: ArrayLike<number>, offset = 0): Range3d | undefined {
  if (extent.length < offset + 6) return undefined;
  return {
    min: [extent[offset]!, extent[offset + 1]!, extent[offset + 2]!],
    max: [extent[offset + 3]!, extent[offset + 4]!, extent[offset + 5]!],
  };
}
