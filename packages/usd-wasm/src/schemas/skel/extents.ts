/** Extents of Skeletons and SkelRoots: boxes around joints. Source: OpenUSD usdSkel/root.cpp, usdSkel/skeleton.cpp, usdSkel/skinningQuery.cpp. */
import { identity, invert, multiply, transformPoint, type Matrix4d } from '../../gf/matrix4d.ts';
import { isEmptyRange, rangeOfExtent, rangeOfPoints, transformRange, unionRange, EMPTY_RANGE, type Range3d } from '../../gf/range3d.ts';
import type { Prim } from '../../usd/prim.ts';
import { readNumbers } from '../value-readers.ts';
import { localTransform, worldTransform } from '../geom/xformable.ts';
import { SkelCache } from './skel-cache.ts';
import type { SkinningQuery } from './skinning-query.ts';

/** Box around a Skeleton's joints in its own space; undefined where they are not posed. */
export function skeletonExtent(skeleton: Prim, time?: number): Range3d | undefined {
  const joints = new SkelCache().skeletonQuery(skeleton).jointSkelTransforms(time);
  return joints === undefined ? undefined : jointsRange(joints);
}

/**
 * Box of what the skeletons below a SkelRoot move, in its own space: around their joints, with as much room as the
 * skinned prims take beyond the joints at rest. Undefined where no skeleton moves anything.
 */
export function skelRootExtent(skelRoot: Prim, time?: number, cache = new SkelCache()): Range3d | undefined {
  const bindings = cache.bindings(skelRoot, { entersInstances: true });
  if (bindings.length === 0) return undefined;
  let range = EMPTY_RANGE;
  for (const { skeleton, targets } of bindings) {
    const joints = skeleton.jointSkelTransforms(time);
    if (joints === undefined) continue;
    const rest = skeleton.jointSkelRestTransforms();
    const restRange = rest === undefined ? undefined : jointsRange(rest);
    let padding = 0;
    if (restRange !== undefined) for (const target of targets) padding = Math.max(padding, extentPadding(restRange, target));
    const box = jointsRange(joints, rootFromSkeleton(skeleton.prim, skelRoot, time));
    if (isEmptyRange(box)) continue;
    range = unionRange(range, {
      min: [box.min[0] - padding, box.min[1] - padding, box.min[2] - padding],
      max: [box.max[0] + padding, box.max[1] + padding, box.max[2] + padding],
    });
  }
  return range;
}

/** How far the authored extent of a skinned prim, in its bind pose, reaches beyond the joints at rest. */
function extentPadding(restJoints: Range3d, target: SkinningQuery): number {
  // Values before any sample are those of the first.
  const time = -Number.MAX_VALUE;
  const extent = readNumbers(target.prim.getAttribute('extent')?.getValue(time));
  const own = extent === undefined || extent.length !== 6 ? undefined : rangeOfExtent(extent);
  if (own === undefined || isEmptyRange(own) || isEmptyRange(restJoints)) return 0;
  const bound = transformRange(own, target.geomBindTransform(time));
  let padding = 0;
  for (const axis of [0, 1, 2] as const)
    padding = Math.max(padding, restJoints.min[axis] - bound.min[axis], bound.max[axis] - restJoints.max[axis]);
  return padding;
}

/** Box around the joints' origins, taken to another space. */
function jointsRange(joints: Float64Array, matrix?: Matrix4d): Range3d {
  const origins = new Float64Array((joints.length / 16) * 3);
  for (let joint = 0; joint * 16 < joints.length; joint++) {
    const [x, y, z] = [joints[joint * 16 + 12]!, joints[joint * 16 + 13]!, joints[joint * 16 + 14]!];
    origins.set(matrix === undefined ? [x, y, z] : transformPoint(matrix, x, y, z), joint * 3);
  }
  return rangeOfPoints(origins);
}

/** SkelRoot's space from a skeleton's, through the world unless one lies below the other. */
function rootFromSkeleton(skeleton: Prim, skelRoot: Prim, time: number | undefined): Matrix4d {
  let matrix: Matrix4d = identity();
  for (let p: Prim | undefined = skeleton; p !== undefined; p = p.parent) {
    if (p === skelRoot) return matrix;
    const local = localTransform(p, time);
    if (local.resetsStack) break;
    matrix = multiply(matrix, local.matrix);
  }
  const inverse = invert(worldTransform(skelRoot, time));
  return inverse === undefined ? identity() : multiply(worldTransform(skeleton, time), inverse);
}
