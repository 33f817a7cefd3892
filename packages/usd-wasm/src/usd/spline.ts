/**
 * Evaluation of splines. Source: OpenUSD base/ts (eval.cpp, regressionPreventer.cpp, knotData.cpp); values.md section 3.
 *
 * All times are the layer's; the caller maps stage time before and needs no mapping of the value (timecode values excepted).
 */
import type { Spline, SplineKnot } from '../vt/value.ts';
import { bakeInnerLoops } from './spline-loops.ts';
import { postSlope, postWidth, preSlope, preWidth } from './spline-tangents.ts';

/** Which limit is meant at a time where the spline jumps: the value at and after it, or just before it. */
export type SplineSide = 'at' | 'before';

/** Tangents that reach so far beyond their segment do not count as regressive; those put right end so far before the limit. */
const READ_PADDING = 1e-6;
const WRITE_PADDING = 1e-5;

/** Knots of splines with their inner loops written out. */
const baked = new WeakMap<Spline, readonly SplineKnot[]>();

/** Value at a time, or undefined where the spline has none. */
export function evaluateSpline(spline: Spline, time: number, side: SplineSide = 'at'): number | undefined {
  const knots = knotsOf(spline);
  const first = knots[0];
  const last = knots[knots.length - 1];
  if (first === undefined || last === undefined) return undefined;
  if (first === last) return evaluateAt(spline, knots, time, side);
  const { preExtrapolation: pre, postExtrapolation: post } = spline;
  // The interval of the knots is open at the end from which the side looks away.
  if (time < first.time || (time === first.time && side === 'before')) {
    if (isLoop(pre.mode)) return evaluateLoop(spline, knots, pre.mode, time, side);
  } else if (time > last.time || (time === last.time && side === 'at')) {
    if (isLoop(post.mode)) return evaluateLoop(spline, knots, post.mode, time, side);
  }
  return evaluateAt(spline, knots, time, side);
}

/** Whether a spline can have different values, or a value and none, at different times. */
export function splineVaries(spline: Spline): boolean {
  const knots = knotsOf(spline);
  const first = knots[0];
  if (first === undefined) return false;
  const { preExtrapolation: pre, postExtrapolation: post } = spline;
  for (let i = 0; i < knots.length; i++) {
    const knot = knots[i] as SplineKnot;
    if (knot.value !== first.value || (knot.preValue ?? knot.value) !== first.value) return true;
    if (i + 1 === knots.length) break;
    if (knot.nextSegment === 'block') return true;
    if (knot.nextSegment === 'curve' && (postSlope(knots, i) !== 0 || preSlope(knots, i + 1) !== 0)) return true;
  }
  if (pre.mode === 'block' || post.mode === 'block') return true;
  return extrapolationSlope(spline, knots, true) !== 0 || extrapolationSlope(spline, knots, false) !== 0;
}

function knotsOf(spline: Spline): readonly SplineKnot[] {
  let knots = baked.get(spline);
  if (knots === undefined) baked.set(spline, (knots = bakeInnerLoops(spline)));
  return knots;
}

function evaluateAt(spline: Spline, knots: readonly SplineKnot[], time: number, side: SplineSide): number | undefined {
  const first = knots[0] as SplineKnot;
  if (time < first.time) {
    const slope = extrapolationSlope(spline, knots, true);
    return slope === undefined ? undefined : (first.preValue ?? first.value) - slope * (first.time - time);
  }
  const at = lastAtOrBefore(knots, time);
  const from = knots[at] as SplineKnot;
  if (from.time === time) {
    if (side === 'at') return from.value;
    const previous = knots[at - 1];
    return previous?.nextSegment === 'held' ? previous.value : (from.preValue ?? from.value);
  }
  if (at + 1 === knots.length) {
    const slope = extrapolationSlope(spline, knots, false);
    return slope === undefined ? undefined : from.value + slope * (time - from.time);
  }
  switch (from.nextSegment) {
    case 'block':
      return undefined;
    case 'held':
      return from.value;
    case 'linear':
      return from.value + segmentSlope(from, knots[at + 1] as SplineKnot) * (time - from.time);
    case 'curve':
      return evaluateCurve(spline, knots, at, time);
  }
}

