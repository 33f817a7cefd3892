/** Distances of cameras to boxes. World space in stage units, angles in radians. */
import { vec3 } from 'gl-matrix';
import type { Aabb } from '../../share/protocol/scene.ts';

/** Doubles: gl-matrix' own arrays are 32-bit, too coarse for stages far from their origin. */
export type Vec3 = [x: number, y: number, z: number];

/** Share of the picture's half extents that a framed box may take. Its corners are mostly empty, so it may take nearly all. */
const FILL = 0.96;

export function centerOf(bounds: Aabb): Vec3 {
  return [(bounds[0] + bounds[3]) / 2, (bounds[1] + bounds[4]) / 2, (bounds[2] + bounds[5]) / 2];
}

/** Half the diagonal; never 0, so that a single point can be framed too. */
export function radiusOf(bounds: Aabb): number {
  const radius = Math.hypot(bounds[3] - bounds[0], bounds[4] - bounds[1], bounds[5] - bounds[2]) / 2;
  return Number.isFinite(radius) && radius > 0 ? radius : 0.5;
}

export function isUsableBounds(bounds: Aabb | undefined): bounds is Aabb {
  return (
    bounds !== undefined && bounds.every(Number.isFinite) && bounds[0] <= bounds[3] && bounds[1] <= bounds[4] && bounds[2] <= bounds[5]
  );
}

export interface FitView {
  /** Unit vectors of the camera in world space; `back` points from the target to the eye. */
  readonly right: Vec3;
  readonly up: Vec3;
  readonly back: Vec3;
  readonly fovYRadians: number;
  /** Width over height of the picture. */
  readonly aspect: number;
  /** Share of the picture's height that nothing covers. */
  readonly freeHeight: number;
}

/**
 * Smallest distance from the box's centre at which all its corners are inside the picture with a margin.
 * The eye is on the ray from the centre along `view.back`.
 */
export function fitDistance(bounds: Aabb, view: FitView): number {
  const center = centerOf(bounds);
  const tan = Math.tan(view.fovYRadians / 2) * FILL;
  const tanY = tan * view.freeHeight;
  const tanX = tan * Math.max(view.aspect, 1e-3);
  const corner: Vec3 = [0, 0, 0];
  let distance = 0;
  for (let index = 0; index < 8; index++) {
    vec3.set(corner, bounds[(index & 1) * 3]!, bounds[((index >> 1) & 1) * 3 + 1]!, bounds[((index >> 2) & 1) * 3 + 2]!);
    vec3.subtract(corner, corner, center);
    const depth = vec3.dot(corner, view.back);
    const needed = Math.max(Math.abs(vec3.dot(corner, view.right)) / tanX, Math.abs(vec3.dot(corner, view.up)) / tanY);
    distance = Math.max(distance, needed + depth);
  }
  return Math.max(distance, radiusOf(bounds) * 0.2);
}

/** Height of an orthographic picture that holds the box with the same margin. */
export function fitHeight(bounds: Aabb, view: FitView): number {
  const half: Vec3 = [(bounds[3] - bounds[0]) / 2, (bounds[4] - bounds[1]) / 2, (bounds[5] - bounds[2]) / 2];
  const extentAlong = (axis: Vec3): number => Math.abs(axis[0]) * half[0] + Math.abs(axis[1]) * half[1] + Math.abs(axis[2]) * half[2];
  const halfHeight = Math.max(extentAlong(view.up) / view.freeHeight, extentAlong(view.right) / Math.max(view.aspect, 1e-3));
  return (2 * Math.max(halfHeight, radiusOf(bounds) * 0.1)) / FILL;
}

/**
 * Near distance for an eye at `distance` from the centre of a scene of `radius`: as far out as the scene allows.
 * Depth is reversed and its far plane infinite, so a small near distance costs little precision.
 */
export function nearDistance(distance: number, radius: number): number {
  return Math.max((distance - radius) * 0.5, Math.min(distance, radius) * 1e-3, 1e-6);
}
