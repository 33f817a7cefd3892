/**
 * Value clips: samples of attributes kept in other layers, by time. Source: OpenUSD usd/clipSet.cpp, usd/clip.cpp; values.md section 5.
 */
import type { PrimIndex, PrimIndexNode, SpecSite } from '../pcp/prim-index.ts';
import type { Layer } from '../sdf/layer.ts';
import { appendProperty, replacePrefix, stripVariants, type Path } from '../sdf/path.ts';
import { makeValue, type TimeSamples, type Value } from '../vt/value.ts';
import { clipSetDefinitions, type ClipSetDefinition, type ClipTime } from './clip-set-definition.ts';
import { bracketingSamples, interpolate, leftLimit, sampleAt, type InterpolationType } from './interpolation.ts';
import type { Prim, PrimFact } from './prim.ts';
import { toStage, type AssetPathResolver } from './value-resolution.ts';

/** The clips that animate one attribute. */
export interface ClipSource {
  /** Value at a stage time; undefined where the clips say that there is none. */
  valueAt(timeCode: number, interpolation: InterpolationType, side?: 'at' | 'before'): Value | undefined;
  /** Sample times in stage time. */
  times(): Float64Array;
}

export interface PlacedClips {
  readonly clips: ClipSource;
  /** Number of the attribute's specs that are stronger than the clips. */
  readonly strongerSites: number;
}

interface ClipSet {
  readonly definition: ClipSetDefinition;
  /** Index path of the prim that has the clips, and its index. */
  readonly owner: Path;
  readonly index: PrimIndex;
  readonly clips: readonly Clip[];
  readonly times: readonly ClipTime[];
  /** undefined: declared by whatever samples the clips have. */
  readonly manifest: Layer | undefined;
}

interface Clip {
  readonly layer: Layer | undefined;
  /** Where it begins as authored, and the stage times it is active in: [from, to). */
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** How far before a jump its left side is. Source: OpenUSD usd/timeCode.h, SafeStep(1e6, 10). */
const SAFE_STEP = 1e6 * Number.EPSILON * 10 * 2;
const NONE: readonly PlacedClips[] = [];
const NO_SETS: readonly ClipSet[] = [];
const CLIP_SETS: PrimFact<readonly ClipSet[]> = { compute: readClipSets };

/** Asset identifiers that the clip sets of a prim need: to be read before values are asked for. */
export function clipAssets(primStack: readonly SpecSite[], resolveAssetPath: AssetPathResolver, mostClips?: number): string[] {
  return clipSetDefinitions(primStack, mostClips).flatMap(({ anchor, assetPaths, manifestPath }) =>
    [...assetPaths, ...(manifestPath === undefined ? [] : [manifestPath])].map((path) => resolveAssetPath(anchor, path)),
  );
}

/** Clips with samples for an attribute, strongest first: those of the prim, then those of its ancestors. */
export function clipsFor(prim: Prim, name: string, sites: readonly SpecSite[]): readonly PlacedClips[] {
  if (!prim.stage.hasClips) return NONE;
  let result: PlacedClips[] | undefined;
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    for (const set of p.fact(CLIP_SETS)) {
      const path = appendProperty(replacePrefix(prim.record.indexPath, set.owner, set.definition.clipPrimPath as Path), name);
      if (declares(set, path))
        (result ??= []).push({
          clips: new AttributeClips(prim, set, path),
          strongerSites: countStronger(sites, set, prim.record.indexPath),
        });
    }
  }
  return result ?? NONE;
}

function readClipSets(prim: Prim): readonly ClipSet[] {
  const { index, indexPath } = prim.record;
  if (!index.primStack.some((site) => site.layer.field(site.path, 'clips') !== undefined)) return NO_SETS;
  return clipSetDefinitions(index.primStack).flatMap((definition) => {
    const layerOf = (path: string): Layer | undefined => prim.stage.getLayer(prim.stage.resolveAssetPath(definition.anchor, path));
    const layers = definition.assetPaths.map(layerOf);
    // Candidates of a template only count where the file exists.
    const active = definition.active.filter(([, clip]) => !definition.isTemplate || layers[clip] !== undefined);
    const clips = active.map(([start, clip], i): Clip => ({
      layer: layers[clip],
      start,
      from: i === 0 ? -Infinity : start,
      to: active[i + 1]?.[0] ?? Infinity,
    }));
    const manifest = definition.manifestPath === undefined ? undefined : layerOf(definition.manifestPath);
    const times = definition.times.filter(({ candidate }) => candidate === undefined || layers[candidate] !== undefined);
    return clips.length === 0 ? [] : [{ definition, owner: indexPath, index, clips, times, manifest }];
  });
}

