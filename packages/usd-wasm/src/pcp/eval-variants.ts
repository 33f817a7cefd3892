/**
 * Variant sets: composition.md section 4.8.
 */
import {
  appendVariant,
  endsInVariant,
  parentPath,
  pathDepth,
  replacePrefix,
  ROOT_PATH,
  stripVariants,
  variantOf,
  type Path,
} from '../sdf/path.ts';
import type { CompositionError } from './composition-error.ts';
import { composeVariantNames, composeVariantSelection, composeVariantSetNames } from './compose-site.ts';
import { ancestorPath, ARC, type IndexNode } from './index-node.ts';
import { ARC_OPTION, TASK, type Indexing, type Task } from './indexing.ts';
import { MapFunction } from './map-function.ts';

/** Whether a node grafted from a frame has variant sets on its ancestors, which the frame left aside. */
export function hasAncestralVariantSets(node: IndexNode): boolean {
  let found = false;
  forEachAncestorSite(node, (path) => {
    found ||= node.layerStack.layers.some((layer) => layer.field(path, 'variantSetNames') !== undefined);
  });
  return found;
}

/** Storage paths of the prims above a node, nearest first, up to the variant its own arc chose. */
function forEachAncestorSite(node: IndexNode, visit: (path: Path) => void): void {
  if (endsInVariant(node.path)) return;
  for (let path = parentPath(node.path); path !== ROOT_PATH; path = parentPath(path)) {
    if (contributesAt(node, pathDepth(path))) visit(path);
    if (endsInVariant(path)) return;
  }
}

/** Whether a node has a say at a depth of namespace at or above its own. */
function contributesAt(node: IndexNode, depth: number): boolean {
  return node.restrictedDepth === 0 || node.restrictedDepth > depth;
}

/** Queues a task for each variant set of a node, or of its ancestors. */
export function evaluateVariantSets(indexer: Indexing, node: IndexNode, isAncestral: boolean): void {
  const kind = isAncestral ? TASK.ancestralVariantAuthored : TASK.variantAuthored;
  const add = (path: Path): void => {
    const sets = composeVariantSetNames(node.layerStack, path);
    for (let i = 0; i < sets.length; i++) indexer.addTask(kind, node, path, sets[i] as string, i);
  };
  if (isAncestral) forEachAncestorSite(node, add);
  else if (node.canContributeSpecs) add(node.path);
}

export function evaluateAuthoredVariant(indexer: Indexing, task: Task, isAncestral: boolean): void {
  if (!mayContribute(task, isAncestral)) return;
  const selection = findSelection(indexer, task);
  if (selection !== undefined && selection !== '') addVariantArc(indexer, task, selection, isAncestral);
  else if (fallbackOf(indexer, task) !== undefined) {
    indexer.addTask(isAncestral ? TASK.ancestralVariantFallback : TASK.variantFallback, task.node, task.sitePath, task.set, task.setNumber);
  } else
    indexer.addTask(
      isAncestral ? TASK.ancestralVariantNoneFound : TASK.variantNoneFound,
      task.node,
      task.sitePath,
      task.set,
      task.setNumber,
    );
}

export function evaluateFallbackVariant(indexer: Indexing, task: Task, isAncestral: boolean): void {
  if (!mayContribute(task, isAncestral)) return;
  const selection = fallbackOf(indexer, task);
  if (selection !== undefined) addVariantArc(indexer, task, selection, isAncestral);
}

function mayContribute(task: Task, isAncestral: boolean): boolean {
  return isAncestral ? contributesAt(task.node, pathDepth(task.sitePath)) : task.node.canContributeSpecs;
}

/** First of the stage's fallbacks for the set that the site has a variant for. */
function fallbackOf(indexer: Indexing, task: Task): string | undefined {
  const fallbacks = indexer.environment.variantFallbacks.get(task.set);
  if (fallbacks === undefined || fallbacks.length === 0) return undefined;
  const names = new Set<string>();
  composeVariantNames(task.node.layerStack, task.sitePath, task.set, names);
  return fallbacks.find((name) => names.has(name));
}

function addVariantArc(indexer: Indexing, task: Task, selection: string, isAncestral: boolean): void {
  const { node, sitePath, set, setNumber } = task;
  const variantPath = appendVariant(sitePath, set, selection);
  const path = isAncestral ? replacePrefix(node.path, sitePath, variantPath) : variantPath;
  // A class chain found inside a variant of an ancestor is implied outside of it too, and would find the variant again.
  const options = ARC_OPTION.contributes | (isAncestral ? ARC_OPTION.ancestral | (isBelowClass(node) ? ARC_OPTION.skipIfDuplicate : 0) : 0);
  const depth = isAncestral ? pathDepth(sitePath) : node.depth;
  const added = indexer.addArc(ARC.variant, node, node, node.layerStack, path, MapFunction.IDENTITY, setNumber, options, depth);
  if (added !== undefined) indexer.retryVariants();
}

function isBelowClass(node: IndexNode): boolean {
  for (let n: IndexNode | undefined = node; n !== undefined; n = n.parent) if (n.isClassBased) return true;
  return false;
}

/** The selection for a task's set: one already made for the same prim, else the strongest authored in the whole index. */
function findSelection(indexer: Indexing, task: Task): string | undefined {
  let start = task.node;
  let path = stripVariants(task.sitePath);
  while (start.parent !== undefined) {
    const inParent = start.mapToParent.mapToTarget(path);
    if (inParent === undefined || inParent === '') break;
    path = inParent;
    start = start.parent;
  }
  indexer.selections ??= new Map();
  const key = `${start.serial} ${task.set} ${path}`;
  let selection = indexer.selections.get(key);
  if (selection === undefined && !indexer.selections.has(key)) {
    selection = findPrior(start, path, task.set) ?? findAuthored(start, path, task.set, indexer.outputs.errors);
    indexer.selections.set(key, selection);
  }
  return selection;
}

function findPrior(node: IndexNode, path: Path, set: string): string | undefined {
  if (node.arc === ARC.variant) {
    const introduced = variantAtIntroduction(node);
    const variant = introduced === undefined ? undefined : variantOf(introduced);
    if (introduced !== undefined && variant?.[0] === set && stripVariants(parentPath(introduced)) === path) return variant[1];
  }
  for (const child of node.children) {
    const inChild = child.mapToParent.mapToSource(path);
    if (inChild === undefined || inChild === '') continue;
    const found = findPrior(child, inChild, set);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The variant path that a variant arc added: ancestral ones were added for a prim above. */
function variantAtIntroduction(node: IndexNode): Path | undefined {
  let path = node.path;
  while (!endsInVariant(path)) {
    if (path === ROOT_PATH) return undefined;
    path = parentPath(path);
  }
  return path;
}

function findAuthored(node: IndexNode, path: Path, set: string, errors: CompositionError[]): string | undefined {
  if (contributesAt(node, pathDepth(path))) {
    const selection = composeVariantSelection(node.layerStack, storagePath(node, path), set, errors);
    if (selection !== undefined) return selection;
  }
  for (const child of node.children) {
    const inChild = child.mapToParent.mapToSource(path);
    if (inChild === undefined || inChild === '') continue;
    const found = findAuthored(child, inChild, set, errors);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a node stores opinions on a prim at or above its own: with the variant selections of its path. */
function storagePath(node: IndexNode, path: Path): Path {
  if (!node.path.includes('{')) return path;
  const levels = node.depth - pathDepth(path);
  if (levels < 0) return path;
  const site = ancestorPath(node.path, levels);
  return stripVariants(site) === path ? site : path;
}
