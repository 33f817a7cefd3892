/**
 * One more relocation in a layer stack that has some already: what its layers' `relocates` must say then.
 * Source: OpenUSD pcp/layerRelocatesEditBuilder.cpp.
 */
import type { Layer } from '../sdf/layer.ts';
import { hasPrefix, parentPath, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { LayerStack } from './layer-stack.ts';
import type { PathPair } from './map-function.ts';

/** Relocations of the layers that change; an empty list where none are left. */
export type RelocatesEdits = ReadonlyMap<Layer, readonly PathPair[]>;

/**
 * Relocations for a prim that moves across arcs.
 *
 * @param layer takes the new relocation, where existing ones cannot just be changed
 * @param target `''` relocates to nothing: it deletes
 * @returns the edits, or why the prim cannot be relocated
 */
export function relocate(
  layerStack: LayerStack,
  layer: Layer,
  source: Path,
  target: Path | '',
): RelocatesEdits | { readonly reason: string } {
  const existing = layerStack.relocates?.incremental ?? new Map<Path, Path | ''>();
  let isNew = true;
  for (const pair of existing) {
    const reason = conflictWith(source, target, pair);
    if (reason !== undefined) return { reason };
    if (pair[1] === source) isNew = false;
  }
  if (isNew && parentPath(source) === ROOT_PATH) return { reason: `<${source}> is a root prim, and these cannot be relocated` };
  const edits = new Map(updateRelocates(layerStack, source, target));
  // After the others are changed, so that it is not relocated by itself.
  if (isNew) edits.set(layer, [...(edits.get(layer) ?? validRelocates(layerStack, layer)), [source, target]]);
  return edits;
}

/**
 * Relocations that follow a prim whose specs move: sources and targets at and below it. What would then say nothing is
 * left out, as are relocations that are invalid now.
 */
export function updateRelocates(layerStack: LayerStack, source: Path, target: Path | ''): RelocatesEdits {
  const edits = new Map<Layer, readonly PathPair[]>();
  for (const layer of layerStack.layers) {
    const authored = authoredRelocates(layer);
    const updated: PathPair[] = [];
    let isChanged = false;
    for (const pair of validRelocates(layerStack, layer)) {
      const from = moved(pair[0], source, target);
      const to = pair[1] === '' ? '' : moved(pair[1], source, target);
      if (from !== '' && from !== to) updated.push([from, to]);
      if (from !== pair[0] || to !== pair[1]) isChanged = true;
    }
    if (isChanged || (updated.length < authored.length && authored.length > 0)) edits.set(layer, updated);
  }
  return edits;
}

/** What a layer says of relocations, in order. */
export function authoredRelocates(layer: Layer): readonly PathPair[] {
  return layer.fieldAs(ROOT_PATH, 'layerRelocates', 'relocates') ?? layer.fieldAs(ROOT_PATH, 'relocates', 'relocates') ?? [];
}

function validRelocates(layerStack: LayerStack, layer: Layer): readonly PathPair[] {
  const valid = layerStack.relocates?.incremental;
  return authoredRelocates(layer).filter(([source]) => valid?.has(source) === true);
}

function moved(path: Path, source: Path, target: Path | ''): Path | '' {
  if (!hasPrefix(path, source)) return path;
  return target === '' ? '' : replacePrefix(path, source, target);
}

function conflictWith(source: Path, target: Path | '', [existingSource, existingTarget]: PathPair): string | undefined {
  const isRelocated = `<${existingSource}> is relocated to ${existingTarget === '' ? 'nothing' : `<${existingTarget}>`} already`;
  if (hasPrefix(source, existingSource)) return `${isRelocated}: it, and what is below it, cannot be relocated by that path`;
  if (target === '') return undefined;
  if (target === existingTarget) return `${isRelocated}: nothing else can be relocated there`;
  if (!hasPrefix(target, existingSource)) return undefined;
  if (target !== existingSource) return `${isRelocated}: nothing can be relocated below it`;
  return source === existingTarget ? undefined : `${isRelocated}: only that prim can be relocated back`;
}
