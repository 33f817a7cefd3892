/** Skinning as ordinary animation. Source: OpenUSD usdSkel/bakeSkinning.cpp (UsdSkelBakeSkinning). */
import { fromNumbers } from '../../gf/matrix4d.ts';
import { isEmptyRange, type Range3d } from '../../gf/range3d.ts';
import { changeBlock } from '../../sdf/change-block.ts';
import { Layer } from '../../sdf/layer.ts';
import { appendProperty, type Path } from '../../sdf/path.ts';
import type { Prim } from '../../usd/prim.ts';
import type { Stage } from '../../usd/stage.ts';
import { makeTuple, makeValue, type Value } from '../../vt/value.ts';
import { untransformedBounds, type BoundsOverrides } from '../geom/bounds.ts';
import type { Purpose } from '../geom/imageable.ts';
import { isModel } from '../geom/model.ts';
import { interpolationOf, type Interpolation } from '../geom/primvars.ts';
import { authoredAttribute, readNumbers } from '../value-readers.ts';
import { xformResetsStack } from '../geom/xformable.ts';
import { extentOfPoints } from '../geom/shape-extent.ts';
import { bakeTimes, type BakedParts, type TimeInterval } from './bake-times.ts';
import { SkelCache } from './skel-cache.ts';
import type { SkinningQuery } from './skinning-query.ts';

/** What is baked, and where to. */
export interface BakeSkinningOptions {
  /** SkelRoots at and below it are baked; by default all of the stage. Prims in instances are not. */
  readonly root?: Prim;
  /** Times outside of it are not baked; all are by default. */
  readonly interval?: TimeInterval;
  /** Receives the result, in the stage's time codes; a new layer in memory by default, to be stronger than the root layer. */
  readonly layer?: Layer;
}

/** What baking made. */
export interface BakedSkinning {
  /** Holds the results: an over for each prim. */
  readonly layer: Layer;
  /** Prims whose points, normals or transform are baked. */
  readonly prims: readonly Path[];
  /** What could not be skinned, in words. */
  readonly problems: readonly string[];
}

/** Samples of one attribute, by time; undefined is the default. */
type Samples = Map<number | undefined, Value>;

interface BakedPrim {
  readonly query: SkinningQuery;
  readonly parts: BakedParts;
  readonly times: readonly (number | undefined)[];
  readonly points: Samples;
  readonly normals: Samples;
  readonly extent: Samples;
  readonly transform: Samples;
}

const EVERY_TIME: TimeInterval = { min: -Infinity, max: Infinity };
const PURPOSES: readonly Purpose[] = ['default', 'render', 'proxy', 'guide'];

/**
 * Writes what skeletons and blend shapes make of prims as time samples of their points, normals, extents and transforms,
 * renews the extents hints of models above them, and makes their SkelRoots plain Xforms, so that nothing is skinned again.
 *
 * @throws LayerEditError for a layer that may not be edited; the layer is untouched then
 */
export function bakeSkinning(stage: Stage, options: BakeSkinningOptions = {}): BakedSkinning {
  const { layer = Layer.inMemory('baked-skinning.usda'), interval = EVERY_TIME, root = stage.pseudoRoot } = options;
  layer.assertEditable();
  const cache = new SkelCache();
  const baked = new Map<Prim, BakedPrim>();
  const roots = new Set<Prim>();
  for (const prim of stage.traverse(root)) {
    if (!prim.isA('SkelRoot')) continue;
    for (const binding of cache.bindings(prim)) {
      if (!binding.skeleton.isValid) continue;
      const times = bakeTimes(stage, binding, bakedParts, interval);
      for (const query of binding.targets) {
        roots.add(query.binding.skelRoot);
        if (!baked.has(query.prim)) bakePrim(baked, query, times);
      }
    }
  }
  // Everything is computed before anything is written: the layer may be one that the stage reads.
  const hints = bakeExtentsHints(baked, roots);
  changeBlock(() => {
    for (const prim of baked.values()) writePrim(layer, prim);
    for (const skelRoot of roots) {
      layer.createPrimSpec(skelRoot.path);
      layer.setField(skelRoot.path, 'typeName', makeValue('token', 'Xform'));
      layer.setField(skelRoot.path, 'specifier', makeValue('specifier', 'def'));
    }
    for (const [model, samples] of hints) writeSamples(layer, model.path, 'extentsHint', 'float3[]', samples, true);
  });
  const problems = new Set<string>();
  for (const { query } of baked.values()) for (const problem of query.problems) problems.add(`${query.prim.path}: ${problem}`);
  return { layer, prims: [...baked.keys()].map((prim) => prim.path), problems: [...problems] };
}

