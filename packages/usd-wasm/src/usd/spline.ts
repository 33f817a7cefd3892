/**
 * Evaluation of splines. Source: OpenUSD base/ts (eval, segment and extrapolation rules); values.md section 3.
 *
 * All times are the layer's; the caller maps stage time before and needs no mapping of the value (timecode values excepted).
 */
import type { Spline, SplineExtrapolation, SplineKnot } from '../vt/value.ts';

interface Segment {
  readonly t0: number;
  readonly v0: number;
  readonly t1: number;
  /** Limit from the left at the end: the next knot's pre-value if it has one. */
  readonly v1: number;
  readonly from: SplineKnot;
  readonly to: SplineKnot;
}

/** Loops may ask for more knots than is sane: copies beyond this many knots are not made. */
const MAX_KNOTS = 100_000;

/** Value at a time, or undefined where the spline has none. */
export function evaluateSpline(spline: Spline, time: number): number | undefined {
  const knots = withInnerLoops(spline);
  const first = knots[0];
  const last = knots[knots.length - 1];
  if (first === undefined || last === undefined) return undefined;
  if (time < first.time) return extrapolate(spline, knots, spline.preExtrapolation, time, true);
  if (time > last.time) return extrapolate(spline, knots, spline.postExtrapolation, time, false);
  return evaluateInside(spline, knots, time);
}

/** Whether a spline can have different values at different times. */
export function splineVaries(spline: Spline): boolean {
  const knots = spline.knots;
  if (knots.length > 1)
    return knots.some(
      (knot) =>
        knot.value !== knots[0]!.value || knot.preValue !== undefined || knot.nextSegment === 'block' || knot.nextSegment === 'curve',
    );
  return [spline.preExtrapolation, spline.postExtrapolation].some((part) => part.mode !== 'held') || knots[0]?.preValue !== undefined;
}

function evaluateInside(spline: Spline, knots: readonly SplineKnot[], time: number): number | undefined {
  let low = 0;
  let high = knots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (knots[middle]!.time <= time) low = middle;
    else high = middle - 1;
  }
  const from = knots[low]!;
  const to = knots[low + 1];
  if (from.time === time || to === undefined) return to !== undefined && from.nextSegment === 'block' ? undefined : from.value;
  const segment: Segment = { t0: from.time, v0: from.value, t1: to.time, v1: to.preValue ?? to.value, from, to };
  switch (from.nextSegment) {
    case 'block':
      return undefined;
    case 'held':
      return from.value;
    case 'linear':
      return segment.v0 + ((segment.v1 - segment.v0) * (time - segment.t0)) / (segment.t1 - segment.t0);
    case 'curve':
      return spline.curve === 'hermite' ? evaluateHermite(knots, low, segment, time) : evaluateBezier(knots, low, segment, time);
  }
}

function evaluateHermite(knots: readonly SplineKnot[], index: number, s: Segment, time: number): number {
  const length = s.t1 - s.t0;
  const u = (time - s.t0) / length;
  const m0 = tangentOf(knots, index, false).slope * length;
  const m1 = tangentOf(knots, index + 1, true).slope * length;
  const u2 = u * u;
  const u3 = u2 * u;
  return (2 * u3 - 3 * u2 + 1) * s.v0 + (u3 - 2 * u2 + u) * m0 + (3 * u2 - 2 * u3) * s.v1 + (u3 - u2) * m1;
}

function evaluateBezier(knots: readonly SplineKnot[], index: number, s: Segment, time: number): number {
  const length = s.t1 - s.t0;
  const post = tangentOf(knots, index, false);
  const pre = tangentOf(knots, index + 1, true);
  // Tangents longer than the segment could run back in time: both shrink by one ratio.
  const shrink = Math.min(1, length / Math.max(post.width, pre.width, length * 1e-9));
  const w0 = post.width * shrink;
  const w1 = pre.width * shrink;
  const u = solveTime(s.t0, s.t0 + w0, s.t1 - w1, s.t1, time);
  return cubic(s.v0, s.v0 + w0 * post.slope, s.v1 - w1 * pre.slope, s.v1, u);
}

function cubic(p0: number, p1: number, p2: number, p3: number, u: number): number {
  const v = 1 - u;
  return v * v * v * p0 + 3 * v * v * u * p1 + 3 * v * u * u * p2 + u * u * u * p3;
}

