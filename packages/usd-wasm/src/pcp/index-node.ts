/**
 * Nodes of a prim index: one site that may contribute opinions, and the arc that brought it in.
 *
 * Nodes of one index form a tree in strength order (children strong to weak), with `origin` links across it. They are
 * mutable only while their index is built. Source: composition.md sections 1 and 5.
 */
import { endsInVariant, parentPath, pathDepth, type Path } from '../sdf/path.ts';
import type { ArcType } from './composition-error.ts';
import type { LayerStack } from './layer-stack.ts';
import { MapFunction } from './map-function.ts';

/** Arc types by strength; the numbers are compared. */
export const ARC = { root: 0, inherit: 1, variant: 2, relocate: 3, reference: 4, payload: 5, specialize: 6 } as const;
export const ARC_NAMES: readonly ArcType[] = ['root', 'inherit', 'variant', 'relocate', 'reference', 'payload', 'specialize'];

/** What the rest of the engine sees of a node. */
export interface PrimIndexNode {
  /** The layers that opinions at the site come from. */
  readonly layerStack: LayerStack;
  /** Site path; may hold variant selections. */
  readonly path: Path;
  /** What leads from the parent to the site. */
  readonly arcType: ArcType;
  /** Undefined for the root. */
  readonly parent: PrimIndexNode | undefined;
  /** The parent for authored arcs; for implied and propagated nodes what they were derived from. */
  readonly origin: PrimIndexNode | undefined;
  /** Strong to weak. */
  readonly children: readonly PrimIndexNode[];
  /** Paths and time: this node → its parent. */
  readonly mapToParent: MapFunction;
  /** Paths and time: this node → root. */
  readonly mapToRoot: MapFunction;
  /** Depth of the parent's path (variants not counted) where the arc was added. */
  readonly namespaceDepth: number;
  /** Index of the arc in its authored list. */
  readonly siblingNumber: number;
  /** Its specs do not count; what is below it may. */
  readonly isInert: boolean;
  /** Nothing at or below it has specs. */
  readonly isCulled: boolean;
  /** A stronger private spec hides its specs. */
  readonly isRestricted: boolean;
  /** Some layer has a spec at the site. */
  readonly hasSpecs: boolean;
  /** The arc was authored on an ancestor. */
  readonly isDueToAncestor: boolean;
  /** Neither inert nor culled nor restricted. */
  readonly canContributeSpecs: boolean;
}

const INERT = 1;
const CULLED = 2;
const HAS_SPECS = 4;

/** Of the kind that arrays of nodes have, not frozen: engines compile what walks nodes for one kind of array, and again for each further one. */
const NO_CHILDREN: readonly IndexNode[] = ([{}] as unknown as IndexNode[]).slice(1);
let nextSerial = 0;

export class IndexNode implements PrimIndexNode {
  layerStack: LayerStack;
  path: Path;
  parent: IndexNode | undefined;
  origin: IndexNode | undefined;
  children: readonly IndexNode[] = NO_CHILDREN;
  mapToParent: MapFunction;
  mapToRoot: MapFunction;
  /** A value of `ARC`. */
  arc: number;
  namespaceDepth: number;
  siblingNumber: number;
  /** Number of prim names in `path`. */
  depth: number;
  /** Depth at and below which the node does not contribute; 0: no such limit. */
  restrictedDepth = 0;
  /** Ascends with creation: a node's is higher than its parent's. */
  serial: number;
  flags = 0;
  /** Its copy while an index is cloned. */
  copy: IndexNode | undefined = undefined;

  constructor(layerStack: LayerStack, path: Path, depth: number) {
    this.layerStack = layerStack;
    this.path = path;
    this.depth = depth;
    this.parent = undefined;
    this.origin = undefined;
    this.mapToParent = MapFunction.IDENTITY;
    this.mapToRoot = MapFunction.IDENTITY;
    this.arc = ARC.root;
    this.namespaceDepth = 0;
    this.siblingNumber = 0;
    this.serial = nextSerial++;
  }

