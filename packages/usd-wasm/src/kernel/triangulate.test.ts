import { expect, it } from 'vitest';
import { triangulate } from './kernel.ts';

const square = Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0);

it('triangulate makes fans of convex faces and keeps their winding', () => {
  const { corners, faces } = triangulate(Int32Array.of(4), Int32Array.of(0, 1, 2, 3), square, undefined, false);
  expect([...corners]).toEqual([0, 1, 2, 0, 2, 3]);
  expect([...faces]).toEqual([0, 0]);
});

it('triangulate turns left-handed faces over', () => {
  const { corners } = triangulate(Int32Array.of(4), Int32Array.of(0, 1, 2, 3), square, undefined, true);
  expect([...corners]).toEqual([0, 2, 1, 0, 3, 2]);
});

it('triangulate cuts a concave quad along the diagonal that lies inside', () => {
  const dart = Float32Array.of(0, 0, 0, 4, 0, 0, 1, 1, 0, 0, 4, 0); // reflex at corner 2
  expect([...triangulate(Int32Array.of(4), Int32Array.of(0, 1, 2, 3), dart, undefined, false).corners]).toEqual([0, 1, 2, 0, 2, 3]);
  expect([...triangulate(Int32Array.of(4), Int32Array.of(1, 2, 3, 0), dart, undefined, false).corners]).toEqual([1, 2, 3, 1, 3, 0]);
});

it('triangulate skips holes and faces of fewer than three corners', () => {
  const result = triangulate(
    Int32Array.of(3, 2, 3, 3),
    Int32Array.of(0, 1, 2, 0, 1, 0, 2, 3, 1, 2, 3),
    square,
    Int32Array.of(2, 99, -1),
    false,
  );
  expect([...result.corners]).toEqual([0, 1, 2, 8, 9, 10]);
  expect([...result.faces]).toEqual([0, 3]);
  expect(result.invalidFaces).toBe(0);
});

it('triangulate counts faces whose indices are outside the points or missing', () => {
  const result = triangulate(Int32Array.of(3, 3, 3, 3), Int32Array.of(0, 1, 9, 0, 1, 2, 0), square, undefined, false);
  expect([...result.corners]).toEqual([3, 4, 5]);
  expect(result.invalidFaces).toBe(3);
});

it('triangulate drops triangles that use one point twice', () => {
  const result = triangulate(Int32Array.of(4), Int32Array.of(0, 1, 1, 2), square, undefined, false);
  expect([...result.corners]).toEqual([0, 2, 3]);
});

/** Signed area of the triangles in the plane, and of the outline. */
function areas(outline: number[][]): { whole: number; parts: number[]; triangles: number } {
  const points = new Float32Array(outline.flatMap(([x, y]) => [x!, y!, 7]));
  const indices = Int32Array.from(outline, (_, i) => i);
  const { corners } = triangulate(Int32Array.of(outline.length), indices, points, undefined, false);
  const cross = (a: number[], b: number[]): number => a[0]! * b[1]! - a[1]! * b[0]!;
  let whole = 0;
  for (let i = 0; i < outline.length; i++) whole += cross(outline[i]!, outline[(i + 1) % outline.length]!) / 2;
  const parts: number[] = [];
  for (let t = 0; t < corners.length; t += 3) {
    const [a, b, c] = [outline[corners[t]!]!, outline[corners[t + 1]!]!, outline[corners[t + 2]!]!];
    parts.push((cross(a, b) + cross(b, c) + cross(c, a)) / 2);
  }
  return { whole, parts, triangles: corners.length / 3 };
}

it('triangulate covers concave faces exactly: no triangle is turned over and the areas add up', () => {
  const comb: number[][] = [[0, 0], [9, 0]]; // prettier-ignore
  for (let tooth = 8; tooth >= 0; tooth -= 2) comb.push([tooth + 1, 5], [tooth + 0.5, 1]);
  comb.push([0, 5]);
  const star = Array.from({ length: 40 }, (_, i) => [
    Math.cos((i * Math.PI) / 20) * (i % 2 === 0 ? 3 : 1),
    Math.sin((i * Math.PI) / 20) * (i % 2 === 0 ? 3 : 1),
  ]);
  // a square with a square hole, joined by a bridge that is walked twice
  const bridged = [[0, 0], [6, 0], [6, 6], [0, 6], [0, 0], [2, 2], [2, 4], [4, 4], [4, 2], [2, 2]]; // prettier-ignore
  for (const outline of [comb, star, bridged]) {
    const { whole, parts, triangles } = areas(outline);
    expect(triangles).toBe(outline.length - 2);
    expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(whole, 5);
    expect(whole).toBeGreaterThan(1);
  }
});

it('triangulate ends in time on a hostile outline of 200,000 corners', () => {
  const count = 200_000;
  const points = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    points[3 * i] = i % 2 === 0 ? i : count - i;
    points[3 * i + 1] = (i * 7919) % 1013;
  }
  const { corners } = triangulate(
    Int32Array.of(count),
    Int32Array.from({ length: count }, (_, i) => i),
    points,
    undefined,
    false,
  );
  expect(corners.length).toBe((count - 2) * 3);
});
