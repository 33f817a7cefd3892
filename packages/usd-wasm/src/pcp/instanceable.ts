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
  if (root.children.length === 0) return false;
  let hasInstanceableNode = false;
  forEachNodeByInstanceability(root, (_, isInstanceableNode) => {
    hasInstanceableNode ||= isInstanceableNode;
    return !hasInstanceableNode;
  });
  return hasInstanceableNode && composedInstanceable(root) === true;
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
