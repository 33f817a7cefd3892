/** Encodes splines as crates hold them. Source: usdc.md 13; OpenUSD ts/binary.cpp. */
import type { Spline, SplineExtrapolation } from '../vt/value.ts';
import { ByteSink } from './byte-sink.ts';
import { numberToHalfBits } from './half.ts';

const INTERPOLATIONS = ['block', 'held', 'linear', 'curve'];
const EXTRAPOLATIONS = ['block', 'held', 'linear', 'sloped', 'loopRepeat', 'loopReset', 'loopOscillate'];
const ALGORITHMS = ['none', 'custom', 'autoEase'];
const VALUE_TYPES = { double: 1, float: 2, half: 3, timecode: 1 } as const;

/** Whether the spline needs the second format, and so crate 0.13.0. */
export function hasTangentAlgorithms(spline: Spline): boolean {
  return spline.knots.some((knot) => knot.preTangent.algorithm !== 'none' || knot.postTangent.algorithm !== 'none');
}

export function encodeSpline(spline: Spline): Uint8Array {
  const { loop, knots, valueType, curve, preExtrapolation, postExtrapolation } = spline;
  const format = hasTangentAlgorithms(spline) ? 2 : 1;
  const sink = new ByteSink();
  const putValue =
    valueType === 'float'
      ? (value: number) => sink.f32(value)
      : valueType === 'half'
        ? (value: number) => sink.u16(numberToHalfBits(value))
        : (value: number) => sink.f64(value);
  sink.u8(format | (VALUE_TYPES[valueType] << 4) | (valueType === 'timecode' ? 64 : 0) | (curve === 'hermite' ? 128 : 0));
  sink.u8(
    EXTRAPOLATIONS.indexOf(preExtrapolation.mode) | (EXTRAPOLATIONS.indexOf(postExtrapolation.mode) << 3) | (loop === undefined ? 0 : 64),
  );
  putSlope(sink, preExtrapolation);
  putSlope(sink, postExtrapolation);
  if (loop !== undefined) {
    sink.f64(loop.start);
    sink.f64(loop.end);
    sink.i32(loop.preCount);
    sink.i32(loop.postCount);
    sink.f64(loop.valueOffset);
  }
  sink.u32(knots.length);
  for (const knot of knots) {
    sink.u8((knot.preValue === undefined ? 0 : 1) | (INTERPOLATIONS.indexOf(knot.nextSegment) << 1) | (curve === 'hermite' ? 8 : 0));
    sink.f64(knot.time);
    putValue(knot.value);
    if (knot.preValue !== undefined) putValue(knot.preValue);
    if (curve === 'bezier') {
      sink.f64(knot.preTangent.width);
      sink.f64(knot.postTangent.width);
    }
    putValue(knot.preTangent.slope);
    putValue(knot.postTangent.slope);
    if (format === 2) sink.u8(ALGORITHMS.indexOf(knot.preTangent.algorithm) | (ALGORITHMS.indexOf(knot.postTangent.algorithm) << 4));
  }
  return sink.bytes.slice();
}

function putSlope(sink: ByteSink, extrapolation: SplineExtrapolation): void {
  if (extrapolation.mode === 'sloped') sink.f64(extrapolation.slope ?? 0);
}
