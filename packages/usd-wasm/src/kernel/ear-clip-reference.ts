/**
 * Ear clipping of one planar-ish polygon, in f64.
 *
 * Method: project along the largest axis of the Newell normal, so that the polygon is counter-clockwise; convex ones are left
 * to a fan. An ear is a corner that turns left and whose triangle holds no other reflex corner (corners at the place of one
 * of the triangle's own do not count: outlines with bridges to their holes touch themselves). After an ear the walk goes on
 * behind it, which spreads the triangles. When no ear is left (a self-crossing outline) straight corners and then any corner are clipped.
 * The work is bounded by a budget per call of `triangulate`; when it is spent the rest of a face is a fan.
 */
export interface ClipBudget {
  tests: number;
}

/** About a second of inside tests. */
const CLIP_TESTS = 2 ** 27;

export function makeClipBudget(): ClipBudget {
  return { tests: CLIP_TESTS };
}

/**
 * @param first position of the face in `indices`, `count` ≥ 4 its corners
 * @returns corners of triangles counted from `first`, shape [3·(count − 2)]; undefined: a fan is right (convex, or without area)
 */
export function earClip(
  indices: Int32Array,
  points: Float32Array,
  first: number,
  count: number,
  budget: ClipBudget,
): Uint32Array | undefined {
  const xy = project(indices, points, first, count);
  if (xy === undefined) return undefined;
  const turns = new Float64Array(count);
  let hasReflex = false;
  for (let i = 0; i < count; i++) {
    const turn = turnAt(xy, i === 0 ? count - 1 : i - 1, i, i + 1 === count ? 0 : i + 1);
    turns[i] = turn;
    if (turn < 0) hasReflex = true;
  }
  if (!hasReflex) return undefined;

  const triangles = new Uint32Array(3 * (count - 2));
  const previous = new Int32Array(count);
  const next = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    previous[i] = i === 0 ? count - 1 : i - 1;
    next[i] = i + 1 === count ? 0 : i + 1;
  }
  let out = 0;
  let remaining = count;
  let corner = 0;
  let misses = 0;
  /** 0: proper ears only. 1: straight corners too. 2: anything. */
  let tolerance = 0;
  while (remaining > 3) {
    const a = previous[corner]!;
    const c = next[corner]!;
    const isEar =
      tolerance === 2 ||
      budget.tests <= 0 ||
      (turns[corner]! > 0 && isEmpty(xy, turns, next, a, corner, c, budget)) ||
      (tolerance === 1 && turns[corner] === 0);
    if (!isEar) {
      corner = c;
      budget.tests--;
      if (++misses >= remaining) {
        misses = 0;
        tolerance++;
      }
      continue;
    }
    triangles[out++] = a;
    triangles[out++] = corner;
    triangles[out++] = c;
    next[a] = c;
    previous[c] = a;
    turns[a] = turnAt(xy, previous[a]!, a, c);
    turns[c] = turnAt(xy, a, c, next[c]!);
    remaining--;
    misses = 0;
    tolerance = 0;
    // with the budget spent, clipping on at `a`'s far side makes the fan around `a`
    corner = budget.tests <= 0 ? c : next[c]!;
  }
  triangles[out++] = previous[corner]!;
  triangles[out++] = corner;
  triangles[out] = next[corner]!;
  return triangles;
}

/** x y pairs in the plane; undefined when the polygon has no area (or is not finite). */
function project(indices: Int32Array, points: Float32Array, first: number, count: number): Float64Array | undefined {
  let nx = 0;
  let ny = 0;
  let nz = 0;
  const origin = indices[first]! * 3;
  const ox = points[origin]!;
  const oy = points[origin + 1]!;
  const oz = points[origin + 2]!;
  for (let i = 1; i + 1 < count; i++) {
    const b = indices[first + i]! * 3;
    const c = indices[first + i + 1]! * 3;
    const ux = points[b]! - ox;
    const uy = points[b + 1]! - oy;
    const uz = points[b + 2]! - oz;
    const vx = points[c]! - ox;
    const vy = points[c + 1]! - oy;
    const vz = points[c + 2]! - oz;
    nx += uy * vz - uz * vy;
    ny += uz * vx - ux * vz;
    nz += ux * vy - uy * vx;
  }
  const sizeX = Math.abs(nx);
  const sizeY = Math.abs(ny);
  const sizeZ = Math.abs(nz);
  let u: number;
  let v: number;
  let facing: number;
  if (sizeX >= sizeY && sizeX >= sizeZ) {
    u = 1;
    v = 2;
    facing = nx;
  } else if (sizeY >= sizeZ) {
    u = 2;
    v = 0;
    facing = ny;
  } else {
    u = 0;
    v = 1;
    facing = nz;
  }
  if (!(Math.abs(facing) > 0 && Math.abs(facing) < Infinity)) return undefined;
  const xy = new Float64Array(2 * count);
  const sign = facing < 0 ? -1 : 1;
  for (let i = 0; i < count; i++) {
    const p = indices[first + i]! * 3;
    xy[2 * i] = points[p + u]!;
    xy[2 * i + 1] = sign * points[p + v]!;
  }
  return xy;
}

/** Positive: the outline turns left at b. */
function turnAt(xy: Float64Array, a: number, b: number, c: number): number {
  const bx = xy[2 * b]!;
  const by = xy[2 * b + 1]!;
  return (bx - xy[2 * a]!) * (xy[2 * c + 1]! - by) - (by - xy[2 * a + 1]!) * (xy[2 * c]! - bx);
}

/** Whether no reflex corner of the rest lies in the triangle or on its edge. */
function isEmpty(xy: Float64Array, turns: Float64Array, next: Int32Array, a: number, b: number, c: number, budget: ClipBudget): boolean {
  const ax = xy[2 * a]!;
  const ay = xy[2 * a + 1]!;
  const bx = xy[2 * b]!;
  const by = xy[2 * b + 1]!;
  const cx = xy[2 * c]!;
  const cy = xy[2 * c + 1]!;
  for (let i = next[c]!; i !== a; i = next[i]!) {
    budget.tests--;
    if (turns[i]! > 0) continue;
    const x = xy[2 * i]!;
    const y = xy[2 * i + 1]!;
    if (
      (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0 &&
      (cx - bx) * (y - by) - (cy - by) * (x - bx) >= 0 &&
      (ax - cx) * (y - cy) - (ay - cy) * (x - cx) >= 0 &&
      !((x === ax && y === ay) || (x === bx && y === by) || (x === cx && y === cy))
    ) {
      return false;
    }
  }
  return true;
}