/** Whether the manifest, or without one any clip, has samples for the attribute. */
function declares({ manifest, clips }: ClipSet, path: Path): boolean {
  if (manifest !== undefined)
    return manifest.specType(path) === 'attribute' && manifest.fieldAs(path, 'variability', 'variability') !== 'uniform';
  return clips.some(({ layer }) => samplesOf(layer, path) !== undefined);
}

function samplesOf(layer: Layer | undefined, path: Path): TimeSamples | undefined {
  const samples = layer?.fieldAs(path, 'timeSamples', 'timeSamples');
  return samples === undefined || samples.times.length === 0 ? undefined : samples;
}

class AttributeClips implements ClipSource {
  readonly #prim: Prim;
  readonly #set: ClipSet;
  readonly #path: Path;
  #clips: readonly (Clip & { readonly samples: TimeSamples | undefined })[] | undefined;
  #times: Float64Array | undefined;

  constructor(prim: Prim, set: ClipSet, path: Path) {
    this.#prim = prim;
    this.#set = set;
    this.#path = path;
  }

  valueAt(timeCode: number, interpolation: InterpolationType, side: 'at' | 'before' = 'at'): Value | undefined {
    const times = this.times();
    const [lower, upper] = bracketingSamples(times, timeCode);
    const value = this.#sample(times[lower]!, interpolation);
    if (side === 'before' && lower > 0 && times[lower] === timeCode) {
      const previous = this.#sample(times[lower - 1]!, interpolation);
      // At a jump the sample before is the left side of the time itself.
      if (timeCode - times[lower - 1]! <= 2 * SAFE_STEP) return previous;
      return previous === undefined || value === undefined ? previous : leftLimit(previous, value, interpolation);
    }
    if (lower === upper || interpolation === 'held' || value === undefined) return value;
    const next = this.#sample(times[upper]!, interpolation);
    return next === undefined ? value : interpolate(value, next, (timeCode - times[lower]!) / (times[upper]! - times[lower]!));
  }

