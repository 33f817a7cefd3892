/**
 * Values that say only what changes: array edits, and path expressions with `%_`. They are composed over what is weaker
 * until a dense value is met. Source: OpenUSD vt/arrayEdit.h, usd/stage.cpp; values.md section 1.1.
 *
 * Over time, opinions are series of samples; a default or fallback is one sample at minus infinity. A stronger series
 * takes over the weaker one's times where the value it holds is sparse.
 */
import { applyOffset } from '../sdf/layer-offset.ts';
import type { TimeSamples, Value } from '../vt/value.ts';
import { makeValue } from '../vt/value.ts';
import { applyArrayEdit, emptyArrayOf } from './array-edit.ts';
import { bracketingSamples, interpolate, type InterpolationType } from './interpolation.ts';
import { isSparse, resolveSource, resolveValue, toLayerTime, toStage } from './value-resolution.ts';
import type { AssetPathResolver, AttributeOpinions, ResolveInfo } from './value-resolution.ts';

const NO_TIMES = new Float64Array(0);
/** A stage time that was made from a layer's lands this close to it again, relatively. */
const ROUNDING = 1e-12;

/**
 * The composed value where the strongest opinion is sparse.
 *
 * @param times the composed series' times, as `composedTimes` gives them
 * @returns undefined where there is no value
 */
export function resolveSparse(
  opinions: AttributeOpinions,
  info: ResolveInfo,
  timeCode: number | undefined,
  interpolation: InterpolationType,
  resolveAssetPath: AssetPathResolver,
  times: Float64Array,
): Value | undefined {
  const at = (time: number | undefined): Value | undefined => heldValue(opinions, info, time, resolveAssetPath);
  const first = times[0];
  if (timeCode === undefined || first === undefined || timeCode < first) return at(timeCode);
  const [lower, upper] = bracketingSamples(times, timeCode);
  const value = at(times[lower]);
  if (value === undefined || lower === upper || interpolation === 'held') return value;
  const next = at(times[upper]);
  return next === undefined ? value : interpolate(value, next, (timeCode - times[lower]!) / (times[upper]! - times[lower]!));
}

/** Times in stage time at which the composed series of an opinion and the weaker ones has samples, ascending. */
export function composedTimes(opinions: AttributeOpinions, info: ResolveInfo): Float64Array {
  if (info.source === 'clips') return info.clips.times();
  if (info.source === 'default') return info.isSparse ? composedTimes(opinions, weakerThan(opinions, info, true)) : NO_TIMES;
  if (info.source !== 'timeSamples') return NO_TIMES;
  const { samples, site } = info;
  const own = samples.times.map((time) => applyOffset(site.layerOffset, time));
  if (site.layerOffset.scale < 0) own.reverse();
  const weaker = composedTimes(opinions, weakerThan(opinions, info, true));
  // Without times below there is no need to look at any sample.
  const added = weaker.filter((time) => {
    const [lower] = bracketingSamples(own, time);
    return own[lower] !== time && isEditAt(samples, heldIndex(samples, toLayerTime(site.layerOffset, time)));
  });
  return added.length === 0 ? own : Float64Array.from([...own, ...added]).sort();
}

/** Arrays are not decoded to find out that they are no edits, where the layer can tell. */
function isEditAt(samples: TimeSamples, index: number): boolean {
  return samples.isEdit?.(index) ?? isSparse(samples.value(index));
}

/** The value that an opinion holds at a time, composed over what the weaker ones hold at that time. */
function heldValue(
  opinions: AttributeOpinions,
  info: ResolveInfo,
  time: number | undefined,
  resolveAssetPath: AssetPathResolver,
): Value | undefined {
  if (info.source !== 'default' && info.source !== 'timeSamples') return resolveValue(opinions, info, time, 'held', resolveAssetPath);
  const { site } = info;
  const value =
    info.source === 'default'
      ? site.layer.field(site.path, 'default')
      : info.samples.value(heldIndex(info.samples, toLayerTime(site.layerOffset, time as number)));
  if (value === undefined || value.type === 'block') return undefined;
  if (!isSparse(value)) return toStage(value, site, resolveAssetPath);
  const base = heldValue(opinions, weakerThan(opinions, info, time !== undefined), time, resolveAssetPath);
  if (value.type === 'arrayEdit') {
    const edit = { ...value.value, literals: toStage(value.value.literals, site, resolveAssetPath) };
    return applyArrayEdit(edit, base ?? emptyArrayOf(edit.elementType));
  }
  const expression = toStage(value, site, resolveAssetPath);
  if (expression.type !== 'pathExpression' || base?.type !== 'pathExpression') return expression;
  return makeValue(
    'pathExpression',
    expression.value.replaceAll(WEAKER, () => `(${base.value})`),
  );
}

const WEAKER = /%_(?![\w/:])/g;

function weakerThan(opinions: AttributeOpinions, info: ResolveInfo & { readonly index: number }, isTimed: boolean): ResolveInfo {
  return resolveSource(opinions, isTimed, info.index + 1).info;
}

/** Index of the sample that is held at a time of the layer. */
function heldIndex({ times }: TimeSamples, time: number): number {
  const [lower, upper] = bracketingSamples(times, time);
  const next = times[upper] as number;
  return Math.abs(next - time) <= ROUNDING * Math.max(1, Math.abs(next)) ? upper : lower;
}
