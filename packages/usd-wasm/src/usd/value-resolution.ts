/**
 * From the opinions on an attribute to its value. Source: OpenUSD usd/stage.cpp, usd/resolveInfo.h; values.md section 1.
 */
import type { SpecSite } from '../pcp/prim-index.ts';
import type { SpecType } from '../sdf/layer-data.ts';
import { applyOffset, isIdentityOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import { appendProperty } from '../sdf/path.ts';
import { makeValue, type AssetPath, type Dictionary, type Spline, type TimeSamples, type Value } from '../vt/value.ts';
import { roundToHalf } from '../usda/half.ts';
import type { ClipSource } from './value-clips.ts';
import { sampleAt, type InterpolationType } from './interpolation.ts';
import { mapPathExpression } from './path-expression-mapping.ts';
import { evaluateSpline, type SplineSide } from './spline.ts';

/** What gives an attribute its values at numeric times. */
export type ValueSource = 'default' | 'timeSamples' | 'spline' | 'clips' | 'fallback' | 'none';

/** Where a value comes from: kept by attributes, as it only changes with composition or edits. */
export type ResolveInfo =
  | { readonly source: 'default'; readonly site: SpecSite; readonly index: number; readonly isSparse: boolean }
  | { readonly source: 'timeSamples'; readonly site: SpecSite; readonly index: number; readonly samples: TimeSamples }
  | { readonly source: 'spline'; readonly site: SpecSite; readonly spline: Spline }
  | { readonly source: 'clips'; readonly clips: ClipSource }
  | { readonly source: 'fallback' | 'none' };

/** What resolution needs to know of an attribute. */
export interface AttributeOpinions {
  /** Property specs, strongest first. */
  readonly sites: readonly SpecSite[];
  /** Clips that have samples for the attribute, each with the number of sites that are stronger than them. */
  readonly clips: readonly { readonly clips: ClipSource; readonly strongerSites: number }[];
  readonly fallback: Value | undefined;
}

/** Most built-in properties have no opinions. */
const NO_SITES: readonly SpecSite[] = [];

/** Resolves asset paths as the layer of a site sees them. */
export type AssetPathResolver = (site: SpecSite, assetPath: string) => string;

/**
 * Finds the opinion that decides.
 *
 * @param isTimed whether a numeric time is asked for; at Default only `default` fields count
 * @param firstSite sites before this one do not count
 * @returns the source, and its value where finding it meant reading it already
 */
export function resolveSource(
  opinions: AttributeOpinions,
  isTimed: boolean,
  firstSite = 0,
): { readonly info: ResolveInfo; readonly value?: Value } {
  const { sites, clips } = opinions;
  let allowsAnimation = isTimed;
  for (let index = firstSite; index <= sites.length; index++) {
    if (allowsAnimation) {
      for (const entry of clips) if (entry.strongerSites === index) return { info: { source: 'clips', clips: entry.clips } };
    }
    const site = sites[index];
    if (site === undefined) break;
    if (allowsAnimation) {
      const samples = site.layer.fieldAs(site.path, 'timeSamples', 'timeSamples');
      if (samples !== undefined && samples.times.length > 0) return { info: { source: 'timeSamples', site, index, samples } };
      const spline = site.layer.fieldAs(site.path, 'spline', 'spline');
      if (spline !== undefined) return { info: { source: 'spline', site, spline } };
    }
    const value = site.layer.field(site.path, 'default');
    if (value === undefined) continue;
    if (value.type === 'animationBlock') {
      allowsAnimation = false;
      continue;
    }
    if (value.type === 'block') break;
    return { info: { source: 'default', site, index, isSparse: isSparse(value) }, value };
  }
  return { info: { source: opinions.fallback === undefined ? 'none' : 'fallback' } };
}

/** Whether a value only says what changes in the weaker one: `resolveSparse` composes it. */
export function isSparse(value: Value): boolean {
  return value.type === 'arrayEdit' || (value.type === 'pathExpression' && value.value.includes('%_'));
}

/**
 * The value at a time, ready for the stage: asset paths resolved, time codes in stage time. Where the opinion is sparse,
 * the sparse value.
 *
 * @param known value of a `default` source that was just read
 * @param side whether a jump at the time is looked at from the left
 */
export function resolveValue(
  opinions: AttributeOpinions,
  info: ResolveInfo,
  timeCode: number | undefined,
  interpolation: InterpolationType,
  resolveAssetPath: AssetPathResolver,
  known?: Value,
  side: SplineSide = 'at',
): Value | undefined {
  switch (info.source) {
    case 'none':
      return undefined;
    case 'fallback':
      return opinions.fallback;
    case 'clips':
      return info.clips.valueAt(timeCode as number, interpolation, side);
    case 'spline': {
      const { site, spline } = info;
      const result = evaluateSpline(spline, toLayerTime(site.layerOffset, timeCode as number), side);
      if (result === undefined) return undefined;
      switch (spline.valueType) {
        case 'timecode':
          return makeValue('timecode', applyOffset(site.layerOffset, result));
        case 'half':
          return makeValue('half', roundToHalf(result));
        case 'float':
          return makeValue('float', Math.fround(result));
        case 'double':
          return makeValue('double', result);
      }
    }
    case 'timeSamples':
    case 'default': {
      const { site } = info;
      const value =
        info.source === 'timeSamples'
          ? sampleAt(info.samples, toLayerTime(site.layerOffset, timeCode as number), interpolation, side)
          : (known ?? site.layer.field(site.path, 'default'));
      if (value === undefined || value.type === 'block') return undefined;
      return toStage(value, site, resolveAssetPath);
    }
  }
}

/** Stage time → time of a layer. */
export function toLayerTime(layerOffset: LayerOffset, timeCode: number): number {
  return isIdentityOffset(layerOffset) ? timeCode : (timeCode - layerOffset.offset) / layerOffset.scale;
}

/** A value as authored in a layer → the value the stage has: asset paths resolved, time codes mapped, dictionaries within. */
export function toStage(value: Value, site: SpecSite, resolveAssetPath: AssetPathResolver): Value {
  if (value.type === 'asset') return makeValue('asset', resolveAsset(value.value, site, resolveAssetPath));
  if (value.type === 'asset[]')
    return makeValue(
      'asset[]',
      value.value.map((asset) => resolveAsset(asset, site, resolveAssetPath)),
    );
  if (value.type === 'dictionary') return makeValue('dictionary', dictionaryToStage(value.value, site, resolveAssetPath));
  if (value.type === 'pathExpression') return makeValue('pathExpression', mapPathExpression(value.value, site.node.mapToRoot));
  if (isIdentityOffset(site.layerOffset)) return value;
  if (value.type === 'timecode') return makeValue('timecode', applyOffset(site.layerOffset, value.value));
  return value.type === 'timecode[]'
    ? makeValue(
        'timecode[]',
        value.value.map((time) => applyOffset(site.layerOffset, time)),
      )
    : value;
}

/** What the strongest spec of a property is of; undefined where there is none. */
export function propertyKind(primStack: readonly SpecSite[], name: string): SpecType | undefined {
  for (let i = 0; i < primStack.length; i++) {
    const { layer, path } = primStack[i] as SpecSite;
    const kind = layer.propertyType(path, name);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** The property specs of a prim's index, strongest first; those of another kind than the strongest are left out. */
export function propertySites(primStack: readonly SpecSite[], name: string): readonly SpecSite[] {
  let sites: SpecSite[] | undefined;
  let kind: string | undefined;
  for (let i = 0; i < primStack.length; i++) {
    const { layer, path, layerOffset, node } = primStack[i] as SpecSite;
    const specType = layer.propertyType(path, name);
    if (specType === undefined) continue;
    kind ??= specType;
    if (specType === kind) (sites ??= []).push({ layer, path: appendProperty(path, name), layerOffset, node });
  }
  return sites ?? NO_SITES;
}

/**
 * The weakest opinion on a field of a property, specs of any kind counted: what decides `custom` and `variability`,
 * so that no override can change what a property is.
 */
export function weakestOpinion(primStack: readonly SpecSite[], name: string, field: string): Value | undefined {
  for (let i = primStack.length - 1; i >= 0; i--) {
    const { layer, path } = primStack[i] as SpecSite;
    const value = layer.propertyType(path, name) === undefined ? undefined : layer.field(appendProperty(path, name), field);
    if (value !== undefined) return value;
  }
  return undefined;
}

function resolveAsset(asset: AssetPath, site: SpecSite, resolveAssetPath: AssetPathResolver): AssetPath {
  return asset.path === '' ? asset : { path: asset.path, resolvedPath: resolveAssetPath(site, asset.path) };
}

function dictionaryToStage(dictionary: Dictionary, site: SpecSite, resolveAssetPath: AssetPathResolver): Dictionary {
  const result = new Map<string, Value>();
  for (const [key, value] of dictionary) result.set(key, toStage(value, site, resolveAssetPath));
  return result;
}
