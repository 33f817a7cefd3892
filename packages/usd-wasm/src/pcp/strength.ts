/**
 * Which node of an index is stronger: composition.md section 5; OpenUSD pcp/strengthOrdering.cpp.
 */
import { ARC, type IndexNode } from './index-node.ts';

/** Takes a node without a parent (and what is below it) in as a child, in strength order. Its arc fields are set. */
export function insertChild(parent: IndexNode, child: IndexNode): void {
  child.parent = parent;
  updateMapToRoot(child, parent);
  if (parent.children.length === 0) {
    parent.children = [child];
    return;
  }
  const children = parent.children as IndexNode[];
  let at = children.length;
  while (at > 0 && compareSiblings(child, children[at - 1] as IndexNode) < 0) at--;
  children.splice(at, 0, child);
}

function updateMapToRoot(node: IndexNode, parent: IndexNode): void {
  node.mapToRoot = parent.parent === undefined ? node.mapToParent : parent.mapToRoot.compose(node.mapToParent);
  for (const child of node.children) updateMapToRoot(child, node);
}

/** Strength order of two children of one node; negative when `a` is stronger. */
function compareSiblings(a: IndexNode, b: IndexNode): number {
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
  if (!isAncestor(aRoot, bRoot) && !isAncestor(bRoot, aRoot) && a.namespaceDepth !== b.namespaceDepth)
    return b.namespaceDepth - a.namespaceDepth;
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
  if (a.layerStack === root.layerStack && b.layerStack === root.layerStack && !aIsAuthored && !bIsAuthored && aIsImplied !== bIsImplied)
    return aIsImplied ? -1 : 1;
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
