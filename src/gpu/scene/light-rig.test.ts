import { describe, expect, it } from 'vitest';
import type { LightId, LightSnapshot } from '../../share/protocol/scene.ts';
import { domeOf, lightFactsOf } from './light-rig.ts';

const base = { id: 0 as LightId, label: 'light', color: [2, 2, 2] } as const;
const identity = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 6, 7, 1]);
const first = (light: LightSnapshot): number => lightFactsOf(light)!.color[0];

describe('lights as the shader sees them', () => {
  it('a distant light gives radiance times the projected cone', () => {
    // The fallback of DistantLight: 50000 at 0.53 degrees gives about 3.4 (schemas.md 5.1).
    const light = {
      ...base,
      color: [50000, 50000, 50000] as const,
      kind: 'distant' as const,
      direction: [0, 0, -1] as const,
      angleRadians: (0.53 * Math.PI) / 180,
    };
    expect(first(light)).toBeCloseTo(3.36, 2);
    expect(first({ ...light, angleRadians: 0 })).toBe(50000);
  });

  it('normalised lights are divided by their world-space area', () => {
    const sphere = { ...base, kind: 'sphere', position: [0, 0, 0], radius: 0.5, isNormalized: true, treatAsPoint: false } as const;
    expect(first(sphere)).toBeCloseTo(2 / (4 * Math.PI * 0.25), 6);
    const scaled = new Float32Array(identity);
    scaled[0] = 3;
    expect(first({ ...base, kind: 'rect', worldFromLocal: scaled, size: [2, 4], isNormalized: true })).toBeCloseTo(2 / 24, 6);
    expect(first({ ...base, kind: 'disk', worldFromLocal: identity, size: [2, 2], isNormalized: true })).toBeCloseTo(2 / (4 * Math.PI), 6);
    expect(first({ ...base, kind: 'cylinder', worldFromLocal: identity, size: [3, 0.5], isNormalized: true })).toBeCloseTo(
      2 / (2 * Math.PI * 0.5 * 3),
      6,
    );
  });

  it('a sphere treated as a point has the intensity of its disk', () => {
    const point = { ...base, kind: 'sphere', position: [0, 0, 0], radius: 0.5, isNormalized: false, treatAsPoint: true } as const;
    expect(first(point)).toBeCloseTo(2 * Math.PI * 0.25, 6);
    expect(first({ ...point, isNormalized: true })).toBeCloseTo(0.5, 6);
  });

  it('places rectangles by half extents', () => {
    const facts = lightFactsOf({ ...base, kind: 'rect', worldFromLocal: identity, size: [2, 4], isNormalized: false })!;
    expect([facts.position, facts.axisX, facts.axisY]).toEqual([
      [5, 6, 7],
      [1, 0, 0],
      [0, 2, 0],
    ]);
  });
});

describe('domeOf', () => {
  it('takes the first dome with a picture and adds the colours of the plain ones', () => {
    const dome = domeOf([
      { ...base, kind: 'dome', worldFromLocal: identity },
      {
        ...base,
        color: [7, 7, 7],
        kind: 'dome',
        worldFromLocal: new Float32Array([0, 0, -2, 0, 0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1]),
        texture: 3 as never,
      },
    ])!;
    expect([dome.color[0], dome.more[0], dome.texture]).toEqual([7, 2, 3]);
    // Local from world: the transpose of the rotation, scale taken out. Columns.
    expect(dome.localFromWorld.map((value) => value + 0)).toEqual([0, 0, 1, 0, 1, 0, -1, 0, 0]);
  });

  it('is undefined without domes', () => {
    expect(domeOf([])).toBeUndefined();
  });
});
