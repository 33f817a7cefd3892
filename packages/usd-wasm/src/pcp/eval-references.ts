/**
 * References and payloads: composition.md section 4.2.
 */
import { IDENTITY_OFFSET, type LayerOffset } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import { isPropertyPath, parentPath, ROOT_PATH, stripVariants, type Path } from '../sdf/path.ts';
import { composeReferences, type ComposedReference } from './compose-site.ts';
import { ARC, ARC_NAMES, type IndexNode } from './index-node.ts';
import { ARC_OPTION, siteOf, type Indexing } from './indexing.ts';
import type { LayerStack } from './layer-stack.ts';
import { MapFunction } from './map-function.ts';

export function evaluateReferences(indexer: Indexing, node: IndexNode): void {
  if (!node.canContributeSpecs) return;
  const { environment, outputs } = indexer;
  const references = composeReferences(node.layerStack, node.path, 'references', environment.source, outputs.errors);
  for (let i = 0; i < references.length && !indexer.isFull(); i++)
    addReference(indexer, node, ARC.reference, references[i] as ComposedReference, i);
}

export function evaluatePayloads(indexer: Indexing, node: IndexNode): void {
  if (!node.canContributeSpecs) return;
  const { environment, outputs } = indexer;
  const payloads = composeReferences(node.layerStack, node.path, 'payload', environment.source, outputs.errors);
  if (payloads.length === 0) return;
  const inclusionPath = payloadPath(indexer, node);
  if (isAtRequestedDepth(indexer)) outputs.hasPayloads = true;
  if (inclusionPath !== undefined && !environment.includesPayload(inclusionPath)) return;
  for (let i = 0; i < payloads.length && !indexer.isFull(); i++)
    addReference(indexer, node, ARC.payload, payloads[i] as ComposedReference, i);
}

/** Whether the frames around stand at the paths they were asked for, not at ancestors of them. */
function isAtRequestedDepth(indexer: Indexing): boolean {
  let { root, frame } = indexer;
  for (; frame !== undefined; frame = frame.previous) {
    if (root.path !== frame.requestedPath) return false;
    root = frame.parentNode.root;
  }
  return true;
}

/**
 * The prim, in the namespace of the outermost index, whose load state rules payloads found at a node. Undefined when no
 * such prim exists: the payload belongs to an ancestor of a target below the root, and must be there for the target to exist.
 */
function payloadPath(indexer: Indexing, node: IndexNode): Path | undefined {
  let path = stripVariants(node.path);
  let n = node;
  let { frame } = indexer;
  for (;;) {
    let map: MapFunction;
    if (n.parent !== undefined) {
      map = n.mapToParent;
      n = n.parent;
    } else if (frame !== undefined) {
      map = frame.mapToParent;
      n = frame.parentNode;
      frame = frame.previous;
    } else return path;
    if (map.isPathIdentity) continue;
    const mapped = map.mapToTargetByPairs(path);
    if (mapped === undefined || mapped === '') return undefined;
    path = mapped;
  }
}

