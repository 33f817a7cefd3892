/** Visibility and purpose. Source: OpenUSD usdGeom/imageable.cpp; schemas.md 2.1. */
import type { Prim } from '../../usd/prim.ts';
import { authoredAttribute, readText } from '../value-readers.ts';

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
