/**
 * The index of a prim from that of its parent. Most prims have no arcs of their own: what evaluates arcs is another module, so that a page
 * that meets none need not have it.
 */
import type { Path } from '../sdf/path.ts';
import { scanArcFields } from './compose-site.ts';
import { descend, prohibit } from './descend.ts';
import type { IndexNode } from './index-node.ts';
import type { IndexEnvironment, IndexOutputs } from './indexing.ts';
import { PrimIndexer } from './prim-indexer.ts';

/**
 * Builds the nodes of a composed prim from those of its parent.
 *
 * @param path of the prim, if it is at hand
 */
export function buildChildIndex(
  environment: IndexEnvironment,
  outputs: IndexOutputs,
  parentRoot: IndexNode,
  parentIsInstanceable: boolean,
  name: string,
  path?: Path,
): IndexNode {
  const { lastParent } = environment;
  if (lastParent.root !== parentRoot) {
    lastParent.root = parentRoot;
    lastParent.hasChildren = parentRoot.layerStack.hasChildren(parentRoot.path);
  }
  const root = descend(parentRoot, parentIsInstanceable, name, parentRoot.layerStack, path, lastParent.hasChildren);
  if (!needsIndexer(root)) return root;
  const isProhibited = prohibit(root, outputs, undefined);
  if (!isProhibited) new PrimIndexer(environment, outputs, root, undefined, root.layerStack).run();
  return root;
}

/** Whether any node from the parent's index has arcs of its own: those of most prims have none. */
function needsIndexer(node: IndexNode): boolean {
  if (node.layerStack.relocates !== undefined || (node.contributes && scanArcFields(node.layerStack, node.path) !== 0)) return true;
  const { children } = node;
  for (let i = 0; i < children.length; i++) if (needsIndexer(children[i] as IndexNode)) return true;
  return false;
}
