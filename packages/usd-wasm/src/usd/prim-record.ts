/**
 * What the stage keeps of a composed prim. Records form the tree; `Prim` handles are made from them when asked for.
 * Source: OpenUSD usd/primData.h; composition.md section 11.
 */
import type { PrimIndex, PrimIndexNode } from '../pcp/prim-index.ts';
import type { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import type { Prim } from './prim.ts';

export const PRIM_ACTIVE = 1;
export const PRIM_DEFINED = 2;
export const PRIM_ABSTRACT = 4;
export const PRIM_LOADED = 8;
export const PRIM_INSTANCE = 16;
export const PRIM_IN_PROTOTYPE = 32;
export const PRIM_PROTOTYPE = 64;
/** The prim is gone from the stage: its subtree was composed anew. */
export const PRIM_EXPIRED = 128;

/** Flags of prims an ordinary traversal visits. */
export const PRIM_DEFAULT_MASK = PRIM_ACTIVE | PRIM_DEFINED | PRIM_LOADED | PRIM_ABSTRACT;
export const PRIM_DEFAULT_FLAGS = PRIM_ACTIVE | PRIM_DEFINED | PRIM_LOADED;

export interface PrimRecord {
  /** Where the prim is on the stage, e.g. `/__Prototype_1/Geom`. */
  readonly path: Path;
  /** Where its index was composed: inside prototypes the path below the instance that serves as source. */
  readonly indexPath: Path;
  readonly parent: PrimRecord | undefined;
  index: PrimIndex;
  flags: number;
  specifier: 'def' | 'over' | 'class';
  children: PrimRecord[];
  prototype: Prototype | undefined;
  /** Made when first asked for. */
  handle: Prim | undefined;
}

/** The shared subtree of instances with one key. */
export interface Prototype {
  readonly key: string;
  readonly path: Path;
  root: PrimRecord;
  readonly instances: Set<PrimRecord>;
}

/**
 * Composed specifier: the strongest `def` or `class`, except that a class reached by a direct inherit only counts
 * where nothing else defines the prim.
 */
export function composeSpecifier(index: PrimIndex): 'def' | 'over' | 'class' {
  const strong = index.strongestOpinion(defOrClass);
  if (strong !== undefined) return strong;
  return index.strongestOpinion(classOnly) ?? 'over';
}

function defOrClass(layer: Layer, path: Path, node: PrimIndexNode): 'def' | 'class' | undefined {
  const specifier = layer.fieldAs(path, 'specifier', 'specifier');
  if (specifier === 'def') return 'def';
  return specifier === 'class' && !isUnderDirectInherit(node) ? 'class' : undefined;
}

function classOnly(layer: Layer, path: Path): 'class' | undefined {
  return layer.fieldAs(path, 'specifier', 'specifier') === 'class' ? 'class' : undefined;
}

/** Strongest `active`; true where none is authored. */
export function composeActive(index: PrimIndex): boolean {
  return index.strongestOpinion(active) ?? true;
}

function active(layer: Layer, path: Path): boolean | undefined {
  return layer.fieldAs(path, 'active', 'bool');
}

/** Strongest type name that is not empty. */
export function composeTypeName(index: PrimIndex): string {
  for (const site of index.primStack) {
    const typeName = site.layer.fieldAs(site.path, 'typeName', 'token');
    if (typeName !== undefined && typeName !== '') return typeName;
  }
  return '';
}

function isUnderDirectInherit(node: PrimIndexNode): boolean {
  for (let n: PrimIndexNode | undefined = node; n !== undefined; n = n.parent)
    if (n.arcType === 'inherit' && !n.isDueToAncestor) return true;
  return false;
}
