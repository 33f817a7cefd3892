import { describe, expect, it } from 'vitest';
import type { Spline, SplineKnot } from '../vt/value.ts';
import { evaluateSpline, splineVaries } from './spline.ts';

const FLAT = { width: 0, slope: 0, algorithm: 'none' } as const;

function knot(time: number, value: number, more: Partial<SplineKnot> = {}): SplineKnot {
  return { time, value, preTangent: FLAT, postTangent: FLAT, nextSegment: 'linear', ...more };
}

function spline(knots: readonly SplineKnot[], more: Partial<Spline> = {}): Spline {
  return { valueType: 'double', curve: 'bezier', preExtrapolation: { mode: 'held' }, postExtrapolation: { mode: 'held' }, knots, ...more };
}

const tangent = (width: number, slope: number): SplineKnot['preTangent'] => ({ width, slope, algorithm: 'none' });
const EASE = { width: 0, slope: 0, algorithm: 'autoEase' } as const;

describe('a knot', () => {
  const dual = spline([
    knot(0, 1, { nextSegment: 'held' }),
    knot(10, 5, { preValue: 3 }),
    knot(20, 9, { preValue: 7, nextSegment: 'block' }),
    knot(30, 2),
  ]);

  it('has its value at its time, whatever follows', () => {
    expect([0, 10, 20, 30].map((time) => evaluateSpline(dual, time))).toEqual([1, 5, 9, 2]);
  });

  it('has its pre-value just before, but what is held where the segment is', () => {
    // Held from 0; linear from 5 to the pre-value 7 at 20.
    expect(evaluateSpline(dual, 10, 'before')).toBe(1);
    expect(evaluateSpline(dual, 20, 'before')).toBe(7);
    expect(evaluateSpline(dual, 15)).toBe(6);
  });

  it('that blocks what follows leaves no value there', () => {
    expect(evaluateSpline(dual, 25)).toBeUndefined();
  });
});

describe('curves', () => {
  it('a Hermite segment is the cubic of its values and slopes', () => {
    const curve = spline([knot(0, 0, { postTangent: tangent(99, 1), nextSegment: 'curve' }), knot(4, 2, { preTangent: tangent(99, 0) })], {
      curve: 'hermite',
    });
    // h10(1/2) · 4 · 1 + h01(1/2) · 2 = 0.125 · 4 + 0.5 · 2
    expect(evaluateSpline(curve, 2)).toBeCloseTo(1.5, 12);
  });

  it('a Bezier segment with thirds as widths is the Hermite one', () => {
    const [from, to] = [
      knot(0, 0, { postTangent: tangent(4 / 3, 1), nextSegment: 'curve' }),
      knot(4, 2, { preTangent: tangent(4 / 3, -2) }),
    ];
    for (const time of [0.5, 1, 2.5, 3.9])
      expect(evaluateSpline(spline([from, to]), time)).toBeCloseTo(
        evaluateSpline(spline([from, to], { curve: 'hermite' }), time) as number,
        10,
      );
  });

  it('tangents that would run back in time shrink in their ratio to the double root', () => {
    // Both twice the segment: the limit for equal widths is one segment, reached up to the padding of 1e-5.
    const long = spline([knot(0, 0, { postTangent: tangent(2, 1), nextSegment: 'curve' }), knot(1, 1, { preTangent: tangent(2, 1) })]);
    const limit = spline([
      knot(0, 0, { postTangent: tangent(1 - 1e-5, 1), nextSegment: 'curve' }),
      knot(1, 1, { preTangent: tangent(1 - 1e-5, 1) }),
    ]);
    for (const time of [0.1, 0.4, 0.5, 0.7]) expect(evaluateSpline(long, time)).toBeCloseTo(evaluateSpline(limit, time) as number, 9);
  });

  it('a long tangent opposite a short one stays longer than the segment', () => {
    // On the ellipse: widths 4/3 and 1/3 have a double root, so 1.2 and 0.3 are not regressive and count as they are.
    const inside = spline([
      knot(0, 0, { postTangent: tangent(1.2, 1), nextSegment: 'curve' }),
      knot(1, 0, { preTangent: tangent(0.3, 0) }),
    ]);
    // u = 1/2: time 3/8 · 1.2 + 3/8 · 0.7 + 1/8, value 3/8 · 1.2.
    expect(evaluateSpline(inside, 0.375 * 1.9 + 0.125)).toBeCloseTo(0.45, 9);
  });

  it('ease automatically: flat at extremes and ends, blended between', () => {
    const ease = { preTangent: EASE, postTangent: EASE, nextSegment: 'curve' } as const;
    const peak = spline([knot(0, 0, ease), knot(3, 3, ease), knot(6, 0, ease)]);
    // Flat at both ends of the segment: the cubic 3u² − 2u³.
    expect(evaluateSpline(peak, 1.5)).toBeCloseTo(1.5, 9);
    expect(evaluateSpline(peak, 1)).toBeCloseTo(3 * (3 / 9 - 2 / 27), 9);
    // Even spacing: the slope at the middle is the mean of 1 and 2, below three times the flatter one.
    const rise = spline([knot(0, 0, ease), knot(3, 3, ease), knot(6, 9, ease)]);
    const h = 1e-5;
    expect(((evaluateSpline(rise, 3 + h) as number) - (evaluateSpline(rise, 3 - h) as number)) / (2 * h)).toBeCloseTo(1.5, 4);
    // Never steeper than three times the flatter side.
    const steep = spline([knot(0, 0, ease), knot(3, 0.3, ease), knot(6, 90.3, ease)]);
    expect(((evaluateSpline(steep, 3 + h) as number) - (evaluateSpline(steep, 3 - h) as number)) / (2 * h)).toBeCloseTo(0.3, 3);
  });
});

