/**
 * Skeletons and instances. What is bound at or above an instance is not to be seen from its prototype, which all share:
 * prims in it are looked at through an instance, and instances that are moved differently do not share their geometry.
 */
import { hasPrefix, replacePrefix, type Path, type Prim } from 'usd-wasm';
import type { Space } from './scene-node.ts';

/** Where a prim of a space is seen on the stage: below an instance that shows it, where skeletons may be bound around it. */
export function seenPath(path: Path, space: Space): Path {
  if (space.inherited?.seesSkeletons !== true) return path;
  for (const user of space.users) return replacePrefix(path, space.rootPath, seenPath(user.prim.path, user.space));
  return path;
}

/** What the skeletons in an instance have from outside: equal keys may share geometry. Undefined: nothing. */
export function skeletonKey(instance: Prim): string | undefined {
  let isBelowRoot = false;
  let skeleton: Path | undefined;
  let animation: Path | undefined;
  for (let p: Prim | undefined = instance; p !== undefined; p = p.parent) {
    isBelowRoot ||= p.isA('SkelRoot');
    if (!p.hasAPI('SkelBindingAPI')) continue;
    skeleton ??= p.getRelationship('skel:skeleton')?.getForwardedTargets()[0];
    animation ??= p.getRelationship('skel:animationSource')?.getForwardedTargets()[0];
  }
  if (!isBelowRoot && skeleton === undefined && animation === undefined) return undefined;
  const { path } = instance;
  const within = (target: Path | undefined): string =>
    target === undefined ? '' : hasPrefix(target, path) ? target.slice(path.length) : target;
  // A skeleton elsewhere moves each instance to where it is itself: nothing can be shared.
  const isElsewhere = skeleton !== undefined && !hasPrefix(skeleton, path);
  return `${isElsewhere ? path : ''}|${within(skeleton)}|${within(animation)}`;
}
