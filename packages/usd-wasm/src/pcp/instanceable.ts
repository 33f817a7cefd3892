/**
 * Which nodes an instance shares with its like. Source: composition.md section 9; OpenUSD pcp/instancing.h.
 */
import type { Layer } from '../sdf/layer.ts';
import type { IndexNode } from './index-node.ts';

/**
 * Visits nodes strong to weak with whether they are instanceable: they have specs and are, or lie below, an arc
 * added at this very prim.
 *
 * @param visit returns whether to go on below the node
 * @param level namespace levels between the instance and the nodes given: 1 for nodes just copied for a child
 */
export function forEachNodeByInstanceability(
  root: IndexNode,
  visit: (node: IndexNode, isInstanceableNode: boolean) => boolean,
  level = 0,
): void {
  if (!visit(root, false)) return;
  for (const child of root.children) visitBelow(child, false, visit, level);
}

function visitBelow(
  node: IndexNode,
  isBelowDirectArc: boolean,
  visit: (node: IndexNode, isInstanceableNode: boolean) => boolean,
  level: number,
): void {
  const isDirect = isBelowDirectArc || node.depthBelowIntroduction <= level;
  if (!visit(node, isDirect && node.hasSpecs)) return;
  for (const child of node.children) visitBelow(child, isDirect, visit, level);
}

/** Whether the prim of these nodes is an instance: it says so, and has an arc that others can share. */
export function isInstanceable(root: IndexNode): boolean {
  const { children } = root;
  for (let i = 0; i < children.length; i++)
    if (hasInstanceableNode(children[i] as IndexNode, false)) return composedInstanceable(root) === true;
  return false;
}

function hasInstanceableNode(node: IndexNode, isBelowDirectArc: boolean): boolean {
  const isDirect = isBelowDirectArc || node.depthBelowIntroduction <= 0;
  if (isDirect && node.hasSpecs) return true;
  const { children } = node;
  for (let i = 0; i < children.length; i++) if (hasInstanceableNode(children[i] as IndexNode, isDirect)) return true;
  return false;
}

/** Strongest opinion on `instanceable`. */
function composedInstanceable(node: IndexNode): boolean | undefined {
  if (node.contributes) {
    const { layers } = node.layerStack;
    for (let i = 0; i < layers.length; i++) {
      const value = (layers[i] as Layer).fieldAs(node.path, 'instanceable', 'bool');
      if (value !== undefined) return value;
    }
  }
  for (const child of node.children) {
    const value = composedInstanceable(child);
    if (value !== undefined) return value;
  }
  return undefined;
}
