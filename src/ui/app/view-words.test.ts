import { describe, expect, test } from 'vitest';
import type { FreeView } from '../viewport/orbit-camera.ts';
import { areWhole, viewOfWords, wordsOfView } from './view-words.ts';

const DEGREE = Math.PI / 180;
const VIEW: FreeView = { target: [1, 2, 3], azimuth: 30 * DEGREE, elevation: 15 * DEGREE, distance: 200, fovYRadians: 0.6 };
const SPACES = [
  { upAxis: 'Y', metersPerUnit: 0.01 },
  { upAxis: 'Z', metersPerUnit: 1 },
] as const;

describe.each(SPACES)('a stage with $upAxis up and $metersPerUnit m units', (space) => {
  test('gives a view back as it was', () => {
    const words = wordsOfView(VIEW, space);
    const view = viewOfWords(words, { ...VIEW, target: [0, 0, 0], distance: 1 }, space);
    expect(areWhole(words)).toBe(true);
    expect(view.target?.map((value) => Number(value.toFixed(9)))).toEqual(VIEW.target);
    for (const part of ['azimuth', 'elevation', 'distance', 'fovYRadians'] as const) expect(view[part]).toBeCloseTo(VIEW[part], 9);
  });
});

test('words are metres, Y up', () => {
  expect(wordsOfView(VIEW, SPACES[0]).cameraTarget).toEqual([0.01, 0.02, 0.03]);
  expect(wordsOfView(VIEW, SPACES[0]).cameraOrbit.radius).toEqual({ unit: 'm', value: 2 });
  // What is up in a Z-up stage is up in the words.
  expect(wordsOfView(VIEW, SPACES[1]).cameraTarget).toEqual([1, 3, -2]);
  expect(wordsOfView(VIEW, SPACES[1]).cameraOrbit.polarRadians).toBeCloseTo(75 * DEGREE, 12);
});

test('shares are of the framed view, and auto is the framed view itself', () => {
  const words = {
    cameraOrbit: { azimuthRadians: 'auto', polarRadians: 0, radius: { unit: '%', value: 1.5 } },
    cameraTarget: ['auto', 1, 'auto'],
    fieldOfView: 'auto',
  } as const;
  expect(areWhole(words)).toBe(false);
  expect(viewOfWords(words, VIEW, SPACES[0])).toEqual({ elevation: 90 * DEGREE, distance: 300, target: [1, 100, 3] });
});

test('a radius of nothing leaves the distance', () => {
  const orbit = { azimuthRadians: 0, polarRadians: 0, radius: { unit: 'm', value: 0 } } as const;
  expect(viewOfWords({ cameraOrbit: orbit }, VIEW, SPACES[0]).distance).toBeUndefined();
});
