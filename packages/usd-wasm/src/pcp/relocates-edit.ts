/**
 * Changes to the relocations of a layer stack: what its layers' `relocates` must say then.
 * Source: OpenUSD pcp/layerRelocatesEditBuilder.cpp.
 */
import type { Layer } from '../sdf/layer.ts';
import { hasPrefix, parentPath, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { LayerStack } from './layer-stack.ts';
import type { PathPair } from './map-function.ts';

export class RelocatesEdit {
  readonly #layerStack: LayerStack;
  /** What each layer is to say; relocations that are invalid now are left out at once. */
  readonly #relocates = new Map<Layer, readonly PathPair[]>();

  constructor(layerStack: LayerStack) {
    this.#layerStack = layerStack;
    const valid = layerStack.relocates?.incremental;
    for (const layer of layerStack.layers)
      this.#relocates.set(
        layer,
        authoredRelocates(layer).filter(([source]) => valid?.has(source) === true),
      );
  }

  /**
   * A prim is to move across arcs: an existing relocation of it changes, or one more is made.
   *
   * @param layer takes the new relocation
   * @param target `''` relocates to nothing: it deletes
   * @returns why the prim cannot be relocated; undefined where it can
   */
  relocate(layer: Layer, source: Path, target: Path | ''): string | undefined {
    let isNew = true;
    for (const pair of this.#layerStack.relocates?.incremental ?? []) {
      const reason = conflictWith(source, target, pair);
      if (reason !== undefined) return reason;
      if (pair[1] === source) isNew = false;
    }
    if (isNew && parentPath(source) === ROOT_PATH) return `<${source}> is a root prim, and these cannot be relocated`;
    this.update(source, target);
    // After the others are changed, so that it is not relocated by itself.
    if (isNew) this.#relocates.set(layer, [...(this.#relocates.get(layer) ?? []), [source, target]]);
    return undefined;
  }

  /** Sources and targets at and below a path follow it. What would then say nothing is left out. */
  update(source: Path, target: Path | ''): void {
    for (const [layer, pairs] of this.#relocates)
      this.#relocates.set(
        layer,
        pairs.flatMap(([from, to]): PathPair[] => {
          const movedFrom = moved(from, source, target);
          const movedTo = to === '' ? '' : moved(to, source, target);
          return movedFrom === '' || movedFrom === movedTo ? [] : [[movedFrom, movedTo]];
        }),
      );
  }

  /** Layers whose relocations change, and what they are then; an empty list where none are left. */
  get edits(): ReadonlyMap<Layer, readonly PathPair[]> {
    return new Map([...this.#relocates].filter(([layer, pairs]) => !arePairsEqual(pairs, authoredRelocates(layer))));
  }
}

function authoredRelocates(layer: Layer): readonly PathPair[] {
  return layer.fieldAs(ROOT_PATH, 'layerRelocates', 'relocates') ?? layer.fieldAs(ROOT_PATH, 'relocates', 'relocates') ?? [];
}

function arePairsEqual(a: readonly PathPair[], b: readonly PathPair[]): boolean {
  return a.length === b.length && a.every(([source, target], i) => source === b[i]?.[0] && target === b[i]?.[1]);
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
