import { expect, test } from 'vitest';
import { boundsInMeters, metersFromStage, stageFromMeters, type StageSpace } from './stage-space.ts';

const Z_UP: StageSpace = { upAxis: 'Z', metersPerUnit: 0.01 };

test('the way to metres and back ends where it began', () => {
  for (const space of [Z_UP, { upAxis: 'Y', metersPerUnit: 0.5 }] satisfies StageSpace[]) {
    expect(stageFromMeters(metersFromStage([1, 2, 3], space), space)).toEqual([1, 2, 3]);
  }
});

test('what is up in the stage is up in attributes', () => {
  expect(metersFromStage([0, 0, 100], Z_UP)).toEqual([0, 1, -0]);
  // The front of a Z-up stage, -Y, is +Z.
  expect(metersFromStage([0, -100, 0], Z_UP)).toEqual([0, 0, 1]);
});

test('bounds stay ordered when axes turn', () => {
  const { min, max } = boundsInMeters([0, 100, 0, 100, 300, 50], Z_UP);
  expect([min.x, min.y, min.z]).toEqual([0, 0, -3]);
  expect(String(max)).toBe('1m 0.5m -1m');
});