describe('extrapolation', () => {
  const knots = [knot(0, 0), knot(10, 5)];
  const both = (mode: Spline['preExtrapolation']['mode'], slope?: number): Spline => {
    const part = { mode, ...(slope === undefined ? {} : { slope }) };
    return spline(knots, { preExtrapolation: part, postExtrapolation: part });
  };

  it.each([
    ['block', undefined, undefined],
    ['held', 0, 5],
    ['linear', -1, 7],
    ['loopRepeat', -1, 7],
    ['loopReset', 4, 2],
    ['loopOscillate', 1, 3],
  ] as const)('%s: %s before, %s after', (mode, before, after) => {
    expect(evaluateSpline(both(mode), -2)).toEqual(before);
    expect(evaluateSpline(both(mode), 14)).toEqual(after);
  });

  it('sloped goes on by its slope', () => {
    expect([-2, 14].map((time) => evaluateSpline(both('sloped', 3), time))).toEqual([-6, 17]);
  });

  it('linear goes on along the tangent of a curve, flat from held segments, dual values and single knots', () => {
    const linear = { preExtrapolation: { mode: 'linear' }, postExtrapolation: { mode: 'linear' } } as const;
    const curve = spline(
      [knot(0, 0, { postTangent: tangent(1, 2), nextSegment: 'curve' }), knot(10, 5, { preTangent: tangent(1, -1) })],
      linear,
    );
    expect([-1, 12].map((time) => evaluateSpline(curve, time))).toEqual([-2, 3]);
    expect(evaluateSpline(spline([knot(0, 0, { nextSegment: 'held' }), knot(10, 5)], linear), 12)).toBe(5);
    expect(evaluateSpline(spline([knot(0, 0), knot(10, 5, { preValue: 4 })], linear), 12)).toBe(5);
    expect(evaluateSpline(spline([knot(0, 3)], linear), 12)).toBe(3);
  });

  it('loops jump at their joins: from the left one cycle ends, at the time the next begins', () => {
    const reset = both('loopReset');
    expect([evaluateSpline(reset, 20, 'before'), evaluateSpline(reset, 20), evaluateSpline(reset, -10)]).toEqual([5, 0, 0]);
    expect(evaluateSpline(reset, 0, 'before')).toBe(5);
    const repeat = both('loopRepeat');
    expect([evaluateSpline(repeat, 10, 'before'), evaluateSpline(repeat, 10), evaluateSpline(repeat, 25)]).toEqual([5, 5, 12.5]);
  });

  it('a single knot cannot loop', () => {
    expect(evaluateSpline(spline([knot(1, 4)], { postExtrapolation: { mode: 'loopRepeat' } }), 9)).toBe(4);
  });
});

describe('inner loops', () => {
  const loop = { start: 10, end: 20, preCount: 1, postCount: 2, valueOffset: 100 };
  // Prototype 10…20 with knots at 10 and 15; the knot at 25 lies where a copy goes; the one at 60 is beyond.
  const looped = spline([knot(10, 1), knot(15, 3), knot(25, -50), knot(60, 7)], { loop });

  it('copies the prototype before and after itself, with the value offset of each copy', () => {
    expect([0, 5, 10, 15, 20, 25, 30, 35].map((time) => evaluateSpline(looped, time))).toEqual([-99, -97, 1, 3, 101, 103, 201, 203]);
  });

  it('echoes the first knot at the end, and goes on from there', () => {
    expect(evaluateSpline(looped, 40)).toBe(301);
    expect(evaluateSpline(looped, 50)).toBe(154);
    expect(evaluateSpline(looped, 17.5)).toBe(52);
  });

  it('need a knot at their start, and an end after it', () => {
    expect(evaluateSpline(spline(looped.knots, { loop: { ...loop, start: 11 } }), 25)).toBe(-50);
    expect(evaluateSpline(spline(looped.knots, { loop: { ...loop, end: 10 } }), 25)).toBe(-50);
  });

  it('repeat before what lies outside does', () => {
    // Knots of the whole: −99 at 0 up to 301 at 40.
    const both = spline([knot(10, 1), knot(15, 3)], { loop, postExtrapolation: { mode: 'loopRepeat' } });
    expect(evaluateSpline(both, 45)).toBe(-97 + 400);
  });
});

describe('splineVaries', () => {
  it.each([
    ['one knot', spline([knot(0, 1)]), false],
    ['equal values', spline([knot(0, 1), knot(5, 1)]), false],
    ['other values', spline([knot(0, 1), knot(5, 2)]), true],
    ['a pre-value', spline([knot(0, 1), knot(5, 1, { preValue: 2 })]), true],
    ['a flat curve', spline([knot(0, 1, { nextSegment: 'curve' }), knot(5, 1)]), false],
    ['a bent curve', spline([knot(0, 1, { nextSegment: 'curve', postTangent: tangent(1, 1) }), knot(5, 1)]), true],
    ['a block', spline([knot(0, 1, { nextSegment: 'block' }), knot(5, 1)]), true],
    ['a slope beyond', spline([knot(0, 1)], { postExtrapolation: { mode: 'sloped', slope: 1 } }), true],
    ['no value beyond', spline([knot(0, 1)], { preExtrapolation: { mode: 'block' } }), true],
    ['loops of one value', spline([knot(0, 1), knot(5, 1)], { preExtrapolation: { mode: 'loopRepeat' } }), false],
  ])('%s', (_, value, varies) => {
    expect(splineVaries(value)).toBe(varies);
  });
});