function addReference(indexer: Indexing, node: IndexNode, arc: number, reference: ComposedReference, siblingNumber: number): void {
  const { environment, outputs } = indexer;
  const { item, layer } = reference;
  const arcType = ARC_NAMES[arc] as 'reference' | 'payload';
  const isInvalidPath = item.primPath !== '' && !isTargetPath(item.primPath);
  if (isInvalidPath) {
    outputs.errors.push({ kind: 'InvalidPrimPath', site: siteOf(node), primPath: item.primPath, arcType, sourceLayer: layer.identifier });
    return;
  }
  let offset: LayerOffset;
  if (reference.offset === undefined) {
    outputs.errors.push({
      kind: 'InvalidReferenceOffset',
      site: siteOf(node),
      sourceLayer: layer.identifier,
      assetPath: item.assetPath,
      targetPath: item.primPath,
      offset: item.layerOffset.offset,
      scale: item.layerOffset.scale,
      arcType,
    });
    offset = IDENTITY_OFFSET;
  } else offset = reference.offset;
  if (isInvalidPath) return;

  const isInternal = reference.assetPath === '';
  let targetLayer: Layer;
  let layerStack: LayerStack;
  if (isInternal) {
    targetLayer = node.layerStack.rootLayer;
    layerStack = node.layerStack;
  } else {
    const { identifier } = reference;
    if (environment.mutedLayers.has(identifier)) {
      outputs.errors.push({
        kind: 'MutedAssetPath',
        site: siteOf(node),
        assetPath: item.assetPath,
        identifier,
        arcType,
        sourceLayer: layer.identifier,
      });
      return;
    }
    const found = environment.source.find(identifier);
    if (found === 'pending') {
      if (!outputs.pendingAssets.includes(identifier)) outputs.pendingAssets.push(identifier);
      return;
    }
    if ('failed' in found) {
      outputs.errors.push({
        kind: 'InvalidAssetPath',
        site: siteOf(node),
        assetPath: item.assetPath,
        identifier,
        arcType,
        sourceLayer: layer.identifier,
        reason: found.failed,
      });
      return;
    }
    targetLayer = found;
    layerStack = environment.layerStackOf(found, node.layerStack.expressionVariables);
    for (const pending of layerStack.pendingAssets) if (!outputs.pendingAssets.includes(pending)) outputs.pendingAssets.push(pending);
    for (const error of layerStack.errors) if (!outputs.errors.includes(error)) outputs.errors.push(error);
    const sourceRate = layer.timeCodesPerSecond;
    if (sourceRate !== layerStack.timeCodesPerSecond)
      offset = { offset: offset.offset, scale: (offset.scale * sourceRate) / layerStack.timeCodesPerSecond };
  }

  let primPath = item.primPath === '' ? targetLayer.defaultPrim : item.primPath;
  let contributes = true;
  if (primPath === undefined || !isTargetPath(primPath)) {
    outputs.errors.push({
      kind: 'UnresolvedPrimPath',
      site: siteOf(node),
      targetLayer: targetLayer.identifier,
      unresolvedPath: 'defaultPrim',
      arcType,
      sourceLayer: layer.identifier,
    });
    primPath = ROOT_PATH;
    contributes = false;
  }
  const isRootPrim = primPath === ROOT_PATH || parentPath(primPath) === ROOT_PATH;
  const options = (contributes ? ARC_OPTION.contributes : 0) | (isRootPrim ? 0 : ARC_OPTION.ancestral);
  indexer.addArc(arc, node, node, layerStack, primPath, mapForArc(primPath, node, isInternal, offset), siblingNumber, options);
}

/** An absolute prim path without variant selections, not the pseudo-root. */
export function isTargetPath(path: string): path is Path {
  return path.length > 1 && path.startsWith('/') && !path.includes('{') && !path.includes('[') && !isPropertyPath(path as Path);
}

/** Source prim → the prim at a node, with what the node's layer stack relocates below it. */
export function mapForArc(source: Path, target: IndexNode, hasRootIdentity: boolean, offset: LayerOffset = IDENTITY_OFFSET): MapFunction {
  const targetPath = stripVariants(target.path);
  const { relocates } = target.layerStack;
  if (relocates === undefined) return MapFunction.ofPair(source, targetPath, hasRootIdentity, offset);
  const map = relocates.mapAtPath(targetPath).compose(MapFunction.ofPair(source, targetPath, false, offset));
  return hasRootIdentity ? map.withRootIdentity() : map;
}

/** Reports a reference or payload whose target has no spec at all, once everything else is composed. */
export function reportUnresolvedTarget(indexer: Indexing, node: IndexNode): void {
  const path = node.pathAtIntroduction;
  if (path === ROOT_PATH || node.parent === undefined) return;
  const isDirect = node.depthBelowIntroduction === 0;
  if (hasSpecsBelow(node, isDirect)) return;
  const { parent } = node;
  const parentAtIntroduction = isDirect ? parent.path : node.mapToParent.mapToTarget(path);
  const sitePath = parentAtIntroduction === undefined || parentAtIntroduction === '' ? parent.path : parentAtIntroduction;
  const arcType = ARC_NAMES[node.arc] as 'reference' | 'payload';
  const field = node.arc === ARC.payload ? 'payload' : 'references';
  const authored = composeReferences(parent.layerStack, sitePath, field, indexer.environment.source, []);
  indexer.outputs.errors.push({
    kind: 'UnresolvedPrimPath',
    site: { layer: parent.layerStack.rootLayer.identifier, path: sitePath },
    targetLayer: node.layerStack.rootLayer.identifier,
    unresolvedPath: path,
    arcType,
    sourceLayer: authored[node.siblingNumber]?.layer.identifier ?? parent.layerStack.rootLayer.identifier,
  });
}

function hasSpecsBelow(node: IndexNode, isDirect: boolean): boolean {
  if (isDirect ? node.hasSpecs : node.layerStack.hasSpec(node.pathAtIntroduction)) return true;
  for (const child of node.children) if (hasSpecsBelow(child, isDirect)) return true;
  return false;
}
