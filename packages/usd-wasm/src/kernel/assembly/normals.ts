import { alloc } from './memory';
import { findOutside } from './gather';

/**
 * Area-weighted point normals. Sums are kept in vectors of four (the fourth lane is junk) and packed at the end.
 * Result: −1; −2 when memory is out; or the position of an index that is outside the points.
 */
export function smoothNormals(points: usize, pointCount: u32, indices: usize, indexCount: u32, normals: usize): i32 {
  const bad = findOutside(indices, indexCount, pointCount);
  if (bad >= 0) return bad;
  const sums = alloc(pointCount * 16);
  if (sums == 0) return -2;
  memory.fill(sums, 0, pointCount * 16);
  const end = indices + (indexCount / 3) * 12;
  for (let at = indices; at < end; at += 12) {
    const a = load<u32>(at);
    const b = load<u32>(at, 4);
    const c = load<u32>(at, 8);
    const origin = v128.load(points + a * 12);
    const u = f32x4.sub(v128.load(points + b * 12), origin);
    const v = f32x4.sub(v128.load(points + c * 12), origin);
    const n = f32x4.sub(
      f32x4.mul(f32x4.shuffle(u, u, 1, 2, 0, 3), f32x4.shuffle(v, v, 2, 0, 1, 3)),
      f32x4.mul(f32x4.shuffle(u, u, 2, 0, 1, 3), f32x4.shuffle(v, v, 1, 2, 0, 3)),
    );
    v128.store(sums + (a << 4), f32x4.add(v128.load(sums + (a << 4)), n));
    v128.store(sums + (b << 4), f32x4.add(v128.load(sums + (b << 4)), n));
    v128.store(sums + (c << 4), f32x4.add(v128.load(sums + (c << 4)), n));
  }
  for (let i: u32 = 0; i < pointCount; i++) {
    const sum = v128.load(sums + (i << 4));
    const square = f32x4.mul(sum, sum);
    const length = sqrt<f32>(f32x4.extract_lane(square, 0) + f32x4.extract_lane(square, 1) + f32x4.extract_lane(square, 2));
    const unit = length > 0 && length < Infinity ? f32x4.div(sum, f32x4.splat(length)) : f32x4(0, 0, 1, 0);
    v128.store(normals + i * 12, unit);
  }
  return -1;
}
