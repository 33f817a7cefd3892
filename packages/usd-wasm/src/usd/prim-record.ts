/**
 * What the stage keeps of a composed prim. Records form the tree; `Prim` handles are made from them when asked for.
 * Source: OpenUSD usd/primData.h; composition.md section 11.
 */
import type { IndexNode } from '../pcp/index-node.ts';
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

/** Composes the children of a record when they are first asked for. */
export interface ChildComposer {
  composeChildren(record: PrimRecord): void;
}

/** Most prims are leaves. Never written to. */
const NO_CHILDREN: PrimRecord[] = [];

export class PrimRecord {
  /** Where the prim is on the stage, e.g. `/__Prototype_1/Geom`. */
  readonly path: Path;
  /** Last element of both paths; of a prototype that of its own. */
  readonly name: string;
  /** Where its index was composed: inside prototypes the path below the instance that serves as source. */
  readonly indexPath: Path;
  readonly parent: PrimRecord | undefined;
  index: PrimIndex = undefined as unknown as PrimIndex;
  flags = 0;
  specifier: 'def' | 'over' | 'class' = 'over';
  /** Those that are composed. */
  knownChildren: PrimRecord[] = NO_CHILDREN;
  /** Set while the children are still to be composed. */
  composer: ChildComposer | undefined = undefined;
  prototype: Prototype | undefined = undefined;
  /** Made when first asked for. */
  handle: Prim | undefined;

  constructor(path: Path, name: string, indexPath: Path, parent: PrimRecord | undefined, handle: Prim | undefined) {
    this.path = path;
    this.name = name;
    this.indexPath = indexPath;
    this.parent = parent;
    this.handle = handle;
  }

  get children(): PrimRecord[] {
    if (this.composer !== undefined) this.composer.composeChildren(this);
    return this.knownChildren;
  }

  set children(children: PrimRecord[]) {
    this.composer = undefined;
    this.knownChildren = children;
  }
}

/** The shared subtree of instances with one key. */
export interface Prototype {
  readonly key: string;
  readonly path: Path;
  root: PrimRecord;
  readonly instances: Set<PrimRecord>;
}

/** What all specs of a prim say together of what a stage asks of every prim, found in one walk over them. */
export class PrimOpinions {
  /** Some layer has a spec. */
  hasSpecs = false;
  /** The prim has value clips of its own. */
  hasClips = false;
  /** Strongest `active`; true where none is authored. */
  isActive = true;
  /** The strongest `def` or `class`, except that a class reached by a direct inherit only counts where nothing else defines the prim. */
  specifier: 'def' | 'over' | 'class' = 'over';
  #isActiveKnown = false;
  #isSpecifierKnown = false;

  /** Takes the place of what was read before. */
  read(index: PrimIndex): void {
    this.hasSpecs = false;
    this.hasClips = false;
    this.isActive = true;
    this.specifier = 'over';
    this.#isActiveKnown = false;
    this.#isSpecifierKnown = false;
    this.#readNode(index.root);
  }

  #readNode(node: IndexNode): void {
    const { children } = node;
    if (node.contributes) {
      const { layers } = node.layerStack;
      for (let i = 0; i < layers.length; i++) {
        const layer = layers[i] as Layer;
        if (layer.data.specType(node.path) !== undefined) this.#readSpec(layer, node.path, node);
      }
    }
    for (let i = 0; i < children.length; i++) this.#readNode(children[i] as IndexNode);
  }

  #readSpec(layer: Layer, path: Path, node: IndexNode): void {
    this.hasSpecs = true;
    if (!this.#isSpecifierKnown) {
      const specifier = layer.fieldAs(path, 'specifier', 'specifier');
      if (specifier === 'def' || specifier === 'class') {
        this.specifier = specifier;
        this.#isSpecifierKnown = specifier === 'def' || !isUnderDirectInherit(node);
      }
    }
    if (!this.#isActiveKnown) {
      const isActive = layer.fieldAs(path, 'active', 'bool');
      if (isActive !== undefined) {
        this.isActive = isActive;
        this.#isActiveKnown = true;
      }
    }
    if (!this.hasClips && layer.field(path, 'clips') !== undefined) this.hasClips = true;
  }
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
