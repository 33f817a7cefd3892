/**
 * Nodes of a prim index: one site that may contribute opinions, and the arc that brought it in.
 *
 * Nodes of one index form a tree in strength order (children strong to weak), with `origin` links across it. They are
 * mutable only while their index is built. Source: composition.md sections 1 and 5.
 */
import { appendChild, endsInVariant, parentPath, stripVariants, type Path } from '../sdf/path.ts';
import type { ArcType } from './composition-error.ts';
import type { LayerStack } from './layer-stack.ts';
import { MapFunction } from './map-function.ts';

/** Arc types by strength; the numbers are compared. */
export const ARC = { root: 0, inherit: 1, variant: 2, relocate: 3, reference: 4, payload: 5, specialize: 6 } as const;
export const ARC_NAMES: readonly ArcType[] = ['root', 'inherit', 'variant', 'relocate', 'reference', 'payload', 'specialize'];

/** What the rest of the engine sees of a node. */
export interface PrimIndexNode {
  readonly layerStack: LayerStack;
  /** Site path; may hold variant selections. */
  readonly path: Path;
  readonly arcType: ArcType;
  readonly parent: PrimIndexNode | undefined;
  /** The parent for authored arcs; for implied and propagated nodes what they were derived from. */
  readonly origin: PrimIndexNode | undefined;
  /** Strong to weak. */
  readonly children: readonly PrimIndexNode[];
  readonly mapToParent: MapFunction;
  /** Paths and time: this node → root. */
  readonly mapToRoot: MapFunction;
  /** Depth of the parent's path (variants not counted) where the arc was added. */
  readonly namespaceDepth: number;
  /** Index of the arc in its authored list. */
  readonly siblingNumber: number;
  readonly isInert: boolean;
  readonly isCulled: boolean;
  readonly isRestricted: boolean;
  readonly hasSpecs: boolean;
  readonly isDueToAncestor: boolean;
  readonly canContributeSpecs: boolean;
}

const INERT = 1;
const CULLED = 2;
const HAS_SPECS = 4;

const NO_CHILDREN: readonly IndexNode[] = Object.freeze([]);
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

  /** Namespace levels the node was carried down since its arc was added. */
  get depthBelowIntroduction(): number {
    return this.parent === undefined ? 0 : this.parent.depth - this.namespaceDepth;
  }

  /** The path the node had when its arc was added. */
  get pathAtIntroduction(): Path {
    return ancestorPath(this.path, this.depthBelowIntroduction);
  }

  get root(): IndexNode {
    let node: IndexNode = this;
    while (node.parent !== undefined) node = node.parent;
    return node;
  }

  get originRoot(): IndexNode {
    let node: IndexNode = this;
    while (node.origin !== undefined && node.origin !== node.parent) node = node.origin;
    return node;
  }

  isAtSite(layerStack: LayerStack, path: Path): boolean {
    return this.layerStack === layerStack && this.path === path;
  }

  /** Takes a node without a parent (and what is below it) in as a child, in strength order. Its arc fields are set. */
  insertChild(child: IndexNode): void {
    child.parent = this;
    updateMapToRoot(child, this);
    if (this.children.length === 0) {
      this.children = [child];
      return;
    }
    const children = this.children as IndexNode[];
    let at = children.length;
    while (at > 0 && compareSiblings(child, children[at - 1] as IndexNode) < 0) at--;
    children.splice(at, 0, child);
  }

  /** Stops this node and all below from contributing at this depth of namespace. */
  makeSubtreeInert(): void {
    this.isInert = true;
    if (this.restrictedDepth === 0) this.restrictedDepth = this.depth;
    for (const child of this.children) child.makeSubtreeInert();
  }
}

