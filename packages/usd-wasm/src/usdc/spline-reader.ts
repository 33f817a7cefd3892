/** Decodes the spline blob of a crate. Source: usdc.md 13; OpenUSD ts/binary.cpp. */
import type { Dictionary, Spline, SplineExtrapolation, SplineKnot, SplineTangent } from '../vt/value.ts';
import type { CrateCursor } from './crate-bytes.ts';
import { halfBitsToNumber } from './half.ts';

const INTERPOLATIONS = ['block', 'held', 'linear', 'curve'] as const;
const EXTRAPOLATIONS = ['block', 'held', 'linear', 'sloped', 'loopRepeat', 'loopReset', 'loopOscillate'] as const;
const ALGORITHMS = ['none', 'custom', 'autoEase'] as const;
const VALUE_TYPES = ['double', 'double', 'float', 'half'] as const;

const HELD: SplineExtrapolation = { mode: 'held' };
const EMPTY_SPLINE: Spline = { valueType: 'double', curve: 'bezier', preExtrapolation: HELD, postExtrapolation: HELD, knots: [] };

/** @param readDictionary reads the dictionary at the cursor */
export function readSpline(cursor: CrateCursor, readDictionary: (cursor: CrateCursor) => Dictionary): Spline {
  const size = cursor.count(1);
  const blob = cursor.file.cursor('VALUES', cursor.at, cursor.at + size);
  cursor.take(size);
  const customData = new Map<number, Dictionary>();
  const customCount = cursor.count(16);
  for (let i = 0; i < customCount; i++) {
    const time = cursor.f64();
    customData.set(time, readDictionary(cursor));
  }
  return size === 0 ? EMPTY_SPLINE : readBlob(blob, customData);
}

function readBlob(blob: CrateCursor, customData: ReadonlyMap<number, Dictionary>): Spline {
  const head = blob.u8();
  const format = head & 15;
  if (format !== 1 && format !== 2) throw blob.error('usdc-value', `spline format ${format}, expected 1 or 2`);
  const valueType = VALUE_TYPES[(head >> 4) & 3]!;
  const isTimeValued = (head & 64) !== 0;
  const isHermite = (head & 128) !== 0;
  const modes = blob.u8();
  const preExtrapolation = readExtrapolation(blob, modes & 7);
  const postExtrapolation = readExtrapolation(blob, (modes >> 3) & 7);
  const loop =
    (modes & 64) === 0
      ? undefined
      : {
          start: blob.f64(),
          end: blob.f64(),
          preCount: blob.i32(),
          postCount: blob.i32(),
          valueOffset: blob.f64(),
        };
  const value =
    valueType === 'double'
      ? () => blob.f64()
      : valueType === 'float'
        ? () => blob.f32()
        : () => halfBitsToNumber(blob.file.view.getUint16(blob.take(2), true));
  const knotCount = blob.u32();
  const knots: SplineKnot[] = [];
  for (let i = 0; i < knotCount; i++) {
    const flags = blob.u8();
    const time = blob.f64();
    const knotValue = value();
    const preValue = flags & 1 ? value() : undefined;
    const preWidth = isHermite ? 0 : blob.f64();
    const postWidth = isHermite ? 0 : blob.f64();
    const preSlope = value();
    const postSlope = value();
    const algorithms = format === 2 ? blob.u8() : 0;
    const knotData = customData.get(time);
    knots.push({
      time,
      value: knotValue,
      ...(preValue === undefined ? {} : { preValue }),
      preTangent: tangent(blob, preWidth, preSlope, algorithms & 15),
      postTangent: tangent(blob, postWidth, postSlope, algorithms >> 4),
      nextSegment: INTERPOLATIONS[(flags >> 1) & 3]!,
      ...(knotData === undefined ? {} : { customData: knotData }),
    });
  }
  return {
    valueType: isTimeValued ? 'timecode' : valueType,
    curve: isHermite ? 'hermite' : 'bezier',
    preExtrapolation,
    postExtrapolation,
    knots,
    ...(loop === undefined ? {} : { loop }),
  };
}

function readExtrapolation(blob: CrateCursor, number: number): SplineExtrapolation {
  const mode = EXTRAPOLATIONS[number];
  if (mode === undefined) throw blob.error('usdc-value', `spline extrapolation ${number}`);
  return mode === 'sloped' ? { mode, slope: blob.f64() } : { mode };
}

function tangent(blob: CrateCursor, width: number, slope: number, number: number): SplineTangent {
  const algorithm = ALGORITHMS[number];
  if (algorithm === undefined) throw blob.error('usdc-value', `spline tangent algorithm ${number}`);
  return { width, slope, algorithm };
}
