/**
 * Names of composed children and properties: composition.md section 10.
 */
import type { Layer } from '../sdf/layer.ts';
import { reorder } from '../sdf/list-op.ts';
import { nameOf, parentPath } from '../sdf/path.ts';
import { usesRelocates, type IndexNode } from './index-node.ts';
import { forEachNodeByInstanceability } from './instanceable.ts';

const NO_NAMES: readonly string[] = Object.freeze([]);
const identity = (name: string): string => name;

export interface ChildNames {
  /** Composed order, without the prohibited. */
  readonly names: readonly string[];
  /** Names that relocations moved away, ascending. */
  readonly prohibited: readonly string[];
}

/** Most prims have none. */
const NO_CHILDREN: ChildNames = { names: NO_NAMES, prohibited: NO_NAMES };

export function composeChildNames(root: IndexNode, isInstance: boolean): ChildNames {
  if (!isInstance && !usesRelocates(root)) {
    const names = plainNames(root, NO_NAMES, 'primChildren');
    return names.length === 0 ? NO_CHILDREN : { names, prohibited: NO_NAMES };
  }
  const nodes: IndexNode[] = [];
  if (isInstance) {
    forEachNodeByInstanceability(root, (node, isInstanceableNode) => {
      if (isInstanceableNode) nodes.push(node);
      return true;
    });
  } else collectUnculled(root, nodes);
  let names = NO_NAMES;
  const prohibited = new Set<string>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as IndexNode;
    names = applyRelocates(node, names, prohibited);
    if (node.canContributeSpecs) names = siteNames(node, names, 'primChildren');
  }
  if (prohibited.size > 0) names = names.filter((name) => !prohibited.has(name));
  else if (names.length === 0) return NO_CHILDREN;
  return { names, prohibited: prohibited.size === 0 ? NO_NAMES : [...prohibited].sort() };
}

export function composePropertyNames(root: IndexNode): readonly string[] {
  return plainNames(root, NO_NAMES, 'properties');
}

/** Names of a node and all below it, over weaker ones. */
function plainNames(node: IndexNode, weaker: readonly string[], field: 'primChildren' | 'properties'): readonly string[] {
  if (node.isCulled) return weaker;
  const { children } = node;
  let names = weaker;
  for (let i = children.length - 1; i >= 0; i--) names = plainNames(children[i] as IndexNode, names, field);
  return node.contributes ? siteNames(node, names, field) : names;
}

function collectUnculled(node: IndexNode, into: IndexNode[]): void {
  if (node.isCulled) return;
  into.push(node);
  for (const child of node.children) collectUnculled(child, into);
}

/** A site's names over those of weaker nodes. Prims are also reordered; the order of properties is composed later (`propertyOrder`). */
function siteNames(node: IndexNode, weaker: readonly string[], field: 'primChildren' | 'properties'): readonly string[] {
  const { layerStack, path } = node;
  const { layers } = layerStack;
  let names = weaker;
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i] as Layer;
    const own = layer.childNames(path, field);
    if (own.length > 0) names = names.length === 0 ? own : append(names, own);
    if (field !== 'primChildren' || names.length < 2) continue;
    const order = layer.fieldAs(path, 'primOrder', 'tokenVector');
    if (order !== undefined && order.length > 0) names = reorder(names, order, identity);
  }
  return names;
}

function append(names: readonly string[], more: readonly string[]): readonly string[] {
  const seen = new Set(names);
  let result: string[] | undefined;
  for (const name of more) {
    if (seen.has(name)) continue;
    seen.add(name);
    result ??= [...names];
    result.push(name);
  }
  return result ?? names;
}

function applyRelocates(node: IndexNode, names: readonly string[], prohibited: Set<string>): readonly string[] {
  const { relocates } = node.layerStack;
  if (relocates === undefined) return names;
  const moved = relocates.bySourceParent.get(node.path);
  const arrived = relocates.byTargetParent.get(node.path);
  if (moved === undefined && arrived === undefined) return names;
  const present = new Set(names);
  const renamed = new Map<string, string>();
  const removed = new Set<string>();
  for (const [source, target] of moved ?? []) {
    const name = nameOf(source);
    if (target !== '' && parentPath(target) === node.path) renamed.set(name, nameOf(target));
    else removed.add(name);
    prohibited.add(name);
  }
  const result: string[] = [];
  for (const name of names) {
    const newName = renamed.get(name);
    if (newName !== undefined) {
      present.delete(name);
      // A child of that name from a weaker node stays where it is: the relocated prim takes its place.
      if (!present.has(newName)) {
        present.add(newName);
        result.push(newName);
      }
    } else if (removed.has(name)) present.delete(name);
    else result.push(name);
  }
  const added = (arrived ?? [])
    .filter(([source]) => parentPath(source) !== node.path)
    .map(([, target]) => nameOf(target as typeof node.path));
  for (const name of added.sort()) {
    if (present.has(name)) continue;
    present.add(name);
    result.push(name);
  }
  return result;
}
