/** Widths and slopes of a knot's tangents; those of the autoEase algorithm are computed from the neighbours. Source: OpenUSD ts/knotData.cpp. */
import type { Spline, SplineKnot } from '../vt/value.ts';

/** Width in time of the tangent that a knot has before it. */
export function preWidth(spline: Spline, knots: readonly SplineKnot[], index: number): number {
  const knot = knots[index] as SplineKnot;
  return isThird(spline, knot.preTangent.algorithm) ? thirdOf(knots[index - 1], knot) : knot.preTangent.width;
}

/** Width in time of the tangent that a knot has after it. */
export function postWidth(spline: Spline, knots: readonly SplineKnot[], index: number): number {
  const knot = knots[index] as SplineKnot;
  return isThird(spline, knot.postTangent.algorithm) ? thirdOf(knots[index + 1], knot) : knot.postTangent.width;
}

/** Slope of the tangent before a knot, in value per time. */
export function preSlope(knots: readonly SplineKnot[], index: number): number {
  const { slope, algorithm } = (knots[index] as SplineKnot).preTangent;
  return algorithm === 'autoEase' && index > 0 ? autoEaseSlope(knots, index) : slope;
}

/** Slope of the tangent after a knot, in value per time. */
export function postSlope(knots: readonly SplineKnot[], index: number): number {
  const { slope, algorithm } = (knots[index] as SplineKnot).postTangent;
  return algorithm === 'autoEase' && index + 1 < knots.length ? autoEaseSlope(knots, index) : slope;
}

function isThird(spline: Spline, algorithm: string): boolean {
  return spline.curve === 'hermite' || algorithm === 'autoEase';
}

function thirdOf(neighbour: SplineKnot | undefined, knot: SplineKnot): number {
  return neighbour === undefined ? 0 : Math.abs(neighbour.time - knot.time) / 3;
}

/**
 * Blends the slopes to both neighbours by a cubic in the knot's place between them, so that the nearer one counts more.
 * Flat at extremes and discontinuities; never steeper than three times the flatter side, which keeps it from overshooting.
 */
function autoEaseSlope(knots: readonly SplineKnot[], index: number): number {
  const knot = knots[index] as SplineKnot;
  const previous = knots[index - 1];
  const next = knots[index + 1];
  if (previous === undefined || next === undefined || knot.preValue !== undefined) return 0;
  if (knot.nextSegment === 'block' || previous.nextSegment === 'block') return 0;
  const before = (knot.value - previous.value) / (knot.time - previous.time);
  const after = ((next.preValue ?? next.value) - knot.value) / (next.time - knot.time);
  if (!(before * after > 0)) return 0;
  const u = (knot.time - previous.time) / (next.time - previous.time) - 0.5;
  const g = 0.5 + u * (0.5 + 2 * u * u);
  const slope = (1 - g) * before + g * after;
  return after > 0 ? Math.min(slope, 3 * after, 3 * before) : Math.max(slope, 3 * after, 3 * before);
}
