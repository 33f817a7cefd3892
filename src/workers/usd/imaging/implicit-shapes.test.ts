import { describe, expect, test } from 'vitest';
import { capsule, cylinder, SEGMENTS, unitCone, unitCube, unitPlane, unitSphere } from './implicit-shapes.ts';

const N = SEGMENTS.low;
const SHAPES = {
  cube: unitCube(),
  plane: unitPlane(),
  sphere: unitSphere(N),
  cylinder: cylinder(N, 1, 1),
  tapered: cylinder(N, 1, 0.5),
  cone: unitCone(N),
  capsule: capsule(N, 1, 0.5, 0.5),
  taperedCapsule: capsule(N, 2, 0.5, 0.25),
};

describe.each(Object.entries(SHAPES))('%s', (_, mesh) => {
  test('faces outwards: triangles and normals agree', () => {
    const { positions: p, normals: n, indices } = mesh;
    for (let t = 0; t < indices.length; t += 3) {
      const [a, b, c] = [indices[t]! * 3, indices[t + 1]! * 3, indices[t + 2]! * 3];
      const u = [0, 1, 2].map((k) => p[b + k]! - p[a + k]!);
      const v = [0, 1, 2].map((k) => p[c + k]! - p[a + k]!);
      const face = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!];
      for (const corner of [a, b, c]) {
        const dot = face[0]! * n[corner]! + face[1]! * n[corner + 1]! + face[2]! * n[corner + 2]!;
        expect(dot).toBeGreaterThan(0);
      }
    }
  });

  test('has unit normals and coordinates in 0..1', () => {
    for (let i = 0; i < mesh.normals.length; i += 3)
      expect(Math.hypot(mesh.normals[i]!, mesh.normals[i + 1]!, mesh.normals[i + 2]!)).toBeCloseTo(1, 5);
    for (const x of mesh.uvs[0]!) expect(x >= 0 && x <= 1).toBe(true);
  });
});

test('shapes have the size their schema says', () => {
  const rounded = (bounds: readonly number[]): number[] => bounds.map((x) => Math.round(x * 1e5) / 1e5 + 0);
  expect(SHAPES.cube.bounds).toEqual([-1, -1, -1, 1, 1, 1]);
  expect(SHAPES.plane.bounds).toEqual([-1, -1, 0, 1, 1, 0]);
  expect(rounded(SHAPES.sphere.bounds)).toEqual([-1, -1, -1, 1, 1, 1]);
  expect(rounded(SHAPES.cone.bounds)).toEqual([-1, -1, -1, 1, 1, 1]);
  expect(rounded(SHAPES.capsule.bounds)).toEqual([-0.5, -0.5, -1, 0.5, 0.5, 1]);
});
