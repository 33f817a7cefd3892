/** Inner loops of splines. Source: OpenUSD ts/loopParams.h, ts/splineData.cpp; values.md section 3. */
import type { Spline, SplineKnot } from '../vt/value.ts';

/** Loops may ask for more knots than is sane: with more than this the prototype is not copied. */
const MAX_KNOTS = 100_000;

/**
 * The knots of a spline with the copies of its prototype interval. The prototype has to start at a knot, which is
 * echoed at the end of the last copy; knots that lie where copies go are left out.
 */
export function bakeInnerLoops({ loop, knots }: Spline): readonly SplineKnot[] {
  if (loop === undefined || !(loop.end > loop.start)) return knots;
  const prototype = knots.filter((knot) => knot.time >= loop.start && knot.time < loop.end);
  const start = prototype[0];
  if (start === undefined || start.time !== loop.start) return knots;
  const span = loop.end - loop.start;
  const before = Math.max(0, Math.floor(loop.preCount));
  const after = Math.max(0, Math.floor(loop.postCount));
  if (!((before + after + 1) * prototype.length <= MAX_KNOTS)) return knots;
  const zoneStart = loop.start - before * span;
  const zoneEnd = loop.end + after * span;
  const result = knots.filter((knot) => knot.time < zoneStart);
  for (let copy = -before; copy <= after; copy++) for (const knot of prototype) result.push(shifted(knot, copy, span, loop.valueOffset));
  result.push(shifted(start, after + 1, span, loop.valueOffset));
  for (const knot of knots) if (knot.time > zoneEnd) result.push(knot);
  return result;
}

function shifted(knot: SplineKnot, copy: number, span: number, valueOffset: number): SplineKnot {
  const offset = copy * valueOffset;
  const result = { ...knot, time: knot.time + copy * span, value: knot.value + offset };
  return knot.preValue === undefined ? result : { ...result, preValue: knot.preValue + offset };
}
