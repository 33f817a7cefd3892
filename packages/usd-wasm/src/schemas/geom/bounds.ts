/** Extents and bounds. Source: OpenUSD usdGeom/boundable.cpp, usdGeom/bboxCache.cpp; schemas.md 2.3. */
import { identity, multiply, type Matrix4d } from '../../gf/matrix4d.ts';
import { EMPTY_RANGE, isEmptyRange, rangeOfExtent, transformRange, unionRange, type Range3d } from '../../gf/range3d.ts';
import type { Prim } from '../../usd/prim.ts';
import { authoredAttribute, readNumbers } from '../value-readers.ts';
import { skeletonExtent, skelRootExtent } from '../skel/extents.ts';
import { computePurpose, computeVisibility, ownPurpose, ownVisibility, type Purpose } from './imageable.ts';
import { pointInstances } from './point-instancer.ts';
import { extentOfShape } from './shape-extent.ts';
import { localTransform, worldTransform } from './xformable.ts';

/** What bounds are computed of. */
export interface BoundsOptions {
  /** Stage time; undefined takes default values. */
  readonly time?: number | undefined;
  /** Purposes that count; `default`, `render` and `proxy` by default. */
  readonly purposes?: ReadonlySet<Purpose>;
  /** Trusts `extentsHint` of models instead of looking below them; false by default. */
  readonly usesExtentsHint?: boolean;
  /** What to take instead of the stage's opinions, for results that no layer holds yet. */
  readonly overrides?: BoundsOverrides;
}

/** Facts to compute bounds with that no layer holds. */
export interface BoundsOverrides {
  /** Extent of a prim; null: it has none, whatever the stage says; undefined: as the stage says. */
  readonly extentOf: (prim: Prim) => Range3d | null | undefined;
  /** Parent from local; undefined: as the stage says. */
  readonly localTransformOf: (prim: Prim) => Matrix4d | undefined;
}

const DRAWN_PURPOSES: ReadonlySet<Purpose> = new Set<Purpose>(['default', 'render', 'proxy']);
const PURPOSE_ORDER: readonly Purpose[] = ['default', 'render', 'proxy', 'guide'];
/** Point instancers may nest and refer to each other: deeper ones are not entered. */
const MAX_INSTANCER_DEPTH = 8;

/**
 * Local box of one prim's own geometry: authored `extent`, else computed from its attributes. Undefined for prims without geometry.
 */
export function computeExtent(prim: Prim, time?: number): Range3d | undefined {
  if (!prim.isA('Boundable')) return undefined;
  const authored = readNumbers(authoredAttribute(prim, 'extent')?.getValue(time));
  if (authored !== undefined && authored.length === 6) return rangeOfExtent(authored);
  return computeExtentFromPlugins(prim, time);
}

/** Local box of one prim's own geometry, computed from its other attributes, whatever its `extent` says. */
export function computeExtentFromPlugins(prim: Prim, time?: number): Range3d | undefined {
  if (!prim.isA('Boundable')) return undefined;
  if (prim.isA('SkelRoot')) return skelRootExtent(prim, time);
  return prim.isA('Skeleton') ? skeletonExtent(prim, time) : extentOfShape(prim, time);
}

/** Box of a prim and everything below it in world space (of a prototype: in its own space), visible prims of the purposes only. */
export function worldBounds(prim: Prim, options: BoundsOptions = {}): Range3d {
  return boundsIn(prim, worldTransform(prim, options.time), options);
}

/** As `worldBounds`, in the prim's own space: without its transform. */
export function untransformedBounds(prim: Prim, options: BoundsOptions = {}): Range3d {
  return boundsIn(prim, identity(), options);
}

function boundsIn(prim: Prim, space: Matrix4d, options: BoundsOptions): Range3d {
  const walk: Walk = {
    time: options.time,
    purposes: options.purposes ?? DRAWN_PURPOSES,
    usesExtentsHint: options.usesExtentsHint ?? false,
    overrides: options.overrides,
    shared: new Map(),
    instancerDepth: 0,
  };
  const { parent } = prim;
  if (parent !== undefined && computeVisibility(parent, walk.time) === 'invisible') return EMPTY_RANGE;
  const purpose = parent === undefined ? 'default' : computePurpose(parent);
  return boundsBelow(prim, space, purpose, walk);
}

