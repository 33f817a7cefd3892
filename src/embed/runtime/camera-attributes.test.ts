import { expect, test } from 'vitest';
import type { Aabb } from '../../share/protocol/scene.ts';
import { parseCameraOrbit, parseCameraTarget } from '../../share/view-state/camera.ts';
import { limitsOf, viewOf, type CameraWords, type FittedScene } from './camera-attributes.ts';

const DEGREE = Math.PI / 180;
/** 2 by 4 by 6 metres about (1, 2, 3), as stages of both kinds write it. */
const IN_METERS: FittedScene = { space: { upAxis: 'Y', metersPerUnit: 1 }, bounds: [0, 0, 0, 2, 4, 6], aspect: 1.5, isTurning: false };
const IN_CENTIMETERS_UP_Z: FittedScene = {
  space: { upAxis: 'Z', metersPerUnit: 0.01 },
  bounds: [0, -600, 0, 200, 0, 400] satisfies Aabb,
  aspect: 1.5,
  isTurning: false,
};

function words(orbit: string, target = 'auto auto auto', fieldOfView: CameraWords['fieldOfView'] = 'auto'): CameraWords {
  return { orbit: parseCameraOrbit(orbit), target: parseCameraTarget(target), fieldOfView };
}

test('auto looks at the middle from the front, a little above', () => {
  const view = viewOf(words('auto auto auto'), IN_METERS);
  expect(view.target).toEqual([1, 2, 3]);
  expect(view.azimuth).toBe(0);
  expect(view.elevation).toBeCloseTo(15 * DEGREE, 10);
});

test('metres are the same in stages of other units and up axes', () => {
  const a = viewOf(words('30deg 60deg 7m', '1m 0.5m -2m'), IN_METERS);
  const b = viewOf(words('30deg 60deg 7m', '1m 0.5m -2m'), IN_CENTIMETERS_UP_Z);
  expect(a).toMatchObject({ target: [1, 0.5, -2], distance: 7 });
  // Y up (1, 0.5, -2) is Z up (1, 2, 0.5).
  expect(b.target).toEqual([100, 200, 50]);
  expect(b.distance).toBeCloseTo(700, 9);
  expect(b.azimuth).toBe(a.azimuth);
  expect(b.elevation).toBe(a.elevation);
});

test('percent are shares of the distance at which all fits, in any unit', () => {
  const whole = viewOf(words('30deg 60deg auto'), IN_METERS).distance;
  expect(viewOf(words('30deg 60deg 150%'), IN_METERS).distance).toBeCloseTo(whole * 1.5, 9);
  expect(viewOf(words('30deg 60deg auto'), IN_CENTIMETERS_UP_Z).distance).toBeCloseTo(whole * 100, 6);
});

test('a turning camera stands where all fits from every side', () => {
  const sides = Array.from({ length: 48 }, (_, i) => viewOf(words(`${i * 7.5}deg 75deg auto`), IN_METERS).distance);
  const turning = viewOf(words('0deg 75deg auto'), { ...IN_METERS, isTurning: true }).distance;
  expect(turning).toBeGreaterThan(sides[0]!);
  expect(turning).toBeGreaterThan(Math.max(...sides) * 0.999);
});

test('limits turn polar angles into elevations', () => {
  const view = viewOf(words('auto auto 10m'), IN_METERS);
  const limits = limitsOf(
    {
      minOrbit: parseCameraOrbit('-90deg 45deg 2m'),
      maxOrbit: parseCameraOrbit('auto 100deg auto'),
      minFieldOfView: 10 * DEGREE,
      maxFieldOfView: 'auto',
    },
    view,
    IN_METERS,
  );
  expect(limits.azimuth).toEqual([-Math.PI / 2, Infinity]);
  expect(limits.elevation[0]).toBeCloseTo(-10 * DEGREE, 10);
  expect(limits.elevation[1]).toBeCloseTo(45 * DEGREE, 10);
  expect(limits.distance).toEqual([2, Infinity]);
  expect(limits.fovYRadians[0]).toBeCloseTo(10 * DEGREE, 10);
});
