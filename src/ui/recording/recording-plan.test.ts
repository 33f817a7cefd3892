import { describe, expect, test } from 'vitest';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import {
  animationFrameCount,
  animationTimeCode,
  evenSize,
  frameTimes,
  secondsLeft,
  turnedPose,
  turntableAngle,
  turntableFrameCount,
  type Turntable,
} from './recording-plan.ts';

const POSE: CameraPose = { eye: [11, 5, 4], target: [1, 2, 4], up: [0, 1, 0], fovYRadians: 1, near: 0.1 };
const TURN: Turntable = { secondsPerTurn: 0.5, turns: 1, direction: 'right' };

describe('a turntable', () => {
  test('closes: the frame after the last is the first', () => {
    const count = turntableFrameCount(TURN, 24);
    expect(count).toBe(12);
    const angles = Array.from({ length: count }, (_, index) => turntableAngle(index, TURN, 24));
    const step = (2 * Math.PI) / 12;
    expect(angles[0]).toBe(0);
    for (const [index, angle] of angles.entries()) expect(angle).toBeCloseTo(index * step, 12);
    expect(angles.at(-1)! + step).toBeCloseTo(2 * Math.PI, 12);
  });

  test('repeats turns exactly', () => {
    const turntable: Turntable = { secondsPerTurn: 1.3, turns: 3, direction: 'left' };
    const count = turntableFrameCount(turntable, 30);
    expect(count).toBe(39 * 3);
    expect(turntableAngle(39, turntable, 30)).toBe(turntableAngle(0, turntable, 30));
    expect(turntableAngle(40, turntable, 30)).toBe(turntableAngle(1, turntable, 30));
    expect(turntableAngle(1, turntable, 30)).toBeLessThan(0);
  });

  test('goes round the target at its height and distance, about the stage\u2019s up axis', () => {
    // A quarter to the right: from +x to -z where y is up, from +x to +y where z is up.
    const quarter = turnedPose(POSE, 'Y', Math.PI / 2);
    expect(quarter.eye.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 5, -6]);
    expect(quarter.target).toEqual(POSE.target);
    const upright = turnedPose({ ...POSE, up: [0, 0, 1] }, 'Z', Math.PI / 2);
    expect(upright.eye.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([-2, 12, 4]);
    expect(upright.up.map((value) => Math.round(value))).toEqual([0, 0, 1]);
    expect(turnedPose(POSE, 'Y', 0)).toBe(POSE);
  });

  test('turns a camera that leans with it', () => {
    const { up } = turnedPose({ ...POSE, up: [1, 0, 0] }, 'Y', Math.PI / 2);
    expect(up.map((value) => Math.round(value))).toEqual([0, 0, -1]);
  });
});

describe('timestamps', () => {
  test.each([24, 25, 30, 50, 60, 29.97])('of %d frames per second follow each other without gaps, and do not drift', (framesPerSecond) => {
    let end = 0;
    let largestError = 0;
    for (let index = 0; index < 10_000; index++) {
      const { timestampMicros, durationMicros } = frameTimes(index, framesPerSecond);
      largestError = Math.max(largestError, Math.abs(timestampMicros - end), Math.abs(timestampMicros - (index * 1e6) / framesPerSecond));
      end = timestampMicros + durationMicros;
    }
    expect(largestError).toBeLessThanOrEqual(0.5);
  });
});

describe('an animation', () => {
  test('has a frame for both of its ends', () => {
    const range = { start: 1, end: 24, timeCodesPerSecond: 24 };
    expect(animationFrameCount(range, 24)).toBe(24);
    expect([0, 23].map((index) => animationTimeCode(index, range, 24))).toEqual([1, 24]);
  });

  test('at another rate than the stage\u2019s takes as long', () => {
    const range = { start: 0, end: 48, timeCodesPerSecond: 24 };
    expect(animationFrameCount(range, 60)).toBe(121);
    expect(animationTimeCode(120, range, 60)).toBe(48);
    expect(animationTimeCode(1, range, 60)).toBeCloseTo(0.4, 12);
  });

  test('does not pass its end', () => {
    const range = { start: 0, end: 10, timeCodesPerSecond: 30 };
    const count = animationFrameCount(range, 24);
    expect(animationTimeCode(count - 1, range, 24)).toBeLessThanOrEqual(10);
    expect(animationTimeCode(count, range, 24)).toBeGreaterThan(10);
    expect(animationFrameCount({ start: 5, end: 5, timeCodesPerSecond: 24 }, 24)).toBe(1);
  });
});

test('sizes are even, and no larger than can be drawn', () => {
  expect(evenSize({ width: 721, height: 479 }, 4096)).toEqual({ width: 722, height: 480 });
  expect(evenSize({ width: 1, height: 1 }, 4096)).toEqual({ width: 2, height: 2 });
  expect(evenSize({ width: 8192, height: 4000 }, 4096)).toEqual({ width: 4096, height: 2000 });
});

test('time left is told once it can be known', () => {
  const progress = { total: 100, dropped: 0 };
  expect(secondsLeft({ ...progress, frames: 1, elapsedSeconds: 4 })).toBeUndefined();
  expect(secondsLeft({ ...progress, frames: 25, elapsedSeconds: 5 })).toBe(15);
  expect(secondsLeft({ ...progress, frames: 25, elapsedSeconds: 5, total: undefined })).toBeUndefined();
});
