/**
 * Specializes are the weakest of all arcs: every subtree below one is moved to the root of the index, where it comes
 * after all else, and its source is left as a placeholder. Arcs found later below the moved subtree are first moved
 * back, so that what they imply is implied at the right place. Source: composition.md section 4.7.
 */
import { ARC, findMatchingChild, type IndexNode } from './index-node.ts';
import { ARC_OPTION, type Indexing } from './indexing.ts';
import type { MapFunction } from './map-function.ts';

export function evaluateImpliedSpecializes(indexer: Indexing, node: IndexNode): void {
  if (node.parent === undefined) return;
  if (node.isPropagatedSpecializes) {
    const { origin } = node;
    if (origin === undefined) return;
    for (const child of node.children.slice()) moveToOrigin(indexer, origin, child, child.mapToParent, node);
  } else moveSpecializesToRoot(indexer, node);
}

function moveSpecializesToRoot(indexer: Indexing, node: IndexNode): void {
  const { parent } = node;
  // Placeholders of implied classes at a relocation are no sources of opinions.
  if (parent !== undefined && parent !== node.origin && parent.arc === ARC.relocate && parent.isAtSite(node.layerStack, node.path)) return;
  if (node.arc === ARC.specialize) {
    // A placeholder that was moved back stays inert where it implied others; what moves contributes.
    node.isInert = false;
    node.restrictedDepth = 0;
    moveTreeToRoot(indexer, indexer.root, node, node.mapToRoot, node);
  }
  for (const child of node.children.slice()) moveSpecializesToRoot(indexer, child);
}

function moveTreeToRoot(indexer: Indexing, parent: IndexNode, node: IndexNode, mapToParent: MapFunction, treeRoot: IndexNode): void {
  const moved = moveNode(indexer, parent, node, ARC_OPTION.skipImpliedSpecializes, mapToParent, treeRoot);
  if (moved === undefined) return;
  for (const child of node.children.slice()) {
    if (child.arc !== ARC.specialize) moveTreeToRoot(indexer, moved, child, child.mapToParent, treeRoot);
  }
}

/** Copies all of it: its arcs are composed, only what they imply is still to be found. */
function moveToOrigin(indexer: Indexing, parent: IndexNode, node: IndexNode, mapToParent: MapFunction, treeRoot: IndexNode): void {
  const moved = moveNode(indexer, parent, node, ARC_OPTION.skipExpressed, mapToParent, treeRoot);
  if (moved === undefined) return;
  for (const child of node.children.slice()) moveToOrigin(indexer, moved, child, child.mapToParent, treeRoot);
}

function moveNode(
  indexer: Indexing,
  parent: IndexNode,
  node: IndexNode,
  options: number,
  mapToParent: MapFunction,
  treeRoot: IndexNode,
): IndexNode | undefined {
  if (node.parent === parent) return node;
  let moved = findMatchingChild(parent, parent.arc, node.layerStack, node.path, node.arc, mapToParent, node.depthBelowIntroduction);
  // Implied classes whose origin moves along are implied anew there.
  if (moved === undefined && (!isImpliedClass(node) || !isInSubtree(node.origin, treeRoot))) {
    moved = indexer.addArc(
      node.arc,
      parent,
      node === treeRoot || isImpliedClass(node) ? node : parent,
      node.layerStack,
      node.path,
      mapToParent,
      node.siblingNumber,
      options | (node.isInert ? 0 : ARC_OPTION.contributes),
      node === treeRoot ? parent.depth : node.namespaceDepth,
    );
  }
  if (moved === undefined) node.makeSubtreeInert();
  else {
    moved.isInert = node.isInert;
    moved.restrictedDepth = node.restrictedDepth;
    node.isInert = true;
    node.restrictedDepth = 1;
  }
  return moved;
}

function isImpliedClass(node: IndexNode): boolean {
  return node.isClassBased && node.parent !== node.origin;
}

function isInSubtree(node: IndexNode | undefined, subtreeRoot: IndexNode): boolean {
  for (let n = node; n !== undefined; n = n.parent) if (n === subtreeRoot) return true;
  return false;
}
