/** Which skeleton a prim is bound to. Source: OpenUSD usdSkel/cacheImpl.cpp; schemas.md 4.3. */
import type { Path } from '../../sdf/path.ts';
import type { Prim } from '../../usd/prim.ts';

export interface SkelBinding {
  readonly skelRoot: Prim;
  /** Undefined where the binding is taken back or its target does not exist. */
  readonly skeleton: Prim | undefined;
  readonly skeletonPath: Path | undefined;
}

/** The binding of a geometry prim below a SkelRoot; undefined where it is not skinned. */
export function skelBinding(prim: Prim): SkelBinding | undefined {
  if (!prim.isA('Boundable') || prim.isA('SkelRoot') || prim.isA('Skeleton')) return undefined;
  const skelRoot = ancestorOfType(prim, 'SkelRoot');
  if (skelRoot === undefined) return undefined;
  let hasInfluences = false;
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    if (p.hasAPI('SkelBindingAPI')) {
      hasInfluences ||=
        p.getAttribute('primvars:skel:jointIndices')?.hasAuthoredValue === true ||
        p.getAttribute('skel:blendShapes')?.hasAuthoredValue === true;
      const relationship = p.getRelationship('skel:skeleton');
      if (relationship?.hasAuthoredTargets === true) {
        const skeletonPath = relationship.getForwardedTargets()[0];
        if (!hasInfluences) hasInfluences = inheritsInfluences(p);
        if (skeletonPath === undefined || !hasInfluences) return undefined;
        return { skelRoot, skeletonPath, skeleton: prim.stage.getPrimAtPath(skeletonPath) };
      }
    }
    if (p === skelRoot) return undefined;
  }
  return undefined;
}

/** The animation that drives a skeleton: the nearest `skel:animationSource` on it or its ancestors. */
export function animationSource(skeleton: Prim): Prim | undefined {
  for (let p: Prim | undefined = skeleton; p !== undefined; p = p.parent) {
    const relationship = p.hasAPI('SkelBindingAPI') ? p.getRelationship('skel:animationSource') : undefined;
    if (relationship?.hasAuthoredTargets !== true) continue;
    const target = relationship.getForwardedTargets()[0];
    return target === undefined ? undefined : skeleton.stage.getPrimAtPath(target);
  }
  return undefined;
}

function inheritsInfluences(prim: Prim): boolean {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent)
    if (p.getAttribute('primvars:skel:jointIndices')?.hasAuthoredValue === true) return true;
  return false;
}

function ancestorOfType(prim: Prim, typeName: string): Prim | undefined {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) if (p.isA(typeName)) return p;
  return undefined;
}
