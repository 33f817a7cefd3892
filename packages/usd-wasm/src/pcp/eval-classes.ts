/**
 * Inherits, specializes, and the classes they imply across other arcs: composition.md sections 4.3 to 4.5.
 */
import { endsInVariant, parentPath, replacePrefix, ROOT_PATH, stripVariants, hasPrefix, type Path } from '../sdf/path.ts';
import type { ArcType } from './composition-error.ts';
import { composePathList } from './compose-site.ts';
import { isTargetPath, mapForArc } from './eval-references.ts';
import { ARC, ARC_NAMES, findMatchingChild, type IndexNode } from './index-node.ts';
import { ARC_OPTION, siteOf, TASK, type Indexing } from './indexing.ts';
import type { MapFunction } from './map-function.ts';
import { startOfClassHierarchy } from './strength.ts';

export function evaluateInherits(indexer: Indexing, node: IndexNode): void {
  if (node.canContributeSpecs) addClassArcs(indexer, node, ARC.inherit, composePathList(node.layerStack, node.path, 'inheritPaths'));
}

export function evaluateSpecializes(indexer: Indexing, node: IndexNode): void {
  if (node.canContributeSpecs) addClassArcs(indexer, node, ARC.specialize, composePathList(node.layerStack, node.path, 'specializes'));
}

function addClassArcs(indexer: Indexing, node: IndexNode, arc: number, paths: readonly Path[]): void {
  for (let i = 0; i < paths.length && !indexer.isFull(); i++) {
    const path = paths[i] as Path;
    if (!isTargetPath(path)) {
      indexer.outputs.errors.push({
        kind: 'InvalidPrimPath',
        site: siteOf(node),
        primPath: path,
        arcType: ARC_NAMES[arc] as ArcType,
        sourceLayer: undefined,
      });
      continue;
    }
    addClassArc(indexer, arc, node, node, mapForArc(path, node, true), i, undefined);
  }
}

/**
 * Adds one class arc, or finds the one that is there.
 *
 * @param ignored a site that must not contribute again when the class turns out to be it
 */
function addClassArc(
  indexer: Indexing,
  arc: number,
  parent: IndexNode,
  origin: IndexNode,
  map: MapFunction,
  siblingNumber: number,
  ignored: IndexNode | undefined,
): IndexNode | undefined {
  const path = classPath(parent.path, map);
  if (path === undefined) return undefined;
  const existing = findMatchingChild(parent, indexer.arcOf(parent), parent.layerStack, path, arc, map, origin.depthBelowIntroduction);
  if (existing !== undefined) return existing;
  const contributes = path !== parent.path && !(ignored?.isAtSite(parent.layerStack, path) ?? false);
  const isRootPrim = parentPath(path) === ROOT_PATH;
  const options = contributes ? ARC_OPTION.contributes | ARC_OPTION.skipDuplicates | (isRootPrim ? 0 : ARC_OPTION.ancestral) : 0;
  return indexer.addArc(arc, parent, origin, parent.layerStack, path, map, siblingNumber, options);
}

/** The class seen from a site: its path mapped back. Variant selections are no namespace: taken off and put back. */
function classPath(parent: Path, map: MapFunction): Path | undefined {
  if (!parent.includes('{')) return map.mapToSource(parent) || undefined;
  let variant = parent;
  while (!endsInVariant(variant)) variant = parentPath(variant);
  const path = map.mapToSource(stripVariants(parent));
  if (path === undefined || path === '') return undefined;
  const plain = stripVariants(variant);
  return hasPrefix(path, plain) ? replacePrefix(path, plain, variant) : path;
}

/** Implies the classes below a node to its parent; the tasks of the new nodes carry them on to the root. */
export function evaluateImpliedClasses(indexer: Indexing, node: IndexNode): void {
  // What lies below a propagated specializes arc is implied from where the arc was found.
  if (node.parent === undefined || node.isPropagatedSpecializes || !node.hasClassBasedChild) return;
  implyClasses(indexer, node.parent, node, node.mapToParent.withRootIdentity(), true);
}

function implyClasses(indexer: Indexing, destination: IndexNode, source: IndexNode, transfer: MapFunction, isStart: boolean): void {
  if (destination.arc === ARC.relocate && destination.parent !== undefined) {
    // Relocates are placeholders: their parent takes the classes.
    implyClasses(indexer, destination.parent, source, destination.mapToParent.withRootIdentity().compose(transfer), isStart);
    indexer.addTask(TASK.impliedClasses, destination);
    return;
  }
  for (const classNode of source.children.slice()) {
    if (!classNode.isClassBased) continue;
    // The next link of a class chain is implied with the chain, not by itself.
    if (isStart && source.isClassBased && source.depthBelowIntroduction === classNode.depthBelowIntroduction) continue;
    const map = impliedMap(transfer, classNode.mapToParent);
    const known = destination.children.find((child) => child.origin === classNode && child.mapToParent.equals(map));
    const implied = known ?? addClassArc(indexer, classNode.arc, destination, classNode, map, classNode.siblingNumber, classNode);
    if (implied !== undefined && classNode.hasClassBasedChild) {
      const nested = map.inverse().compose(transfer.compose(classNode.mapToParent));
      implyClasses(indexer, implied, classNode, nested, false);
    }
  }
}

function impliedMap(transfer: MapFunction, classMap: MapFunction): MapFunction {
  if (transfer.isIdentity) return classMap;
  return transfer.compose(classMap.compose(transfer.inverse())).withRootIdentity();
}

/** The instance from which a chain of classes, with its ancestral chains, is implied as a whole. */
export function startOfImpliedClasses(node: IndexNode): IndexNode | undefined {
  let start = node;
  while (start.isClassBased && start.parent !== undefined) {
    const { instance, classNode } = startOfClassHierarchy(start);
    if (instance === start) break;
    start = instance;
    if (instance.isClassBased && hasPrefix(classNode.path, instance.pathAtIntroduction)) break;
  }
  return start;
}
