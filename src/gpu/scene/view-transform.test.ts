import { describe, expect, it } from 'vitest';
import type { ViewTransform } from './view-transform.ts';
import { depthRange, viewTransformOf } from './view-transform.ts';

function project(view: ViewTransform, world: readonly [number, number, number]): [number, number, number, number] {
  const p = [world[0] - view.eye[0], world[1] - view.eye[1], world[2] - view.eye[2], 1];
  const m = view.clipFromRelative;
  const clip = [0, 1, 2, 3].map((row) => p.reduce((sum, value, column) => sum + value * m[4 * column + row]!, 0));
  return [clip[0]! / clip[3]!, clip[1]! / clip[3]!, clip[2]! / clip[3]!, clip[3]!];
}

const pose = { eye: [0, 0, 10], target: [0, 0, 0], up: [0, 1, 0], near: 0.1 } as const;

describe('perspective', () => {
  const view = viewTransformOf({ ...pose, fovYRadians: Math.PI / 2 }, 200, 100, undefined);

  it('has depth 1 at the near plane and 0 at infinity', () => {
    expect(project(view, [0, 0, 9.9])[2]).toBeCloseTo(1, 5);
    expect(project(view, [0, 0, -1e9])[2]).toBeCloseTo(0, 6);
  });

  it('maps the edges of the picture to 1', () => {
    const [x, y] = project(view, [20, 10, 0]);
    expect([x, y]).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)]);
  });

  it('moves the picture against the lens shift', () => {
    const shifted = viewTransformOf({ ...pose, fovYRadians: Math.PI / 2, shift: [0.25, -0.5] }, 200, 100, undefined);
    const [x, y] = project(shifted, [0, 0, 0]);
    expect([x, y]).toEqual([expect.closeTo(-0.25, 5), expect.closeTo(0.5, 5)]);
  });

  it('fills the target with a window', () => {
    const window = viewTransformOf({ ...pose, fovYRadians: Math.PI / 2 }, 200, 100, undefined, {
      centerX: 0.5,
      centerY: 0.25,
      width: 0.1,
      height: 0.2,
    });
    // NDC (0.5, 0.25) of the whole picture is its centre; half a window away is its edge.
    const center = project(window, [10, 2.5, 0]);
    expect([center[0], center[1]]).toEqual([expect.closeTo(0, 4), expect.closeTo(0, 4)]);
    const edge = project(window, [12, 4.5, 0]);
    expect([edge[0], edge[1]]).toEqual([expect.closeTo(1, 4), expect.closeTo(1, 4)]);
  });

  it('has planes that point in', () => {
    const inside = [0, 0, -10];
    const outside = [
      [-30, 0, -10],
      [30, 0, -10],
      [0, -30, -10],
      [0, 30, -10],
      [0, 0, 1],
    ];
    for (let plane = 0; plane < 5; plane++) {
      const at = (p: readonly number[]): number =>
        p.reduce((sum, value, i) => sum + value * view.planes[4 * plane + i]!, view.planes[4 * plane + 3]!);
      expect(at(inside)).toBeGreaterThan(0);
      expect(at(outside[plane]!)).toBeLessThan(0);
    }
  });
});

describe('orthographic', () => {
  const bounds = [-5, -5, -5, 5, 5, 5] as const;
  const view = viewTransformOf({ ...pose, orthographicHeight: 8 }, 200, 100, bounds);

  it('maps half the height to 1 and keeps the whole scene in depth', () => {
    const near = project(view, [8, 4, 9.9]);
    expect([near[0], near[1], near[2]]).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5), expect.closeTo(1, 5)]);
    const far = project(view, [0, 0, -5])[2];
    expect(far).toBeGreaterThan(0);
    expect(far).toBeLessThan(0.05);
  });
});

describe('degenerate poses', () => {
  it('give finite matrices when up is along the view or eye and target coincide', () => {
    for (const odd of [
      { ...pose, up: [0, 0, 1] },
      { ...pose, target: [0, 0, 10] },
    ] as const) {
      expect(viewTransformOf(odd, 10, 10, undefined).clipFromRelative.every(Number.isFinite)).toBe(true);
    }
  });
});

it('depthRange spans the bounds in front of the eye', () => {
  const view = viewTransformOf({ ...pose, fovYRadians: 1 }, 10, 10, undefined);
  expect(depthRange([-1, -1, -1, 1, 1, 1], view)).toEqual([9, 11]);
  expect(depthRange([-1, -1, -1, 1, 1, 50], view)).toEqual([0, 11]);
});
