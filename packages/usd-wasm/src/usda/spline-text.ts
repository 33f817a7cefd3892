import type { Spline, SplineExtrapolation, SplineKnot, SplineTangent } from '../vt/value.ts';
import { doubleText, floatText, halfText } from './number-text.ts';
import { dictionaryLine } from './value-text.ts';

const EXTRAPOLATIONS: Readonly<Record<SplineExtrapolation['mode'], string>> = {
  block: 'none',
  held: 'held',
  linear: 'linear',
  sloped: 'sloped',
  loopRepeat: 'loop repeat',
  loopReset: 'loop reset',
  loopOscillate: 'loop oscillate',
};

/** Whether a spline needs version 1.1 of the format. */
export function hasTangentAlgorithm(spline: Spline): boolean {
  return spline.knots.some((knot) => knot.preTangent.algorithm !== 'none' || knot.postTangent.algorithm !== 'none');
}

/**
 * `{ … }` behind `.spline =` (usda.md section 5.2): the curve type only where it matters, one knot per line.
 * Source: OpenUSD sdf/fileIO_Common.cpp (WriteSpline).
 */
export function splineText(spline: Spline, indent: string): string {
  const items: string[] = [];
  if (spline.curve === 'hermite' || spline.knots.some((knot) => knot.nextSegment === 'curve')) items.push(spline.curve);
  for (const [side, extrapolation] of [
    ['pre', spline.preExtrapolation],
    ['post', spline.postExtrapolation],
  ] as const) {
    const slope = extrapolation.mode === 'sloped' ? `(${doubleText(extrapolation.slope ?? 0)})` : '';
    if (extrapolation.mode !== 'held') items.push(`${side}: ${EXTRAPOLATIONS[extrapolation.mode]}${slope}`);
  }
  const { loop } = spline;
  if (loop !== undefined)
    items.push(`loop: (${[loop.start, loop.end, loop.preCount, loop.postCount, loop.valueOffset].map(doubleText).join(', ')})`);
  const number = VALUE_TEXT[spline.valueType];
  // before the first knot there is no segment, but a knot that is added there may make one
  let incoming: SplineKnot['nextSegment'] = 'curve';
  for (const knot of spline.knots) {
    items.push(knotText(knot, spline.curve, incoming, number));
    incoming = knot.nextSegment;
  }
  return ['{', ...items.map((item) => `${indent}    ${item},`), `${indent}}`].join('\n');
}

/** Times and widths are doubles, values and slopes are of the type of the spline. */
const VALUE_TEXT: Readonly<Record<Spline['valueType'], (value: number) => string>> = {
  double: doubleText,
  timecode: doubleText,
  float: floatText,
  half: halfText,
};

/** Tangents beside a curve are always written, others only where they say something. */
function knotText(
  knot: SplineKnot,
  curve: Spline['curve'],
  incoming: SplineKnot['nextSegment'],
  number: (value: number) => string,
): string {
  const parts = [`${doubleText(knot.time)}: ${knot.preValue === undefined ? '' : `${number(knot.preValue)} & `}${number(knot.value)}`];
  if (incoming === 'curve' || !isZero(knot.preTangent)) parts.push(`pre ${tangentText(knot.preTangent, curve, number)}`);
  const segment = knot.nextSegment === 'block' ? 'none' : knot.nextSegment;
  const hasTangent = knot.nextSegment === 'curve' || !isZero(knot.postTangent);
  parts.push(`post ${segment}${hasTangent ? ` ${tangentText(knot.postTangent, curve, number)}` : ''}`);
  if (knot.customData !== undefined && knot.customData.size > 0) parts.push(dictionaryLine(knot.customData));
  return parts.join('; ');
}

function tangentText(tangent: SplineTangent, curve: Spline['curve'], number: (value: number) => string): string {
  const parts = curve === 'bezier' ? [doubleText(tangent.width)] : [];
  parts.push(number(tangent.slope));
  if (tangent.algorithm !== 'none') parts.push(tangent.algorithm);
  return `(${parts.join(', ')})`;
}

/** A tangent that need not be written: it is what no tangent means. */
function isZero(tangent: SplineTangent): boolean {
  return tangent.width === 0 && tangent.slope === 0 && tangent.algorithm === 'none';
}