function updateMapToRoot(node: IndexNode, parent: IndexNode): void {
  node.mapToRoot = parent.parent === undefined ? node.mapToParent : parent.mapToRoot.compose(node.mapToParent);
  for (const child of node.children) updateMapToRoot(child, node);
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

/** Copies a tree one namespace level down; flags, arcs and origins stay. */
export function cloneForChild(root: IndexNode, name: string): IndexNode {
  if (root.children.length === 0) return copyNode(root, name);
  const originals: IndexNode[] = [];
  const copy = copyTree(root, name, undefined, originals);
  // Origins may lie anywhere in the tree, so they are linked after all nodes are copied.
  for (let i = 0; i < originals.length; i++) {
    const node = originals[i] as IndexNode;
    const its = node.copy as IndexNode;
    its.origin = node.origin === node.parent ? its.parent : node.origin?.copy;
  }
  for (let i = 0; i < originals.length; i++) (originals[i] as IndexNode).copy = undefined;
  return copy;
}

function copyNode(node: IndexNode, name: string): IndexNode {
  const copy = new IndexNode(node.layerStack, appendChild(node.path, name), node.depth + 1);
  copy.arc = node.arc;
  copy.namespaceDepth = node.namespaceDepth;
  copy.siblingNumber = node.siblingNumber;
  copy.mapToParent = node.mapToParent;
  copy.mapToRoot = node.mapToRoot;
  copy.restrictedDepth = node.restrictedDepth;
  copy.flags = node.flags;
  return copy;
}

function copyTree(node: IndexNode, name: string, parent: IndexNode | undefined, originals: IndexNode[]): IndexNode {
  const copy = copyNode(node, name);
  copy.parent = parent;
  node.copy = copy;
  originals.push(node);
  const { children } = node;
  if (children.length > 0) {
    const copies: IndexNode[] = new Array<IndexNode>(children.length);
    for (let i = 0; i < children.length; i++) copies[i] = copyTree(children[i] as IndexNode, name, copy, originals);
    copy.children = copies;
  }
  return copy;
}

/** Strength order of two children of one node; negative when `a` is stronger. */
export function compareSiblings(a: IndexNode, b: IndexNode): number {
  if (a.arc !== b.arc) return a.arc - b.arc;
  if (a.arc === ARC.specialize) {
    const order = compareSpecializes(a, b);
    if (order !== 0) return order;
  } else {
    if (a.namespaceDepth !== b.namespaceDepth) return b.namespaceDepth - a.namespaceDepth;
    if (a.origin !== b.origin) {
      const order = compareOrigins(a.root, a.origin, b.origin);
      if (order !== 0) return order;
    }
  }
  return a.siblingNumber - b.siblingNumber;
}

/** Which of two nodes comes first in a strong-to-weak walk; 0 if neither is found. */
function compareOrigins(node: IndexNode, a: IndexNode | undefined, b: IndexNode | undefined): number {
  if (node === a) return -1;
  if (node === b) return 1;
  for (const child of node.children) {
    const order = compareOrigins(child, a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/** Specializes of the whole index end as siblings under the root, so they have an order of their own (section 5). */
function compareSpecializes(a: IndexNode, b: IndexNode): number {
  const aRoot = a.originRoot;
  const bRoot = b.originRoot;
  if (!isAncestor(aRoot, bRoot) && !isAncestor(bRoot, aRoot) && a.namespaceDepth !== b.namespaceDepth) return b.namespaceDepth - a.namespaceDepth;
  const aIsAuthored = a.origin === a.parent;
  const bIsAuthored = b.origin === b.parent;
  const aIsImplied = a.origin !== undefined && !a.isAtSite(a.origin.layerStack, a.origin.path);
  const bIsImplied = b.origin !== undefined && !b.isAtSite(b.origin.layerStack, b.origin.path);
  if (a.origin === b.origin) {
    if (aIsAuthored || bIsAuthored || aIsImplied === bIsImplied) return 0;
    return aIsImplied ? -1 : 1;
  }
  if (aRoot !== bRoot) return compareOrigins(a.root, aRoot, bRoot);
  const aDepth = aIsAuthored || a.origin === undefined ? 0 : classHierarchyDepth(a.origin);
  const bDepth = bIsAuthored || b.origin === undefined ? 0 : classHierarchyDepth(b.origin);
  if (aDepth !== bDepth) return aDepth - bDepth;
  const chain = originChainLength(b) - originChainLength(a);
  if (chain !== 0) return chain;
  const { root } = a;
  if (a.layerStack === root.layerStack && b.layerStack === root.layerStack && !aIsAuthored && !bIsAuthored && aIsImplied !== bIsImplied) return aIsImplied ? -1 : 1;
  return compareOrigins(root, a.origin, b.origin);
}

function isAncestor(ancestor: IndexNode, node: IndexNode): boolean {
  for (let n: IndexNode | undefined = node; n !== undefined; n = n.parent) if (n === ancestor) return true;
  return false;
}

function originChainLength(node: IndexNode): number {
  let length = 0;
  for (let n = node; n.origin !== undefined && n.origin !== n.parent; n = n.origin) length++;
  return length;
}

/** The instance at the top of a chain of class arcs added at one level, and the first class below it. */
export function startOfClassHierarchy(node: IndexNode): { readonly instance: IndexNode; readonly classNode: IndexNode } {
  const depth = node.depthBelowIntroduction;
  let instance = node;
  let classNode = node;
  while (instance.isClassBased && instance.depthBelowIntroduction === depth && instance.parent !== undefined) {
    classNode = instance;
    instance = instance.parent;
  }
  return { instance, classNode };
}

/** Namespace depth of the node that inherits or specializes the hierarchy; relocates only stand in between. */
function classHierarchyDepth(node: IndexNode): number {
  let { instance } = startOfClassHierarchy(node);
  while (instance.arc === ARC.relocate && instance.parent !== undefined) instance = instance.parent;
  return instance.namespaceDepth;
}

/** Strength of two nodes of one tree: negative when `a` is stronger. */
export function compareStrength(a: IndexNode, b: IndexNode): number {
  if (a === b) return 0;
  const aChain = chainToRoot(a);
  const bChain = chainToRoot(b);
  let i = aChain.length - 1;
  let j = bChain.length - 1;
  while (i >= 0 && j >= 0 && aChain[i] === bChain[j]) {
    i--;
    j--;
  }
  if (i < 0) return -1;
  if (j < 0) return 1;
  const siblings = (aChain[i] as IndexNode).parent?.children ?? [];
  return siblings.indexOf(aChain[i] as IndexNode) - siblings.indexOf(bChain[j] as IndexNode);
}

function chainToRoot(node: IndexNode): IndexNode[] {
  const chain: IndexNode[] = [];
  for (let n: IndexNode | undefined = node; n !== undefined; n = n.parent) chain.push(n);
  return chain;
}

/** The node's path without variant selections: where it stands in its namespace. */
export function namespacePath(node: IndexNode): Path {
  return stripVariants(node.path);
}