  get arcType(): ArcType {
    return ARC_NAMES[this.arc] as ArcType;
  }

  get isInert(): boolean {
    return (this.flags & INERT) !== 0;
  }

  set isInert(value: boolean) {
    this.flags = value ? this.flags | INERT : this.flags & ~INERT;
  }

  get isCulled(): boolean {
    return (this.flags & CULLED) !== 0;
  }

  set isCulled(value: boolean) {
    this.flags = value ? this.flags | CULLED : this.flags & ~CULLED;
  }

  get hasSpecs(): boolean {
    return (this.flags & HAS_SPECS) !== 0;
  }

  set hasSpecs(value: boolean) {
    this.flags = value ? this.flags | HAS_SPECS : this.flags & ~HAS_SPECS;
  }

  /** Permissions are not enforced in USD mode, so nothing is restricted by them. */
  get isRestricted(): boolean {
    return false;
  }

  get canContributeSpecs(): boolean {
    return (this.flags & (INERT | CULLED)) === 0;
  }

  /** Contributes and has something to contribute. */
  get contributes(): boolean {
    return (this.flags & (INERT | CULLED | HAS_SPECS)) === HAS_SPECS;
  }

  get isDueToAncestor(): boolean {
    return this.depthBelowIntroduction > 0;
  }

  get isClassBased(): boolean {
    return this.arc === ARC.inherit || this.arc === ARC.specialize;
  }

  get hasClassBasedChild(): boolean {
    const { children } = this;
    for (let i = 0; i < children.length; i++) if ((children[i] as IndexNode).isClassBased) return true;
    return false;
  }

  /** A copy of a specializes arc found elsewhere, moved to the root for its strength. */
  get isPropagatedSpecializes(): boolean {
    const { parent, origin } = this;
    return (
      this.arc === ARC.specialize &&
      parent !== undefined &&
      parent.parent === undefined &&
      origin !== undefined &&
      this.isAtSite(origin.layerStack, origin.path)
    );
  }

  /** Namespace levels the node was carried down since its arc was added. */
  get depthBelowIntroduction(): number {
    return this.parent === undefined ? 0 : this.parent.depth - this.namespaceDepth;
  }

  /** The path the node had when its arc was added. */
  get pathAtIntroduction(): Path {
    return ancestorPath(this.path, this.depthBelowIntroduction);
  }

  get root(): IndexNode {
    return this.parent === undefined ? this : rootOf(this.parent);
  }

  get originRoot(): IndexNode {
    return this.origin === undefined || this.origin === this.parent ? this : originRootOf(this.origin);
  }

  isAtSite(layerStack: LayerStack, path: Path): boolean {
    return this.layerStack === layerStack && this.path === path;
  }

  /** Stops this node and all below from contributing at this depth of namespace. */
  makeSubtreeInert(): void {
    this.isInert = true;
    if (this.restrictedDepth === 0) this.restrictedDepth = this.depth;
    for (const child of this.children) child.makeSubtreeInert();
  }

  /** Takes this node and all below out of composition at this depth of namespace; culled, they may be dropped. */
  elideSubtree(): void {
    this.isCulled = true;
    if (this.restrictedDepth === 0) this.restrictedDepth = this.depth;
    for (const child of this.children) child.elideSubtree();
  }
}

function rootOf(start: IndexNode): IndexNode {
  let node = start;
  while (node.parent !== undefined) node = node.parent;
  return node;
}

function originRootOf(start: IndexNode): IndexNode {
  let node = start;
  while (node.origin !== undefined && node.origin !== node.parent) node = node.origin;
  return node;
}

/** `path` without its last `levels` prim names, nor the variant selections on what is cut. */
export function ancestorPath(path: Path, levels: number): Path {
  let result = path;
  for (let level = levels; level > 0; level--) {
    while (endsInVariant(result)) result = parentPath(result);
    result = parentPath(result);
  }
  return result;
}

