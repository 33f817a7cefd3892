/** What every spline keeps to, on random ones (values.md section 3). The seed is in the title of a failure. */
import { describe, expect, test } from 'vitest';
import { retimeSpline } from '../../packages/usd-wasm/src/usd/retime-spline.ts';
import { evaluateSpline } from '../../packages/usd-wasm/src/usd/spline.ts';
import type { Spline, SplineKnot } from '../../packages/usd-wasm/src/vt/value.ts';
import { makeRandom } from '../support/random.ts';

const SEEDS = Array.from({ length: 200 }, (_, i) => 1000 + i);

function randomSpline(seed: number, more: Partial<Spline> = {}): Spline {
  const random = makeRandom(seed);
  const between = (low: number, high: number): number => low + random() * (high - low);
  const tangent = (): SplineKnot['preTangent'] => ({
    // Up to three segments long: many of them regressive.
    width: between(0, 6),
    slope: between(-3, 3),
    algorithm: random() < 0.2 ? 'autoEase' : 'none',
  });
  const knots: SplineKnot[] = [];
  for (let time = between(-5, 5); knots.length < 6; time += between(0.5, 4))
    knots.push({
      time,
      value: between(-10, 10),
      preTangent: tangent(),
      postTangent: tangent(),
      nextSegment: random() < 0.7 ? 'curve' : 'linear',
    });
  return {
    valueType: 'double',
    curve: random() < 0.8 ? 'bezier' : 'hermite',
    preExtrapolation: { mode: 'held' },
    postExtrapolation: { mode: 'linear' },
    knots,
    ...more,
  };
}

const timesOf = ({ knots }: Spline): number[] => knots.map(({ time }) => time);
const at = (spline: Spline, time: number): number => evaluateSpline(spline, time) as number;

describe('random splines', () => {
  test.each(SEEDS)('pass through their knots without a jump (seed %i)', (seed) => {
    const spline = randomSpline(seed);
    for (const { time, value } of spline.knots) {
      expect(at(spline, time)).toBe(value);
      // Vertical tangents may be steep next to a knot, yet every cubic is continuous.
      expect(Math.abs(at(spline, time - 1e-11) - value)).toBeLessThan(0.02);
      expect(Math.abs(at(spline, time + 1e-11) - value)).toBeLessThan(0.02);
    }
  });

  test('stay within the hull of their control points, so that time never runs back', () => {
    for (const seed of SEEDS) {
      const spline = randomSpline(seed);
      const values = spline.knots.map(({ value }) => value);
      // Shortened or not, a tangent reaches no further than width times slope.
      const reach = 6 * 3;
      for (let i = 0; i + 1 < spline.knots.length; i++) {
        const [from, to] = [spline.knots[i] as SplineKnot, spline.knots[i + 1] as SplineKnot];
        for (let step = 1; step < 20; step++) {
          const value = at(spline, from.time + ((to.time - from.time) * step) / 20);
          expect(value, `seed ${seed}`).toBeGreaterThanOrEqual(Math.min(...values) - reach);
          expect(value, `seed ${seed}`).toBeLessThanOrEqual(Math.max(...values) + reach);
        }
      }
    }
  });

  test('leave a knot along its tangent', () => {
    for (const seed of SEEDS) {
      const spline = randomSpline(seed);
      spline.knots.slice(0, -1).forEach((knot, i) => {
        const { width, slope, algorithm } = knot.postTangent;
        const length = (spline.knots[i + 1] as SplineKnot).time - knot.time;
        if (knot.nextSegment !== 'curve' || algorithm !== 'none' || (spline.curve === 'bezier' && width < length * 0.2)) return;
        const h = length * 1e-6;
        expect((at(spline, knot.time + h) - knot.value) / h, `seed ${seed}`).toBeCloseTo(slope, 2);
      });
    }
  });

  test('repeat in loops', () => {
    for (const seed of SEEDS) {
      const mode = (['loopRepeat', 'loopReset', 'loopOscillate'] as const)[seed % 3]!;
      const spline = randomSpline(seed, { preExtrapolation: { mode }, postExtrapolation: { mode } });
      const times = timesOf(spline);
      const [first, last] = [times[0]!, times[times.length - 1]!];
      const rise = mode === 'loopRepeat' ? at({ ...spline, postExtrapolation: { mode: 'held' } }, last) - at(spline, first) : 0;
      const period = (last - first) * (mode === 'loopOscillate' ? 2 : 1);
      for (const part of [0.13, 0.5, 0.77]) {
        const time = first + part * (last - first);
        for (const cycles of [-3, -1, 1, 2])
          expect(at(spline, time + cycles * period), `seed ${seed}`).toBeCloseTo(at(spline, time) + cycles * rise, 5);
      }
    }
  });

  test('are the same when their times are mapped', () => {
    for (const seed of SEEDS) {
      const spline = randomSpline(seed);
      const mapped = retimeSpline(spline, { offset: 7, scale: 3 });
      for (let time = -12; time < 25; time += 0.7) expect(at(mapped, time * 3 + 7), `seed ${seed}`).toBeCloseTo(at(spline, time), 5);
    }
  });
});
