import { describe, expect, it } from 'vitest';
import { packOctahedral, packTangent, packUnorm2x16, unpackOctahedral } from './packing.ts';

describe('octahedral packing', () => {
  it('keeps the axes exactly', () => {
    for (const axis of [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, -1],
    ] as const) {
      const unpacked = unpackOctahedral(packOctahedral(axis[0], axis[1], axis[2]));
      for (let i = 0; i < 3; i++) expect(unpacked[i]).toBeCloseTo(axis[i]!, 6);
    }
  });

  it('is within a hundredth of a degree over the sphere', () => {
    let worst = 1;
    for (let i = 0; i < 5000; i++) {
      const z = 1 - (2 * (i + 0.5)) / 5000;
      const angle = i * 2.399963;
      const r = Math.sqrt(1 - z * z);
      const [x, y] = [r * Math.cos(angle), r * Math.sin(angle)];
      const u = unpackOctahedral(packOctahedral(x, y, z));
      worst = Math.min(worst, u[0] * x + u[1] * y + u[2] * z);
    }
    expect((Math.acos(Math.min(1, worst)) * 180) / Math.PI).toBeLessThan(0.01);
  });

  it('gives a finite vector for zero', () => {
    expect(unpackOctahedral(packOctahedral(0, 0, 0))).toEqual([0, 0, 1]);
  });

  it('carries the handedness of a tangent in one bit', () => {
    expect((packTangent(0.3, 0.5, -0.2, -1) >> 16) & 1).toBe(1);
    expect((packTangent(0.3, 0.5, -0.2, 1) >> 16) & 1).toBe(0);
  });
});

it('packUnorm2x16 clamps and treats NaN as zero', () => {
  expect(packUnorm2x16(2, 0)).toBe(0x0000ffff);
  expect(packUnorm2x16(NaN, 1)).toBe(0xffff0000);
});