function bakedParts(query: SkinningQuery): BakedParts {
  const { prim } = query;
  const isPointBased = prim.isA('PointBased');
  const hasPoints = isPointBased && authoredAttribute(prim, 'points') !== undefined;
  const hasNormals = isPointBased && bakedNormals(prim) !== undefined;
  const { skinsPoints, blendsPoints, blendsNormals } = query;
  const blends = (blendsPoints && hasPoints) || (blendsNormals && hasNormals);
  return {
    points: hasPoints && (skinsPoints || blendsPoints),
    normals: hasNormals && (skinsPoints || blendsNormals),
    transform: query.skinsTransform && prim.isA('Xformable'),
    skinsPoints: skinsPoints && (hasPoints || hasNormals),
    blends,
  };
}

/** How `normals` are laid out, if they are of a kind that can be skinned. */
function bakedNormals(prim: Prim): Interpolation | undefined {
  const normals = authoredAttribute(prim, 'normals');
  if (normals === undefined) return undefined;
  const interpolation = interpolationOf(normals, 'vertex');
  const isSkinned = interpolation === 'vertex' || interpolation === 'varying' || (interpolation === 'faceVarying' && prim.isA('Mesh'));
  return isSkinned ? interpolation : undefined;
}

function bakePrim(baked: Map<Prim, BakedPrim>, query: SkinningQuery, times: readonly (number | undefined)[]): void {
  const parts = bakedParts(query);
  if (!parts.points && !parts.normals && !parts.transform) return;
  const { prim } = query;
  const result: BakedPrim = { query, parts, times, points: new Map(), normals: new Map(), extent: new Map(), transform: new Map() };
  baked.set(prim, result);
  const normalsInterpolation = bakedNormals(prim);
  for (const time of times) {
    const points = parts.points ? floatsAt(prim, 'points', time) : undefined;
    if (points !== undefined) {
      const out = new Float32Array(points.length);
      if (query.skinPointsInto(out, points, time)) {
        result.points.set(time, makeValue('float3[]', out));
        const extent = extentOfPoints(prim, out, time);
        if (!isEmptyRange(extent)) result.extent.set(time, extentValue([extent]));
      }
    }
    const normals = parts.normals ? floatsAt(prim, 'normals', time) : undefined;
    if (normals !== undefined && normalsInterpolation !== undefined) {
      const out = new Float32Array(normals.length);
      if (query.skinNormalsInto(out, normals, normalsInterpolation, time)) result.normals.set(time, makeValue('float3[]', out));
    }
    const transform = parts.transform ? query.skinnedTransform(time) : undefined;
    if (transform !== undefined) result.transform.set(time, makeTuple('matrix4d', [...transform]));
  }
}

/** New extents hints of the models at and above baked prims that have some. */
function bakeExtentsHints(baked: ReadonlyMap<Prim, BakedPrim>, roots: ReadonlySet<Prim>): Map<Prim, Samples> {
  const timesOfModel = new Map<Prim, Set<number | undefined>>();
  for (const [prim, { times }] of baked) {
    for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
      if (!p.hasAuthoredProperty('extentsHint') || !isModel(p)) continue;
      const known = timesOfModel.get(p) ?? new Set();
      timesOfModel.set(p, known);
      for (const time of times) known.add(time);
    }
  }
  const hints = new Map<Prim, Samples>();
  for (const [model, times] of timesOfModel) {
    const samples: Samples = new Map();
    for (const time of [...times].sort((a, b) => (a ?? -Infinity) - (b ?? -Infinity))) {
      const overrides = bakedBounds(baked, roots, time);
      const boxes = PURPOSES.map((purpose) => untransformedBounds(model, { time, purposes: new Set([purpose]), overrides }));
      const count = boxes.findLastIndex((box) => !isEmptyRange(box)) + 1;
      samples.set(time, extentValue(boxes.slice(0, Math.max(1, count))));
    }
    hints.set(model, samples);
  }
  return hints;
}

