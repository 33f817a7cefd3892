/** Which skeleton a prim is bound to, and by what properties. Source: OpenUSD usdSkel/cacheImpl.cpp, usdSkel/bindingAPI.cpp; schemas.md 4.3. */
import type { Path } from '../../sdf/path.ts';
import type { Attribute } from '../../usd/attribute.ts';
import type { Prim } from '../../usd/prim.ts';
import type { Relationship } from '../../usd/relationship.ts';
import { authoredAttribute } from '../value-readers.ts';
import { isSkelAnimation } from './anim-query.ts';

/** What is bound to a skinnable prim. Attributes have an authored value: the prim's own, else that of the nearest ancestor with one. */
export interface SkelBinding {
  /** The skinnable prim. */
  readonly prim: Prim;
  /** Nearest SkelRoot at or above the prim. */
  readonly skelRoot: Prim;
  /** Target of `skel:skeleton`. */
  readonly skeletonPath: Path;
  /** Undefined where the target is no active Skeleton. */
  readonly skeleton: Prim | undefined;
  /** `primvars:skel:jointIndices`. */
  readonly jointIndices: Attribute | undefined;
  /** `primvars:skel:jointWeights`. */
  readonly jointWeights: Attribute | undefined;
  /** `primvars:skel:geomBindTransform`. */
  readonly geomBindTransform: Attribute | undefined;
  /** `skel:joints`, the order that indices refer to. */
  readonly joints: Attribute | undefined;
  /** `primvars:skel:skinningMethod`. */
  readonly skinningMethod: Attribute | undefined;
  /** The prim's own: not inherited. */
  readonly blendShapes: Attribute | undefined;
  /** The prim's own: not inherited. */
  readonly blendShapeTargets: Relationship | undefined;
}

const API = 'SkelBindingAPI';

/** The binding of a skinnable prim below a SkelRoot; undefined where it has none, or takes it back. */
export function skelBinding(prim: Prim): SkelBinding | undefined {
  if (!isSkinnable(prim)) return undefined;
  const chain = chainToSkelRoot(prim);
  if (chain === undefined) return undefined;
  const appliers = chain.filter((p) => p.hasAPI(API));
  let skeletonPath: Path | undefined;
  for (const p of appliers) {
    const relationship = p.getRelationship('skel:skeleton');
    if (relationship?.hasAuthoredTargets !== true) continue;
    skeletonPath = relationship.getForwardedTargets()[0];
    break;
  }
  if (skeletonPath === undefined) return undefined;
  const target = prim.stage.getPrimAtPath(skeletonPath);
  const nearest = (name: string): Attribute | undefined => {
    for (const p of appliers) {
      const attribute = authoredAttribute(p, name);
      if (attribute !== undefined) return attribute;
    }
    return undefined;
  };
  const isApplied = appliers[0] === prim;
  const targets = isApplied ? prim.getRelationship('skel:blendShapeTargets') : undefined;
  return {
    prim,
    skelRoot: chain.find((p) => p.isA('SkelRoot')) as Prim,
    skeletonPath,
    skeleton: target?.isActive === true && target.isA('Skeleton') ? target : undefined,
    jointIndices: nearest('primvars:skel:jointIndices'),
    jointWeights: nearest('primvars:skel:jointWeights'),
    geomBindTransform: nearest('primvars:skel:geomBindTransform'),
    joints: nearest('skel:joints'),
    skinningMethod: nearest('primvars:skel:skinningMethod'),
    blendShapes: isApplied ? authoredAttribute(prim, 'skel:blendShapes') : undefined,
    blendShapeTargets: targets?.hasAuthoredTargets === true ? targets : undefined,
  };
}

/** Whether a skeleton may move the prim: any boundable but SkelRoots and Skeletons. */
export function isSkinnable(prim: Prim): boolean {
  return prim.isA('Boundable') && !prim.isA('SkelRoot') && !prim.isA('Skeleton');
}

/** The animation that drives a skeleton: the nearest `skel:animationSource` on it or its ancestors, if that is an active SkelAnimation. */
export function animationSource(skeleton: Prim): Prim | undefined {
  for (let p: Prim | undefined = skeleton; p !== undefined; p = p.parent) {
    const relationship = p.hasAPI(API) ? p.getRelationship('skel:animationSource') : undefined;
    if (relationship?.hasAuthoredTargets !== true) continue;
    const target = relationship.getForwardedTargets()[0];
    const animation = target === undefined ? undefined : skeleton.stage.getPrimAtPath(target);
    return animation?.isActive === true && isSkelAnimation(animation) ? animation : undefined;
  }
  return undefined;
}

/**
 * The prim and its ancestors up to the outermost SkelRoot, nearest first. Undefined where there is none, or what lies between
 * hands nothing down: prims that are not imageable, and other skinnable prims.
 */
function chainToSkelRoot(prim: Prim): readonly Prim[] | undefined {
  const chain: Prim[] = [];
  let length = 0;
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    chain.push(p);
    if (p.isA('SkelRoot')) length = chain.length;
  }
  chain.length = length;
  const isBroken = chain.some((p) => !p.isA('Imageable') || (p !== prim && isSkinnable(p)));
  return length === 0 || isBroken ? undefined : chain;
}
