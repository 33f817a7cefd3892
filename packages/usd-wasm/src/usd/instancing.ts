/**
 * Which instances share a prototype. Source: OpenUSD pcp/instanceKey.cpp, usd/instanceKey.cpp; composition.md section 9.
 */
import { forEachNodeByInstanceability } from '../pcp/instanceable.ts';
import type { PrimIndex } from '../pcp/prim-index.ts';
import { isIdentityOffset } from '../sdf/layer-offset.ts';

/**
 * Text that is equal for two instances exactly when they share their arcs (type, site, time offset), their variant
 * selections and whether their payloads are loaded.
 */
export function instanceKey(index: PrimIndex, isLoaded: boolean): string {
  const parts: string[] = [];
  forEachNodeByInstanceability(index.root, (node, isInstanceableNode) => {
    if (isInstanceableNode && node.canContributeSpecs) {
      const { offset } = node.mapToRoot;
      const time = isIdentityOffset(offset) ? '' : ` ${offset.offset} ${offset.scale}`;
      parts.push(`${node.arcType} ${node.layerStack.key} ${node.path}${time}`);
    }
    return !node.isCulled;
  });
  for (const [set, selection] of [...index.variantSelections].sort(([a], [b]) => (a < b ? -1 : 1))) parts.push(`${set}=${selection}`);
  if (index.hasPayloads) parts.push(isLoaded ? 'loaded' : 'unloaded');
  return parts.join('\n');
}
