import type { Spline, SplineExtrapolation, SplineKnot, SplineTangent } from '../vt/value.ts';
import { doubleText } from './number-text.ts';
import { writeDictionary } from './value-text.ts';

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

/** `{ … }` behind `.spline =` (usda.md section 5.2): the curve type only where it matters, one knot per line. */
export function splineText(spline: Spline, indent: string): string {
  const items: string[] = [];
  if (spline.knots.some((knot) => knot.nextSegment === 'curve')) items.push(spline.curve);
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
  for (const knot of spline.knots) items.push(knotText(knot, spline.curve, `${indent}    `));
  return ['{', ...items.map((item) => `${indent}    ${item},`), `${indent}}`].join('\n');
}

function knotText(knot: SplineKnot, curve: Spline['curve'], indent: string): string {
  const parts = [
    `${doubleText(knot.time)}: ${knot.preValue === undefined ? '' : `${doubleText(knot.preValue)} & `}${doubleText(knot.value)}`,
  ];
  if (!isZero(knot.preTangent)) parts.push(`pre ${tangentText(knot.preTangent, curve)}`);
  const segment = knot.nextSegment === 'block' ? 'none' : knot.nextSegment;
  parts.push(`post ${segment}${isZero(knot.postTangent) ? '' : ` ${tangentText(knot.postTangent, curve)}`}`);
  if (knot.customData !== undefined && knot.customData.size > 0) {
    const lines: string[] = [];
    writeDictionary('{', knot.customData, indent, (line) => lines.push(line));
    parts.push(lines.join('\n'));
  }
  return parts.join('; ');
}

function tangentText(tangent: SplineTangent, curve: Spline['curve']): string {
  const parts = curve === 'bezier' ? [doubleText(tangent.width)] : [];
  parts.push(doubleText(tangent.slope));
  if (tangent.algorithm !== 'none') parts.push(tangent.algorithm);
  return `(${parts.join(', ')})`;
}

/** A tangent that need not be written: it is what no tangent means. */
function isZero(tangent: SplineTangent): boolean {
  return tangent.width === 0 && tangent.slope === 0 && tangent.algorithm === 'none';
}
