/**
 * From the nodes of a prim to those that its child begins with, before the child's own arcs: composition.md section 4,
 * steps 2 and 3, and section 6.
 */
import { appendChild, pathDepth, type Path } from '../sdf/path.ts';
import type { ArcType } from './composition-error.ts';
import { ARC, ARC_NAMES, cloneForChild, type IndexNode } from './index-node.ts';
import { siteOf, type Frame, type IndexOutputs } from './indexing.ts';
import { forEachNodeByInstanceability } from './instanceable.ts';
import type { LayerStack } from './layer-stack.ts';

/**
 * The parent's nodes one level further down: what they bring to the child before its own arcs.
 *
 * @param path the root node's path with the name appended
 * @param mayHaveSpecs whether the layers of the root node's site have any children there
 */
export function descend(
  parentRoot: IndexNode,
  parentIsInstanceable: boolean,
  name: string,
  rootLayerStack: LayerStack,
  path: Path = appendChild(parentRoot.path, name),
  mayHaveSpecs = true,
): IndexNode {
  const root = cloneForChild(parentRoot, name, path);
  if (!mayHaveSpecs) root.hasSpecs = false;
  if (parentIsInstanceable) {
    forEachNodeByInstanceability(
      root,
      (node, isInstanceableNode) => {
        if (isInstanceableNode) return false;
        node.isInert = true;
        if (node.restrictedDepth === 0) node.restrictedDepth = node.depth;
        return true;
      },
      1,
    );
  }
  updateHasSpecs(root);
  if (root.children.length > 0) cullBelow(root, rootLayerStack);
  return root;
}

function updateHasSpecs(node: IndexNode): void {
  if (node.hasSpecs) node.hasSpecs = node.layerStack.hasSpec(node.path);
  const { children } = node;
  for (let i = 0; i < children.length; i++) updateHasSpecs(children[i] as IndexNode);
}

/** Specializes have copies elsewhere that must stay alike, so nothing below them is culled. */
function cullBelow(node: IndexNode, rootLayerStack: LayerStack): void {
  const { children } = node;
  for (let i = 0; i < children.length; i++) {
    const child = children[i] as IndexNode;
    if (child.arc === ARC.specialize) continue;
    cullBelow(child, rootLayerStack);
    if (canBeCulled(child, rootLayerStack)) child.isCulled = true;
  }
}

/** Whether nothing at or below a node adds opinions, and nobody needs to know of the arc (section 6). */
export function canBeCulled(node: IndexNode, rootLayerStack: LayerStack): boolean {
  if (node.isCulled) return true;
  if (node.parent === undefined || node.depthBelowIntroduction === 0) return false;
  if (node.arc === ARC.inherit && node.layerStack === rootLayerStack) {
    const origin = node.origin === node.parent ? node : node.originRoot;
    if (pathDepth(origin.pathAtIntroduction) !== 1) return false;
  }
  for (const child of node.children) if (!child.isCulled) return false;
  return !node.contributes;
}

/**
 * A prim with a contributing node at the source of a relocation must not exist: nothing of it contributes.
 *
 * @param frame the arc that wants it, which is then an error
 */
export function prohibit(root: IndexNode, outputs: IndexOutputs, frame: Frame | undefined): boolean {
  const culprit = findRelocationSource(root);
  if (culprit === undefined) return false;
  if (frame !== undefined) {
    outputs.errors.push({
      kind: 'ArcToProhibitedChild',
      site: siteOf(frame.parentNode),
      target: { layer: frame.layerStack.rootLayer.identifier, path: frame.requestedPath },
      relocationSource: siteOf(culprit),
      arcType: ARC_NAMES[frame.arc] as ArcType,
    });
  }
  root.isInert = true;
  if (root.restrictedDepth === 0) root.restrictedDepth = root.depth;
  for (const child of root.children) child.elideSubtree();
  return true;
}

function findRelocationSource(node: IndexNode): IndexNode | undefined {
  const { relocates } = node.layerStack;
  if (relocates !== undefined && node.canContributeSpecs && relocates.incremental.has(node.path)) return node;
  for (const child of node.children) {
    const found = findRelocationSource(child);
    if (found !== undefined) return found;
  }
  return undefined;
}
