import { applyOffset, isIdentityOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import type { Spline } from '../vt/value.ts';

/** A spline in stage time. */
export function retimeSpline(spline: Spline, layerOffset: LayerOffset): Spline {
  if (isIdentityOffset(layerOffset)) return spline;
  const { scale } = layerOffset;
  const isTime = spline.valueType === 'timecode';
  const mapValue = (value: number): number => (isTime ? applyOffset(layerOffset, value) : value);
  const slopeScale = isTime ? 1 : 1 / scale;
  const extrapolation = (part: Spline['preExtrapolation']): Spline['preExtrapolation'] =>
    part.slope === undefined ? part : { ...part, slope: part.slope * slopeScale };
  const tangent = (part: Spline['knots'][number]['preTangent']): typeof part => ({
    ...part,
    width: part.width * scale,
    slope: part.slope * slopeScale,
  });
  return {
    ...spline,
    preExtrapolation: extrapolation(spline.preExtrapolation),
    postExtrapolation: extrapolation(spline.postExtrapolation),
    ...(spline.loop === undefined
      ? {}
      : {
          loop: {
            ...spline.loop,
            start: applyOffset(layerOffset, spline.loop.start),
            end: applyOffset(layerOffset, spline.loop.end),
            valueOffset: isTime ? spline.loop.valueOffset * scale : spline.loop.valueOffset,
          },
        }),
    knots: spline.knots.map((knot) => ({
      ...knot,
      time: applyOffset(layerOffset, knot.time),
      value: mapValue(knot.value),
      ...(knot.preValue === undefined ? {} : { preValue: mapValue(knot.preValue) }),
      preTangent: tangent(knot.preTangent),
      postTangent: tangent(knot.postTangent),
    })),
  };
}