/** Parameter at which a monotone time cubic reaches a time: bisection, exact to the last bits of double precision. */
function solveTime(t0: number, t1: number, t2: number, t3: number, time: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (cubic(t0, t1, t2, t3, middle) < time) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Width and slope of a knot's tangent; automatic ones are computed from the neighbours. */
function tangentOf(knots: readonly SplineKnot[], index: number, isPre: boolean): { readonly width: number; readonly slope: number } {
  const knot = knots[index]!;
  const authored = isPre ? knot.preTangent : knot.postTangent;
  if (authored.algorithm !== 'autoEase') return authored;
  const previous = knots[index - 1];
  const next = knots[index + 1];
  const neighbour = isPre ? previous : next;
  const width = neighbour === undefined ? 0 : Math.abs(neighbour.time - knot.time) / 3;
  if (previous === undefined || next === undefined || knot.preValue !== undefined) return { width, slope: 0 };
  if (previous.nextSegment !== knot.nextSegment || knot.nextSegment === 'block' || knot.nextSegment === 'held') return { width, slope: 0 };
  const before = (knot.value - previous.value) / (knot.time - previous.time);
  const after = ((next.preValue ?? next.value) - knot.value) / (next.time - knot.time);
  if (before * after <= 0) return { width, slope: 0 };
  const u = (knot.time - previous.time) / (next.time - previous.time) - 0.5;
  const g = 0.5 + u * (0.5 + 2 * u * u);
  const limit = 3 * Math.min(Math.abs(before), Math.abs(after));
  const slope = (1 - g) * before + g * after;
  return { width, slope: Math.sign(slope) * Math.min(Math.abs(slope), limit) };
}

function extrapolate(
  spline: Spline,
  knots: readonly SplineKnot[],
  part: SplineExtrapolation,
  time: number,
  isPre: boolean,
): number | undefined {
  const edge = isPre ? knots[0]! : knots[knots.length - 1]!;
  const edgeValue = isPre ? (edge.preValue ?? edge.value) : edge.value;
  switch (part.mode) {
    case 'block':
      return undefined;
    case 'held':
      return edgeValue;
    case 'linear':
      return edgeValue + edgeSlope(knots, isPre) * (time - edge.time);
    case 'sloped':
      return edgeValue + (part.slope ?? 0) * (time - edge.time);
    case 'loopRepeat':
    case 'loopReset':
    case 'loopOscillate':
      return extrapolateLoop(spline, knots, part.mode, time);
  }
}

function edgeSlope(knots: readonly SplineKnot[], isPre: boolean): number {
  const edge = isPre ? knots[0]! : knots[knots.length - 1]!;
  if (knots.length < 2 || edge.preValue !== undefined) return 0;
  const from = isPre ? edge : knots[knots.length - 2]!;
  if (from.nextSegment === 'linear') {
    const to = isPre ? knots[1]! : edge;
    return ((to.preValue ?? to.value) - from.value) / (to.time - from.time);
  }
  if (from.nextSegment !== 'curve') return 0;
  return tangentOf(knots, isPre ? 0 : knots.length - 1, !isPre).slope;
}

function extrapolateLoop(
  spline: Spline,
  knots: readonly SplineKnot[],
  mode: 'loopRepeat' | 'loopReset' | 'loopOscillate',
  time: number,
): number | undefined {
  const first = knots[0]!;
  const last = knots[knots.length - 1]!;
  const period = last.time - first.time;
  if (!(period > 0)) return first.value;
  const cycle = Math.floor((time - first.time) / period);
  let local = time - cycle * period;
  if (mode === 'loopOscillate' && cycle % 2 !== 0) local = first.time + last.time - local;
  // The join of two cycles belongs to the start of the later one.
  const value = evaluateInside(spline, knots, Math.min(last.time, Math.max(first.time, local)));
  return value === undefined || mode !== 'loopRepeat' ? value : value + cycle * (last.value - first.value);
}

/** Knots with the prototype interval copied before and after itself. */
function withInnerLoops(spline: Spline): readonly SplineKnot[] {
  const { loop, knots } = spline;
  if (loop === undefined || !(loop.end > loop.start)) return knots;
  const prototype = knots.filter((knot) => knot.time >= loop.start && knot.time < loop.end);
  const start = prototype[0];
  if (start === undefined || start.time !== loop.start) return knots;
  const period = loop.end - loop.start;
  const before = Math.max(0, Math.floor(loop.preCount));
  const after = Math.max(0, Math.floor(loop.postCount));
  if ((before + after + 1) * prototype.length > MAX_KNOTS) return knots;
  const zoneStart = loop.start - before * period;
  const zoneEnd = loop.end + after * period;
  const result = knots.filter((knot) => knot.time < zoneStart);
  for (let copy = -before; copy <= after; copy++)
    for (const knot of prototype) result.push(shiftKnot(knot, copy, period, loop.valueOffset));
  result.push(shiftKnot(start, after + 1, period, loop.valueOffset));
  for (const knot of knots) if (knot.time > zoneEnd) result.push(knot);
  return result;
}

function shiftKnot(knot: SplineKnot, copy: number, period: number, valueOffset: number): SplineKnot {
  const value = knot.value + copy * valueOffset;
  const shifted = { ...knot, time: knot.time + copy * period, value };
  return knot.preValue === undefined ? shifted : { ...shifted, preValue: knot.preValue + copy * valueOffset };
}