/**
 * Copies a tree one namespace level down; flags, arcs and origins stay.
 *
 * @param path the path of the root's copy: the caller often has it, and texts that are the same object are found at once
 */
export function cloneForChild(root: IndexNode, name: string, path: Path): IndexNode {
  if (!hasFarOrigin(root)) return copyTree(root, name, path, undefined, undefined);
  const originals: IndexNode[] = [];
  const copy = copyTree(root, name, path, undefined, originals);
  // Origins may lie anywhere in the tree, so they are linked after all nodes are copied.
  for (let i = 0; i < originals.length; i++) {
    const node = originals[i] as IndexNode;
    if (node.origin !== node.parent) (node.copy as IndexNode).origin = node.origin?.copy;
  }
  for (let i = 0; i < originals.length; i++) (originals[i] as IndexNode).copy = undefined;
  return copy;
}

/** Whether the origin of some node is not its parent. */
function hasFarOrigin(node: IndexNode): boolean {
  if (node.origin !== node.parent) return true;
  const { children } = node;
  for (let i = 0; i < children.length; i++) if (hasFarOrigin(children[i] as IndexNode)) return true;
  return false;
}

function copyNode(node: IndexNode, path: Path): IndexNode {
  const copy = new IndexNode(node.layerStack, path, node.depth + 1);
  copy.arc = node.arc;
  copy.namespaceDepth = node.namespaceDepth;
  copy.siblingNumber = node.siblingNumber;
  copy.mapToParent = node.mapToParent;
  copy.mapToRoot = node.mapToRoot;
  copy.restrictedDepth = node.restrictedDepth;
  copy.flags = node.flags;
  return copy;
}

/** @param originals takes in the nodes, which know their copies, where origins are to be linked; else all are parents */
function copyTree(node: IndexNode, name: string, path: Path, parent: IndexNode | undefined, originals: IndexNode[] | undefined): IndexNode {
  const copy = copyNode(node, path);
  copy.parent = parent;
  copy.origin = parent;
  if (originals !== undefined) {
    node.copy = copy;
    originals.push(node);
  }
  const { children } = node;
  if (children.length > 0) {
    const copies = children.slice();
    for (let i = 0; i < children.length; i++) {
      const child = children[i] as IndexNode;
      copies[i] = copyTree(child, name, child.layerStack.childPath(child.path, name), copy, originals);
    }
    copy.children = copies;
  }
  return copy;
}

/** Whether the layer stack of a node, or of one below it, moves prims elsewhere. */
export function usesRelocates(node: IndexNode): boolean {
  if (node.layerStack.relocates !== undefined) return true;
  const { children } = node;
  for (let i = 0; i < children.length; i++) if (usesRelocates(children[i] as IndexNode)) return true;
  return false;
}

/** A child that is the same arc. Below relocates sites mean little, so there the maps are compared. */
export function findMatchingChild(
  parent: IndexNode,
  parentArc: number,
  layerStack: LayerStack,
  path: Path,
  arc: number,
  map: MapFunction,
  originDepth: number,
): IndexNode | undefined {
  for (const child of parent.children) {
    if (parentArc === ARC.relocate) {
      if (child.arc === arc && child.origin?.depthBelowIntroduction === originDepth && child.mapToParent.equals(map)) return child;
    } else if (child.arc === arc && child.isAtSite(layerStack, path)) return child;
  }
  return undefined;
}

/** A root node without ancestors: the pseudo-root, or a variant. */
export function makeRootNode(layerStack: LayerStack, path: Path): IndexNode {
  const node = new IndexNode(layerStack, path, pathDepth(path));
  node.hasSpecs = layerStack.hasSpec(path);
  return node;
}

/** How many nodes there are at and below a node. */
export function countNodes(node: IndexNode): number {
  let count = 1;
  for (const child of node.children) count += countNodes(child);
  return count;
}