/** Extents and transforms as they are once the result is part of the stage. */
function bakedBounds(baked: ReadonlyMap<Prim, BakedPrim>, roots: ReadonlySet<Prim>, time: number | undefined): BoundsOverrides {
  return {
    extentOf(prim) {
      if (roots.has(prim)) return null;
      const value = sampleAt(baked.get(prim)?.extent, time);
      const numbers = readNumbers(value);
      if (numbers === undefined) return undefined;
      return { min: [numbers[0]!, numbers[1]!, numbers[2]!], max: [numbers[3]!, numbers[4]!, numbers[5]!] };
    },
    localTransformOf(prim) {
      const value = sampleAt(baked.get(prim)?.transform, time);
      return value?.type === 'matrix4d' ? fromNumbers(value.value) : undefined;
    },
  };
}

/** The sample at a time; between the times of other skeletons the last one before. */
function sampleAt(samples: Samples | undefined, time: number | undefined): Value | undefined {
  if (samples === undefined || samples.has(time)) return samples?.get(time);
  let found: Value | undefined;
  for (const [sampleTime, value] of samples) {
    if (found !== undefined && !(sampleTime !== undefined && time !== undefined && sampleTime <= time)) break;
    found = value;
  }
  return found;
}

function writePrim(layer: Layer, { query, parts, points, normals, extent, transform }: BakedPrim): void {
  const { path } = query.prim;
  if (parts.points) {
    writeSamples(layer, path, 'points', 'point3f[]', points);
    writeSamples(layer, path, 'extent', 'float3[]', extent, !query.prim.isA('Mesh'));
  }
  if (parts.normals) writeSamples(layer, path, 'normals', 'normal3f[]', normals);
  if (!parts.transform) return;
  const resets = xformResetsStack(query.prim);
  writeSamples(layer, path, 'xformOp:transform', 'matrix4d', transform);
  const order = appendProperty(path, 'xformOpOrder');
  layer.createPropertySpec(order, 'attribute', { typeName: 'token[]', variability: 'uniform' });
  layer.setField(order, 'default', makeValue('token[]', [...(resets ? ['!resetXformStack!'] : []), 'xformOp:transform']));
}

/** Writes samples in place of those that were there, and the default if there is a new one or the old one is not kept. */
function writeSamples(layer: Layer, prim: Path, name: string, typeName: string, samples: Samples, replacesDefault = false): void {
  const path = appendProperty(prim, name);
  layer.createPropertySpec(path, 'attribute', { typeName });
  const byDefault = samples.get(undefined);
  if (byDefault !== undefined || replacesDefault) layer.setField(path, 'default', byDefault);
  const timed = [...samples].filter((entry): entry is [number, Value] => entry[0] !== undefined);
  const values = timed.map(([, value]) => value);
  const times = Float64Array.from(timed, ([time]) => time);
  const field = timed.length === 0 ? undefined : makeValue('timeSamples', { times, value: (index) => values[index] as Value });
  layer.setField(path, 'timeSamples', field);
}

function floatsAt(prim: Prim, name: string, time: number | undefined): Float32Array | undefined {
  const numbers = readNumbers(prim.getAttribute(name)?.getValue(time));
  return numbers === undefined || numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
}

function extentValue(boxes: readonly Range3d[]): Value {
  return makeValue('float3[]', Float32Array.from(boxes.flatMap((box) => (isEmptyRange(box) ? EMPTY_EXTENT : [...box.min, ...box.max]))));
}

const FLOAT_MAX = 3.4028234663852886e38;
const EMPTY_EXTENT = [FLOAT_MAX, FLOAT_MAX, FLOAT_MAX, -FLOAT_MAX, -FLOAT_MAX, -FLOAT_MAX];
