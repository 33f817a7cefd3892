/** Edits of the page: opinions in the session layer, and what they changed on the stage. */
import { isPropertyPath, makeValue, primPathOf, type Layer, type ObjectsChanged, type Path, type Stage } from 'usd-wasm';

/** What must be looked at again: prims composed anew with all below them, and prims of which only values may differ. Sorted, each once. */
export interface StageEdits {
  readonly resynced: readonly Path[];
  readonly changedInfo: readonly Path[];
}

/**
 * Runs an edit with the session layer as target, and waits for the layers that it asks for.
 *
 * @throws EditError where the edit is refused, e.g. inside an instance
 */
export async function editSession(stage: Stage, edit: () => void): Promise<StageEdits> {
  const notices: ObjectsChanged[] = [];
  const stop = stage.addListener('objectsChanged', (notice) => notices.push(notice));
  const target = stage.editTarget;
  try {
    stage.editTarget = stage.getEditTargetForLocalLayer(stage.sessionLayer);
    edit();
    await stage.settle();
  } finally {
    stage.editTarget = target;
    stop();
  }
  const resynced = new Set<Path>();
  const changedInfo = new Set<Path>();
  for (const notice of notices) {
    for (const path of notice.resyncedPaths) {
      // a property that came or went is a change of its prim
      if (isPropertyPath(path)) changedInfo.add(primPathOf(path));
      else resynced.add(path);
    }
    for (const path of notice.changedInfoOnlyPaths) changedInfo.add(primPathOf(path));
  }
  return { resynced: [...resynced].sort(), changedInfo: [...changedInfo].sort() };
}

/** Selects a variant in the session layer; undefined takes the opinion back. */
export async function selectVariant(stage: Stage, path: Path, set: string, selection: string | undefined): Promise<StageEdits> {
  return editSession(stage, () => {
    const variants = stage.getPrimAtPath(path)?.getVariantSet(set);
    if (selection === undefined) variants?.clearVariantSelection();
    else variants?.setVariantSelection(selection);
  });
}

/** Writes a selection to a layer, whether or not a stage has the prim yet; '' takes it out. */
export function authorSelection(layer: Layer, path: Path, set: string, selection: string): void {
  layer.createPrimSpec(path);
  const selections = new Map(layer.fieldAs(path, 'variantSelection', 'variantSelectionMap'));
  if (selection === '') selections.delete(set);
  else selections.set(set, selection);
  layer.setField(path, 'variantSelection', makeValue('variantSelectionMap', selections));
}
