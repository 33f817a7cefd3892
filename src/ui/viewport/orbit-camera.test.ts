import { expect, test } from 'vitest';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import { OrbitCamera, WIDEST_LIMITS, type UpAxis } from './orbit-camera.ts';

const BOX: Aabb = [9, -1, -1, 11, 3, 1];

function framed(upAxis: UpAxis, bounds: Aabb = BOX, aspect = 1.6): OrbitCamera {
  const camera = new OrbitCamera();
  camera.reset(upAxis);
  camera.setSceneBounds(bounds);
  camera.frame(bounds, aspect);
  camera.snap();
  return camera;
}

function subtract(a: readonly number[], b: readonly number[]): [number, number, number] {
  return [a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}

function cross(a: readonly number[], b: readonly number[]): [number, number, number] {
  return [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
}

function unit(a: readonly number[]): [number, number, number] {
  const length = Math.hypot(...a);
  return [a[0]! / length, a[1]! / length, a[2]! / length];
}

/** Position in the picture, -1..1 both ways, of a world point. */
function project(pose: CameraPose, aspect: number, point: readonly number[]): [number, number] {
  const forward = unit(subtract(pose.target, pose.eye));
  const right = unit(cross(forward, pose.up));
  const up = cross(right, forward);
  const toPoint = subtract(point, pose.eye);
  const tan = Math.tan((pose.fovYRadians ?? 0) / 2) * dot(toPoint, forward);
  return [dot(toPoint, right) / (tan * aspect), dot(toPoint, up) / tan];
}

function corners(b: Aabb): [number, number, number][] {
  return Array.from({ length: 8 }, (_, i) => [b[i & 1 ? 3 : 0], b[i & 2 ? 4 : 1], b[i & 4 ? 5 : 2]]);
}

test.each(['Y', 'Z'] as const)('framing holds every corner inside the picture and fills most of it with %s up', (upAxis) => {
  for (const aspect of [0.5, 1, 2.4]) {
    const pose = framed(upAxis, BOX, aspect).pose();
    const reach = Math.max(...corners(BOX).flatMap((corner) => project(pose, aspect, corner).map(Math.abs)));
    expect(reach).toBeLessThanOrEqual(0.9601);
    expect(reach).toBeGreaterThan(0.7);
  }
});

test('the first view looks from the front: +Z with Y up, -Y with Z up', () => {
  const fromY = subtract(framed('Y').pose().eye, [10, 1, 0]);
  expect(fromY[2]).toBeGreaterThan(Math.abs(fromY[0]));
  expect(fromY[1]).toBeGreaterThan(0);
  const fromZ = subtract(framed('Z').pose().eye, [10, 1, 0]);
  expect(-fromZ[1]).toBeGreaterThan(Math.abs(fromZ[0]));
  expect(fromZ[2]).toBeGreaterThan(0);
});

test('orbiting keeps the distance to the target and never goes over the pole', () => {
  const camera = framed('Y');
  const before = Math.hypot(...subtract(camera.pose().eye, camera.pose().target));
  camera.orbit(1, 9);
  camera.snap();
  const { eye, target } = camera.pose();
  expect(Math.hypot(...subtract(eye, target))).toBeCloseTo(before, 6);
  expect(eye[1] - target[1]).toBeLessThan(before);
});

test('panning by a part of the picture height moves the target by that part', () => {
  const camera = framed('Y');
  const pose = camera.pose();
  camera.pan(0.25, 0);
  camera.snap();
  // The old target is now a quarter of the height (half a unit of the -1..1 range) to the right.
  expect(project(camera.pose(), 1, pose.target)[0]).toBeCloseTo(0.5, 5);
});

test('the shown camera approaches the goal and comes to rest', () => {
  const camera = framed('Y');
  camera.orbit(0.5, 0);
  let steps = 0;
  while (camera.step(16)) steps++;
  expect(steps).toBeGreaterThan(5);
  expect(steps).toBeLessThan(60);
  expect(camera.pose()).toEqual(camera.goalPose());
});

test('movement comes to rest far from the origin too', () => {
  const camera = framed('Y', [1e7, 1e7, 1e7, 1e7 + 1, 1e7 + 1, 1e7 + 1]);
  camera.pan(0.3, 0.2);
  let steps = 0;
  while (camera.step(16) && steps < 500) steps++;
  expect(steps).toBeLessThan(100);
});

const AUTHORED: CameraPose = { eye: [10, 1, 20], target: [10, 1, 19], up: [0.1, 0.99, 0], fovYRadians: 0.5, near: 0.1, shift: [0.1, 0] };

test('a held pose is shown exactly, with roll and shift', () => {
  const camera = framed('Y');
  camera.hold(AUTHORED);
  expect(camera.pose()).toBe(AUTHORED);
});

test('the first movement starts from the held pose and turns about the scene', () => {
  const camera = framed('Y');
  camera.hold(AUTHORED);
  camera.orbit(0, 0);
  camera.snap();
  const { eye, target, fovYRadians } = camera.pose();
  expect(eye.map((value) => Math.round(value * 1e6) / 1e6)).toEqual([10, 1, 20]);
  expect(target[2]).toBeCloseTo(0, 6);
  expect(fovYRadians).toBe(0.5);
});

test('framing leaves what controls cover free and centres the target in the rest', () => {
  const camera = new OrbitCamera();
  camera.reset('Y');
  camera.setSceneBounds(BOX);
  camera.setCovered(0, 0.2);
  camera.frame(BOX, 1.6);
  camera.snap();
  const pose = camera.pose();
  const [, shiftY] = pose.shift ?? [0, 0];
  // Content moves against the shift: the lowest corner stays above the covered fifth of the 2 half heights.
  const heights = corners(BOX).map((corner) => project(pose, 1.6, corner)[1] - shiftY);
  expect(Math.min(...heights)).toBeGreaterThan(-0.6);
  expect(project(pose, 1.6, pose.target)[1] - shiftY).toBeCloseTo(0.2, 6);
  expect(camera.goalPose().shift).toBeUndefined();
});

test('the near distance grows with the distance to the scene and stays above zero inside it', () => {
  const camera = framed('Y');
  const outside = camera.pose().near;
  expect(outside).toBeGreaterThan(1);
  for (let i = 0; i < 40; i++) camera.dolly(0.7);
  camera.snap();
  expect(camera.pose().near).toBeGreaterThan(0);
  expect(camera.pose().near).toBeLessThan(0.01);
});

test('toggling goes back to the view before framing and forth again', () => {
  const camera = framed('Y');
  camera.orbit(1, 0);
  camera.dolly(3);
  camera.snap();
  const before = camera.pose();
  camera.frame(BOX, 1);
  camera.snap();
  const after = camera.pose();
  camera.toggleFraming();
  camera.snap();
  expect(camera.pose()).toEqual(before);
  camera.toggleFraming();
  camera.snap();
  expect(camera.pose()).toEqual(after);
});

test('limits hold input and views that are asked for', () => {
  const camera = framed('Y');
  camera.setView({ azimuth: 0, elevation: 0, distance: 10 });
  camera.setLimits({ ...WIDEST_LIMITS, azimuth: [-0.5, 0.5], elevation: [0.1, 1], distance: [5, 12] });
  expect(camera.view.elevation).toBe(0.1);
  camera.orbit(2, 2);
  camera.dolly(10);
  expect(camera.view).toMatchObject({ azimuth: 0.5, elevation: 1, distance: 12 });
  camera.moveTo({ azimuth: -2, distance: 1 });
  expect(camera.view).toMatchObject({ azimuth: -0.5, elevation: 1, distance: 5 });
});

test('a view that is moved to is reached in steps, one that is set at once', () => {
  const camera = framed('Y');
  const before = camera.shownView.azimuth;
  camera.moveTo({ azimuth: before + 1 });
  expect(camera.step(16)).toBe(true);
  expect(camera.shownView.azimuth).toBeGreaterThan(before);
  expect(camera.shownView.azimuth).toBeLessThan(before + 1);
  camera.setView({ azimuth: before + 2 });
  expect(camera.shownView.azimuth).toBe(before + 2);
});