  times(): Float64Array {
    if (this.#times === undefined) {
      const times = new Set<number>();
      for (const clip of this.#contributing()) addClipTimes(clip, clip.samples, this.#set.times, times);
      if (times.size === 0) times.add((this.#set.clips[0] as Clip).start);
      this.#times = Float64Array.from(times).sort();
    }
    return this.#times;
  }

  /** Clips that have a say on the attribute, in order of time. Those without samples only where nothing fills them in. */
  #contributing(): readonly (Clip & { readonly samples: TimeSamples | undefined })[] {
    if (this.#clips === undefined) {
      const all = this.#set.clips.map((clip) => ({ ...clip, samples: samplesOf(clip.layer, this.#path) }));
      const fills = this.#set.definition.interpolatesMissing && this.#missing() === undefined;
      this.#clips = fills ? all.filter(({ samples }) => samples !== undefined) : all;
    }
    return this.#clips;
  }

  #sample(time: number, interpolation: InterpolationType): Value | undefined {
    const clip = this.#contributing().find(({ from, to }) => time >= from && time < to);
    if (clip?.samples === undefined || clip.layer === undefined) return this.#missing();
    const clipTime = mapToClip(this.#set.times, time);
    const value = sampleAt(clip.samples, clipTime, interpolation);
    if (value.type === 'block') return undefined;
    // Time codes move with the clip: by as much as its time is shifted here.
    if (value.type === 'timecode') return makeValue('timecode', value.value + (time - clipTime));
    if (value.type === 'timecode[]')
      return makeValue(
        'timecode[]',
        value.value.map((code) => code + (time - clipTime)),
      );
    const { anchor } = this.#set.definition;
    return toStage(value, { ...anchor, layer: clip.layer }, this.#prim.stage.resolveAssetPath);
  }

  /** What a clip without samples gives: the manifest's default, or nothing. */
  #missing(): Value | undefined {
    const value = this.#set.manifest?.field(this.#path, 'default');
    return value === undefined || value.type === 'block' ? undefined : value;
  }
}

function addClipTimes(clip: Clip, samples: TimeSamples | undefined, mapping: readonly ClipTime[], times: Set<number>): void {
  const add = (time: number): void => {
    if (time >= clip.from && time < clip.to) times.add(time);
  };
  times.add(clip.start);
  if (mapping.length === 0) {
    for (const time of samples?.times ?? []) add(time);
    return;
  }
  mapping.forEach(({ stage }, i) => add(mapping[i + 1]?.stage === stage ? stage - SAFE_STEP : stage));
  if (samples === undefined) return;
  for (let i = 0; i + 1 < mapping.length; i++) {
    const { stage: stage0, clip: clip0 } = mapping[i] as ClipTime;
    const { stage: stage1, clip: clip1 } = mapping[i + 1] as ClipTime;
    if (clip0 === clip1 || stage1 === stage0) continue;
    for (const time of samples.times) {
      const u = (time - clip0) / (clip1 - clip0);
      if (u > 0 && u < 1) add(stage0 + u * (stage1 - stage0));
    }
  }
}

/** Stage time → time in the clip: piecewise linear, held beyond the ends. */
function mapToClip(mapping: readonly ClipTime[], time: number): number {
  const first = mapping[0];
  const last = mapping[mapping.length - 1];
  if (first === undefined || last === undefined) return time;
  if (time < first.stage) return first.clip;
  if (time >= last.stage) return last.clip;
  let i = 0;
  while ((mapping[i + 1] as ClipTime).stage <= time) i++;
  const { stage: stage0, clip: clip0 } = mapping[i] as ClipTime;
  const { stage: stage1, clip: clip1 } = mapping[i + 1] as ClipTime;
  return stage0 === time ? clip0 : clip0 + ((time - stage0) / (stage1 - stage0)) * (clip1 - clip0);
}

/** Number of an attribute's specs that are stronger than a clip set: those up to its anchor layer in its node, and in stronger nodes. */
function countStronger(sites: readonly SpecSite[], { definition, index, owner }: ClipSet, primPath: Path): number {
  const { anchor } = definition;
  const order = new Map<string, number>();
  addOrder(index.root, order);
  const anchorOrder = order.get(siteKey(anchor.node, '')) ?? 0;
  const below = primPath.slice(owner.length);
  const anchorLayer = anchor.node.layerStack.layers.indexOf(anchor.layer);
  let count = 0;
  for (const site of sites) {
    const isStronger = isStrongerThan(
      site,
      below,
      order,
      anchorOrder,
      (layer) => anchor.node.layerStack.layers.indexOf(layer) <= anchorLayer,
    );
    if (!isStronger) break;
    count++;
  }
  return count;
}

function isStrongerThan(
  site: SpecSite,
  below: string,
  order: ReadonlyMap<string, number>,
  anchorOrder: number,
  isUpToAnchor: (layer: Layer) => boolean,
): boolean {
  for (let node: PrimIndexNode | undefined = site.node; node !== undefined; node = node.parent) {
    const at = order.get(siteKey(node, below));
    if (at === undefined) continue;
    if (at !== anchorOrder) return at < anchorOrder;
    // Arcs added below the clips' node are weaker than what is local to it.
    return node === site.node && isUpToAnchor(site.layer);
  }
  return false;
}

function addOrder(node: PrimIndexNode, order: Map<string, number>): void {
  const key = siteKey(node, '');
  if (!order.has(key)) order.set(key, order.size);
  for (const child of node.children) addOrder(child, order);
}

/** Site of a node, or of the ancestor of its path that is `below` shorter. Variants further down do not count. */
function siteKey(node: PrimIndexNode, below: string): string {
  if (below === '') return `${node.layerStack.key}\n${node.path}`;
  const plain = stripVariants(node.path);
  if (!plain.endsWith(below)) return '';
  // Cut name by name from the path with its variants.
  let path = node.path as string;
  for (let cut = below.split('/').length - 1; cut > 0; cut--) {
    path = path.replace(/\{[^{}]*\}$/, '');
    const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('}'));
    path = path[slash] === '}' ? path.slice(0, slash + 1) : path.slice(0, slash);
  }
  return `${node.layerStack.key}\n${path}`;
}
