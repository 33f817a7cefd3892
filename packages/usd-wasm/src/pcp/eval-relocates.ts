/**
 * Relocated prims: composition.md section 4.6.
 */
import { ARC, type IndexNode } from './index-node.ts';
import { ARC_OPTION, type Indexing } from './indexing.ts';
import { MapFunction } from './map-function.ts';

/** Brings the opinions of a relocated prim from its source. */
export function evaluateRelocations(indexer: Indexing, node: IndexNode): void {
  // Without specs of its own a node may be culled and yet be relocated, unless it was added just now.
  if (!node.canContributeSpecs && node.depthBelowIntroduction === 0) return;
  const source = node.layerStack.relocates?.incrementalSources.get(node.path);
  if (source === undefined) return;
  // What ancestral arcs bring to the target gives way to what comes from the source; variants may still override it.
  for (const child of node.children) if (child.arc !== ARC.variant) child.elideSubtree();
  const relocated = indexer.addArc(ARC.relocate, node, node, node.layerStack, source, MapFunction.IDENTITY, 0, ARC_OPTION.ancestral);
  if (relocated === undefined) return;
  for (const layer of relocated.layerStack.layers) {
    if (layer.hasSpec(relocated.path))
      indexer.outputs.errors.push({ kind: 'OpinionAtRelocationSource', layer: layer.identifier, path: relocated.path });
  }
  elideRelocated(relocated);
}

/** Leaves out the subtrees that other relocations move to other prims. */
function elideRelocated(node: IndexNode): void {
  for (const child of node.children) {
    if (child.arc === ARC.relocate) continue;
    if (child.canContributeSpecs && child.layerStack.relocates?.incremental.has(child.path) === true) child.elideSubtree();
    else elideRelocated(child);
  }
}

/** A relocation across an arc is one on the near side too: classes and variants find their way by it. */
export function evaluateImpliedRelocations(indexer: Indexing, node: IndexNode): void {
  if (node.arc !== ARC.relocate || node.isDueToAncestor) return;
  const { parent } = node;
  const grandparent = parent?.parent;
  if (parent === undefined || grandparent === undefined) return;
  const path = parent.mapToParent.mapToTarget(node.path);
  if (path === undefined || path === '') return;
  if (grandparent.children.some((child) => child.arc === ARC.relocate && child.path === path)) return;
  indexer.addArc(ARC.relocate, grandparent, node, grandparent.layerStack, path, MapFunction.IDENTITY, 0, 0);
}
