import { describe, expect, it } from 'vitest';
import type { WrapMode } from '../../share/protocol/scene.ts';
import { wrapCoordinate } from './wrap.ts';

const ROW = [10, 20, 40, 80];

/** Linear filter over the row with texels outside given by the mode: the definition. */
function filterByDefinition(u: number, mode: WrapMode): number {
  const n = ROW.length;
  const texel = (i: number): number => {
    switch (mode) {
      case 'repeat':
        return ROW[((i % n) + n) % n]!;
      case 'clamp':
        return ROW[Math.min(Math.max(i, 0), n - 1)]!;
      case 'black':
        return i < 0 || i >= n ? 0 : ROW[i]!;
      case 'mirror': {
        const m = ((i % (2 * n)) + 2 * n) % (2 * n);
        return ROW[m < n ? m : 2 * n - 1 - m]!;
      }
    }
  };
  const x = u * n - 0.5;
  const i = Math.floor(x);
  return texel(i) + (texel(i + 1) - texel(i)) * (x - i);
}

describe('wrapCoordinate', () => {
  for (const mode of ['repeat', 'mirror', 'clamp', 'black'] as const) {
    it(`makes ${mode} out of a repeating sampler, also at the edges`, () => {
      for (let u = -2.5; u <= 3.5; u += 0.0137) {
        const [coordinate, inside] = wrapCoordinate(u, mode, 1 / ROW.length);
        expect(filterByDefinition(coordinate, 'repeat') * inside, `u = ${u}`).toBeCloseTo(filterByDefinition(u, mode), 9);
      }
    });
  }
});