function lastAtOrBefore(knots: readonly SplineKnot[], time: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((knots[middle] as SplineKnot).time <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Hermite segments are Bezier ones whose tangents are a third of the segment: time is then linear in the parameter. */
function evaluateCurve(spline: Spline, knots: readonly SplineKnot[], index: number, time: number): number {
  const from = knots[index] as SplineKnot;
  const to = knots[index + 1] as SplineKnot;
  const length = to.time - from.time;
  const x = (time - from.time) / length;
  let w0 = postWidth(spline, knots, index) / length;
  let w1 = preWidth(spline, knots, index + 1) / length;
  if (isRegressive(w0, w1)) [w0, w1] = keepRatio(w0, w1);
  const u = spline.curve === 'hermite' ? x : solveTime(w0, 1 - w1, x);
  const end = to.preValue ?? to.value;
  return cubic(from.value, from.value + w0 * length * postSlope(knots, index), end - w1 * length * preSlope(knots, index + 1), end, u);
}

/**
 * Whether time runs backwards somewhere in a segment with these tangent widths, in parts of its length: beyond the ellipse
 * of the widths at which the time curve has a double root in its derivative.
 */
function isRegressive(w0: number, w1: number): boolean {
  if (w0 <= 1 && w1 <= 1) return false;
  const a = w0 + READ_PADDING;
  const b = w1 + READ_PADDING;
  return a * a + b * b - 2 * (a + b) + a * b + 1 > 0;
}

/** Shortens both widths in their ratio to where the derivative of time has a double root. */
function keepRatio(w0: number, w1: number): [number, number] {
  if (w0 < READ_PADDING) return [w0, 1 - WRITE_PADDING];
  if (w1 < READ_PADDING) return [1 - WRITE_PADDING, w1];
  const ratio = w0 / w1;
  const other = (Math.sqrt(ratio) + ratio + 1) / (ratio * ratio + ratio + 1);
  return [ratio * other - WRITE_PADDING, other - WRITE_PADDING];
}

function cubic(p0: number, p1: number, p2: number, p3: number, u: number): number {
  const v = 1 - u;
  return v * v * v * p0 + 3 * v * v * u * p1 + 3 * v * u * u * p2 + u * u * u * p3;
}

/** Parameter at which the monotone time cubic (0, x1, x2, 1) reaches `x`: Newton's steps, halving where they leave the bracket. */
function solveTime(x1: number, x2: number, x: number): number {
  let low = 0;
  let high = 1;
  let u = x;
  for (let step = 0; step < 80; step++) {
    const error = cubic(0, x1, x2, 1, u) - x;
    if (error === 0) break;
    if (error < 0) low = u;
    else high = u;
    const v = 1 - u;
    const speed = 3 * (v * v * x1 + 2 * v * u * (x2 - x1) + u * u * (1 - x2));
    const next = u - error / speed;
    const better = next > low && next < high ? next : (low + high) / 2;
    if (better === u) break;
    u = better;
  }
  return u;
}

function segmentSlope(from: SplineKnot, to: SplineKnot): number {
  return ((to.preValue ?? to.value) - from.value) / (to.time - from.time);
}

/** Slope before the first or after the last knot; undefined where there is no value. Loops are dealt with before, or are flat on one knot. */
function extrapolationSlope(spline: Spline, knots: readonly SplineKnot[], isPre: boolean): number | undefined {
  const { mode, slope = 0 } = isPre ? spline.preExtrapolation : spline.postExtrapolation;
  if (mode === 'block') return undefined;
  if (mode === 'sloped') return slope;
  if (mode !== 'linear' || knots.length < 2) return 0;
  const edge = isPre ? 0 : knots.length - 1;
  if ((knots[edge] as SplineKnot).preValue !== undefined) return 0;
  const from = knots[isPre ? 0 : edge - 1] as SplineKnot;
  if (from.nextSegment === 'held') return 0;
  if (from.nextSegment === 'linear') return segmentSlope(from, knots[isPre ? 1 : edge] as SplineKnot);
  return isPre ? postSlope(knots, 0) : preSlope(knots, edge);
}

type LoopMode = 'loopRepeat' | 'loopReset' | 'loopOscillate';

function isLoop(mode: string): mode is LoopMode {
  return mode.startsWith('loop');
}

/** Hops by whole spans into the interval of the knots: onto its start for what is at or after a time, its end for what is before. */
function evaluateLoop(spline: Spline, knots: readonly SplineKnot[], mode: LoopMode, time: number, side: SplineSide): number | undefined {
  const first = knots[0] as SplineKnot;
  const last = knots[knots.length - 1] as SplineKnot;
  const span = last.time - first.time;
  const cycles = (time - first.time) / span;
  const hops = side === 'at' ? Math.floor(cycles) : Math.ceil(cycles) - 1;
  // Rounding must not leave the interval.
  const local = Math.min(last.time, Math.max(first.time, time - hops * span));
  if (mode === 'loopOscillate' && hops % 2 !== 0)
    return evaluateAt(spline, knots, first.time + (last.time - local), side === 'at' ? 'before' : 'at');
  const value = evaluateAt(spline, knots, local, side);
  return value === undefined || mode !== 'loopRepeat' ? value : value + hops * (last.value - (first.preValue ?? first.value));
}