interface Walk {
  readonly time: number | undefined;
  readonly purposes: ReadonlySet<Purpose>;
  readonly usesExtentsHint: boolean;
  readonly overrides: BoundsOverrides | undefined;
  /** Boxes of prototypes in their own space, by inherited purpose. */
  readonly shared: Map<string, Range3d>;
  readonly instancerDepth: number;
}

function boundsBelow(prim: Prim, world: Matrix4d, inheritedPurpose: Purpose, walk: Walk): Range3d {
  if (ownVisibility(prim, walk.time) === 'invisible') return EMPTY_RANGE;
  const purpose = ownPurpose(prim) ?? inheritedPurpose;
  if (walk.usesExtentsHint) {
    const hint = extentsHint(prim, walk);
    if (hint !== undefined) return transformRange(hint, world);
  }
  let range: Range3d = EMPTY_RANGE;
  if (prim.isA('PointInstancer')) return walk.purposes.has(purpose) ? instancerBounds(prim, world, purpose, walk) : EMPTY_RANGE;
  if (walk.purposes.has(purpose)) {
    const known = walk.overrides?.extentOf(prim);
    const extent = known === undefined ? computeExtent(prim, walk.time) : known;
    if (extent !== undefined && extent !== null && !isEmptyRange(extent)) {
      range = transformRange(extent, world);
      // Its box is that of everything skinned below, which stands elsewhere than the prims say.
      if (prim.isA('SkelRoot')) return range;
    }
  }
  const { prototype } = prim;
  if (prototype !== undefined) return unionRange(range, transformRange(sharedBounds(prototype, purpose, walk), world));
  for (const child of prim.children) {
    const { matrix, resetsStack } = localTransform(child, walk.time);
    const local = walk.overrides?.localTransformOf(child) ?? matrix;
    range = unionRange(range, boundsBelow(child, resetsStack ? local : multiply(local, world), purpose, walk));
  }
  return range;
}

/** Box of a prototype's children in the prototype's space: computed once. */
function sharedBounds(prototype: Prim, purpose: Purpose, walk: Walk): Range3d {
  const key = `${purpose} ${prototype.path}`;
  let range = walk.shared.get(key);
  if (range === undefined) {
    range = EMPTY_RANGE;
    walk.shared.set(key, range);
    for (const child of prototype.children)
      range = unionRange(range, boundsBelow(child, localTransform(child, walk.time).matrix, purpose, walk));
    walk.shared.set(key, range);
  }
  return range;
}

function instancerBounds(prim: Prim, world: Matrix4d, purpose: Purpose, walk: Walk): Range3d {
  const authored = readNumbers(authoredAttribute(prim, 'extent')?.getValue(walk.time));
  const extent = authored === undefined ? undefined : rangeOfExtent(authored);
  if (extent !== undefined) return transformRange(extent, world);
  if (walk.instancerDepth >= MAX_INSTANCER_DEPTH) return EMPTY_RANGE;
  const instances = pointInstances(prim, walk.time);
  const inner = { ...walk, instancerDepth: walk.instancerDepth + 1 };
  const unit = identity();
  const boxes = instances.prototypes.map((path) => {
    const root = prim.stage.getPrimAtPath(path);
    return root === undefined ? EMPTY_RANGE : boundsBelow(root, unit, purpose, inner);
  });
  let range: Range3d = EMPTY_RANGE;
  for (let i = 0; i < instances.count; i++) {
    const box = boxes[instances.prototypeIndices[i]!];
    if (box !== undefined && !isEmptyRange(box))
      range = unionRange(range, transformRange(box, instances.transforms.subarray(i * 16, i * 16 + 16)));
  }
  return transformRange(range, world);
}

/** Union of the authored hint's boxes of the purposes; undefined where there is no hint. */
function extentsHint(prim: Prim, walk: Walk): Range3d | undefined {
  const hint = readNumbers(authoredAttribute(prim, 'extentsHint')?.getValue(walk.time));
  if (hint === undefined || hint.length < 6) return undefined;
  let range: Range3d = EMPTY_RANGE;
  PURPOSE_ORDER.forEach((purpose, i) => {
    const box = walk.purposes.has(purpose) ? rangeOfExtent(hint, i * 6) : undefined;
    if (box !== undefined) range = unionRange(range, box);
  });
  return range;
}
