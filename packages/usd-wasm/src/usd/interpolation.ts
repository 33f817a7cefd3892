/**
 * Values between time samples. Source: OpenUSD usd/interpolation.h, usd/interpolators.h; values.md section 2.
 */
import { slerp } from '../gf/quat.ts';
import type { TimeSamples, Value } from '../vt/value.ts';

/** How values between time samples are made. */
export type InterpolationType = 'linear' | 'held';

const LINEAR_TYPES: ReadonlySet<string> = new Set(
  [
    'half',
    'float',
    'double',
    'timecode',
    'half2',
    'half3',
    'half4',
    'float2',
    'float3',
    'float4',
    'double2',
    'double3',
    'double4',
    'matrix2d',
    'matrix3d',
    'matrix4d',
    'quath',
    'quatf',
    'quatd',
  ].flatMap((type) => [type, `${type}[]`]),
);

/** Whether values of this storage type are interpolated linearly (others are held). */
export function isLinearType(type: string): boolean {
  return LINEAR_TYPES.has(type);
}

/**
 * Indexes of the samples around a time: the last one at or before it (or the first), and the first at or after it (or the last).
 * `times` is not empty and ascends.
 */
export function bracketingSamples(times: Float64Array, time: number): readonly [lower: number, upper: number] {
  const last = times.length - 1;
  if (!(time > times[0]!)) return [0, 0];
  if (time >= times[last]!) return [last, last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle;
  }
  return times[low] === time ? [low, low] : [low, high];
}

/**
 * Value of samples at a time of their own; a `block` value where the sample that counts is blocked.
 *
 * @param side `before`: what the value tends to from the left, which differs where a sample ends a held one
 */
export function sampleAt(samples: TimeSamples, time: number, interpolation: InterpolationType, side: 'at' | 'before' = 'at'): Value {
  const [lower, upper] = bracketingSamples(samples.times, time);
  if (side === 'before' && lower > 0 && samples.times[lower] === time)
    return leftLimit(samples.value(lower - 1), samples.value(lower), interpolation);
  const lowerValue = samples.value(lower);
  if (lower === upper || interpolation === 'held' || !isLinearType(lowerValue.type)) return lowerValue;
  const t0 = samples.times[lower]!;
  const t1 = samples.times[upper]!;
  return interpolate(lowerValue, samples.value(upper), (time - t0) / (t1 - t0));
}

/** What the value between two samples tends to at the upper one. */
export function leftLimit(lower: Value, upper: Value, interpolation: InterpolationType): Value {
  const isHeld = interpolation === 'held' || lower.type !== upper.type || !isLinearType(lower.type);
  return isHeld || lengthOf(lower) !== lengthOf(upper) ? lower : upper;
}

function lengthOf({ value }: Value): number {
  return typeof value === 'object' && value !== null && 'length' in value ? value.length : -1;
}

/**
 * Value between two samples. An edit of an array above a dense one is given as it is: the caller composes both. Holds the lower one where types or array sizes differ, or the type is not a linear one.
 *
 * @param t 0 gives `lower`, 1 gives `upper`
 */
export function interpolate(lower: Value, upper: Value, t: number): Value {
  if (t !== 0 && upper.type === 'arrayEdit' && isLinearType(lower.type)) return upper;
  if (t === 0 || lower.type !== upper.type || !isLinearType(lower.type)) return lower;
  if (t === 1) return upper;
  const { type, value: a } = lower;
  const b = upper.value;
  if (typeof a === 'number') return { type, value: roundTo(type, lerp(a, b as number, t)) } as Value;
  const [from, to] = [a as readonly number[] | Float32Array | Float64Array, b as readonly number[] | Float32Array | Float64Array];
  if (from.length !== to.length) return lower;
  if (!type.startsWith('quat')) return { type, value: lerpList(from, to, t, type) } as Value;
  if (from instanceof Float32Array || from instanceof Float64Array)
    return { type, value: slerpArray(from, to as Float32Array | Float64Array, t) } as Value;
  return { type, value: slerp(t, from, to as readonly number[]).map((component) => roundTo(type, component)) } as unknown as Value;
}

/** Half and single precision values are rounded to single precision. */
function roundTo(type: string, component: number): number {
  return type === 'double' || type === 'timecode' || type === 'quatd' ? component : Math.fround(component);
}

function lerp(a: number, b: number, t: number): number {
  return (1 - t) * a + t * b;
}

function lerpList(a: ArrayLike<number>, b: ArrayLike<number>, t: number, type: string): readonly number[] | Float32Array | Float64Array {
  const isArray = type.endsWith('[]');
  const isSingle = type.startsWith('float') || type.startsWith('half');
  const out = isArray ? (isSingle ? new Float32Array(a.length) : new Float64Array(a.length)) : new Array<number>(a.length);
  const s = 1 - t;
  if (!isArray && isSingle) for (let i = 0; i < a.length; i++) out[i] = Math.fround(s * a[i]! + t * b[i]!);
  else for (let i = 0; i < a.length; i++) out[i] = s * a[i]! + t * b[i]!;
  return out;
}

function slerpArray(a: Float32Array | Float64Array, b: Float32Array | Float64Array, t: number): Float32Array | Float64Array {
  const out = a instanceof Float32Array ? new Float32Array(a.length) : new Float64Array(a.length);
  for (let i = 0; i + 3 < a.length; i += 4) {
    const q = slerp(t, [a[i]!, a[i + 1]!, a[i + 2]!, a[i + 3]!], [b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!]);
    out.set(q, i);
  }
  return out;
}
