import { expect, test } from 'vitest';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import { facesCamera, project } from './projection.ts';

const POSE: CameraPose = { eye: [0, 0, 10], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: Math.PI / 2, near: 0.1 };

test('the target is in the middle, right is right and up is up', () => {
  expect(project([0, 0, 0], POSE, 2)).toEqual({ x: 0.5, y: 0.5, depth: 10 });
  // At a distance of 10 with 90 degrees the picture is 20 high and 40 wide.
  expect(project([20, 0, 0], POSE, 2).x).toBeCloseTo(1, 12);
  expect(project([0, 10, 0], POSE, 2).y).toBeCloseTo(0, 12);
});

test('what is behind has no positive depth', () => {
  expect(project([0, 0, 12], POSE, 1).depth).toBeLessThan(0);
});

test('orthographic pictures and shifted lenses', () => {
  const flat: CameraPose = { eye: [0, 0, 10], target: [0, 0, 0], up: [0, 1, 0], orthographicHeight: 4, near: 0.1 };
  expect(project([0, 1, -50], flat, 1)).toMatchObject({ x: 0.5, y: 0.25 });
  // The centre moves by half a half width to the right, so the target is left of the middle.
  expect(project([0, 0, 0], { ...POSE, shift: [0.5, 0] }, 1).x).toBeCloseTo(0.25, 12);
});

test('a surface faces the eye, not the middle of the picture', () => {
  expect(facesCamera([0, 0, 0], [0, 0, 1], POSE)).toBe(true);
  expect(facesCamera([0, 0, 0], [0, 0, -1], POSE)).toBe(false);
  // Seen from the far right, the side that looks right is the one that is seen.
  expect(facesCamera([-30, 0, 0], [1, 0, 0], POSE)).toBe(true);
});
