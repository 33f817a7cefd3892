/** Visibility and purpose. Source: OpenUSD usdGeom/imageable.cpp; schemas.md 2.1. */
import type { Prim } from '../../usd/prim.ts';
import { authoredAttribute, readText } from '../value-readers.ts';

/** What geometry is for: everything, final pictures, quick pictures, or hints for people. */
export type Purpose = 'default' | 'render' | 'proxy' | 'guide';

/** `invisible` where the prim or an imageable ancestor says so. */
export function computeVisibility(prim: Prim, time?: number): 'inherited' | 'invisible' {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) if (ownVisibility(p, time) === 'invisible') return 'invisible';
  return 'inherited';
}

/** What the prim itself says. */
export function ownVisibility(prim: Prim, time?: number): 'inherited' | 'invisible' {
  return prim.hasAuthoredProperty('visibility') &&
    prim.isA('Imageable') &&
    readText(prim.getAttribute('visibility')?.getValue(time)) === 'invisible'
    ? 'invisible'
    : 'inherited';
}

/** The prim's authored purpose, else that of the nearest imageable ancestor that authors one, else `default`. */
export function computePurpose(prim: Prim): Purpose {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    const purpose = ownPurpose(p);
    if (purpose !== undefined) return purpose;
  }
  return 'default';
}

/** Authored purpose of the prim itself. */
export function ownPurpose(prim: Prim): Purpose | undefined {
  if (!prim.hasAuthoredProperty('purpose') || !prim.isA('Imageable')) return undefined;
  const purpose = readText(authoredAttribute(prim, 'purpose')?.getValue());
  return purpose === 'default' || purpose === 'render' || purpose === 'proxy' || purpose === 'guide' ? purpose : undefined;
}

/**
 * Whether a prim shows where a purpose is drawn: `visibility` first, then what the VisibilityAPI of the prim or the nearest
 * ancestor says of that purpose. Guides are hidden and the others shown where nothing is said.
 */
export function computeEffectiveVisibility(prim: Prim, purpose: Purpose, time?: number): 'visible' | 'invisible' | 'inherited' {
  if (computeVisibility(prim, time) === 'invisible') return 'invisible';
  if (purpose === 'default') return 'visible';
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    if (!p.hasAPI('VisibilityAPI')) continue;
    const own = readText(p.getAttribute(`${purpose}Visibility`)?.getValue(time));
    if (own === 'visible' || own === 'invisible') return own;
  }
  return purpose === 'guide' ? 'invisible' : 'inherited';
}

/**
 * The prim that stands in for a prim of purpose `render`: the single target of `proxyPrim` on the topmost of the ancestors that
 * are for rendering as well. Undefined where there is none, or the target is no proxy.
 */
export function computeProxyPrim(prim: Prim): Prim | undefined {
  let root: Prim | undefined;
  for (let p: Prim | undefined = prim; p !== undefined && computePurpose(p) === 'render'; p = p.parent) root = p;
  const targets = root?.getRelationship('proxyPrim')?.getForwardedTargets() ?? [];
  const proxy = targets.length === 1 ? prim.stage.getPrimAtPath(targets[0] as Prim['path']) : undefined;
  return proxy !== undefined && computePurpose(proxy) === 'proxy' ? proxy : undefined;
}
