/**
 * What points at objects that move: targets, connections, arcs, the default prim, orders of names. All of it is looked for
 * in the layers of the stage's own layer stack, whose paths are those of the stage.
 * Source: OpenUSD usd/namespaceEditor.cpp (_GatherTargetListOpEdits), pcp/dependentNamespaceEditUtils.cpp.
 */
import type { LayerStack } from '../pcp/layer-stack.ts';
import { IDENTITY_OFFSET } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import type { ListOp } from '../sdf/list-op.ts';
import {
  appendProperty,
  hasPrefix,
  isPropertyPath,
  nameOf,
  parentPath,
  replacePrefix,
  ROOT_PATH,
  stripVariants,
  type Path,
} from '../sdf/path.ts';
import { makeValue, type ReferenceItem, type Value } from '../vt/value.ts';
import { listItemKey } from './metadata.ts';
import type { FieldEdit, MovedPaths, SpecMove } from './namespace-plan.ts';
import type { PrimRecord } from './prim-record.ts';
import type { Stage } from './stage.ts';

/** Fields by the paths that their specs have before the moves. */
export function planFixups(
  stage: Stage,
  moved: MovedPaths,
  moves: readonly SpecMove[],
): { readonly fields: readonly FieldEdit[]; readonly warnings: readonly string[] } {
  const fields: FieldEdit[] = [];
  const warnings: string[] = [];
  const isOwnLayer = referencesTo(stage, moves);
  for (const layer of new Set(stage.cache.layerStack.layers)) {
    const found = fixupsOf(layer, moved, moves, isOwnLayer);
    if (found.length === 0) continue;
    if (layer.permissionToEdit) fields.push(...found);
    else
      for (const { path, name } of found)
        warnings.push(`layer @${layer.identifier}@ may not be edited: ${name} of <${path}> stays as it is`);
  }
  return { fields, warnings };
}

/** Targets that other layer stacks bring in are mapped by relocations alone; without one they keep pointing at the old path. */
export function warnOfTargetsAcrossArcs(stage: Stage, oldPath: Path, warnings: string[]): void {
  const { layerStack } = stage.cache;
  const visit = (record: PrimRecord): void => {
    for (const { layer, path, node } of record.index.primStack) {
      if (node.layerStack === layerStack) continue;
      for (const name of layer.childNames(path, 'properties')) {
        const property = appendProperty(path, name);
        const op = layer.fieldAs(property, 'targetPaths', 'pathListOp') ?? layer.fieldAs(property, 'connectionPaths', 'pathListOp');
        const isConcerned = [
          ...(op?.explicitItems ?? []),
          ...(op?.prependedItems ?? []),
          ...(op?.appendedItems ?? []),
          ...(op?.addedItems ?? []),
        ].some((target) => {
          const mapped = node.mapToRoot.mapToTarget(target);
          return mapped !== undefined && mapped !== '' && hasPrefix(mapped, oldPath);
        });
        if (isConcerned && !hasPrefix(record.path, oldPath))
          warnings.push(`<${appendProperty(record.path, name)}> points at <${oldPath}> across an arc, in @${layer.identifier}@`);
      }
    }
    for (const child of record.children) visit(child);
  };
  visit(stage.pseudoRoot.record);
}

/** Whether a reference or payload leads to layers whose specs move. */
type OwnLayerTest = (layer: Layer, path: Path, item: ReferenceItem) => boolean;

function referencesTo(stage: Stage, moves: readonly SpecMove[]): OwnLayerTest {
  const { cache } = stage;
  const edited = new Set(moves.map(({ layer }) => layer));
  const isEdited = (stack: LayerStack): boolean => stack.layers.some((layer) => edited.has(layer));
  const identifiers = new Set(cache.layerStacks.filter(isEdited).map((stack) => stack.rootLayer.identifier));
  const { root } = cache.primIndex(ROOT_PATH);
  return (layer, path, { assetPath }) =>
    assetPath === '' ||
    (identifiers.size > 0 && identifiers.has(cache.resolveAssetPath({ layer, path, layerOffset: IDENTITY_OFFSET, node: root }, assetPath)));
}

function fixupsOf(layer: Layer, moved: MovedPaths, moves: readonly SpecMove[], isOwnLayer: OwnLayerTest): FieldEdit[] {
  const edits: FieldEdit[] = [];
  const removed = moves.filter((move) => move.layer === layer && move.to === '').map(({ from }) => from);
  const map = (path: Path): Path | undefined => mapPath(moved, path);
  for (const path of layer.data.paths()) {
    if (removed.some((gone) => hasPrefix(path, gone))) continue;
    const edit = (name: string, change: (value: Value) => Value | undefined): void => {
      const value = layer.field(path, name);
      const changed = value === undefined ? undefined : change(value);
      if (changed !== value) edits.push({ layer, path, name, value: changed });
    };
    if (isPropertyPath(path)) {
      edit('targetPaths', (value) => mapPathList(value, map));
      edit('connectionPaths', (value) => mapPathList(value, map));
      continue;
    }
    if (path !== ROOT_PATH && path.endsWith('=}')) continue;
    edit('inheritPaths', (value) => mapPathList(value, map));
    edit('specializes', (value) => mapPathList(value, map));
    const mapItem = (item: ReferenceItem): ReferenceItem | undefined => {
      if (item.primPath === '' || !isOwnLayer(layer, path, item)) return item;
      const mapped = map(item.primPath);
      return mapped === item.primPath ? item : mapped === undefined ? undefined : { ...item, primPath: mapped };
    };
    edit('references', (value) => (value.type === 'referenceListOp' ? mapListValue('referenceListOp', value, mapItem) : value));
    edit('payload', (value) => (value.type === 'payloadListOp' ? mapListValue('payloadListOp', value, mapItem) : value));
    edit('primOrder', (value) => mapOrder(value, stripVariants(path), moved, false));
    edit('propertyOrder', (value) => mapOrder(value, stripVariants(path), moved, true));
  }
  edits.push(...defaultPrimEdit(layer, map));
  return edits;
}

/** Where an object goes; the path itself where it stays, undefined where it is deleted. */
function mapPath(moved: MovedPaths, path: Path): Path | undefined {
  let from: Path | undefined;
  for (const candidate of moved.keys()) if (hasPrefix(path, candidate) && candidate.length > (from?.length ?? 0)) from = candidate;
  if (from === undefined) return path;
  const to = moved.get(from);
  return to === undefined || to === '' ? undefined : replacePrefix(path, from, to);
}

function mapPathList(value: Value, map: (path: Path) => Path | undefined): Value | undefined {
  return value.type === 'pathListOp' ? mapListValue('pathListOp', value, map) : value;
}

/** The same value where no item changes; undefined where nothing is left that the list op says. */
function mapListValue<T>(
  type: 'pathListOp' | 'referenceListOp' | 'payloadListOp',
  value: Value,
  map: (item: T) => T | undefined,
): Value | undefined {
  const op = value.value as ListOp<T>;
  let isChanged = false;
  const mapItems = (items: readonly T[]): T[] => {
    const seen = new Map<unknown, T>();
    for (const item of items) {
      const mapped = map(item);
      if (mapped !== item) isChanged = true;
      if (mapped !== undefined) seen.set(listItemKey(mapped), mapped);
    }
    return [...seen.values()];
  };
  const result: ListOp<T> = {
    isExplicit: op.isExplicit,
    explicitItems: mapItems(op.explicitItems),
    prependedItems: mapItems(op.prependedItems),
    appendedItems: mapItems(op.appendedItems),
    addedItems: mapItems(op.addedItems),
    deletedItems: mapItems(op.deletedItems),
    orderedItems: mapItems(op.orderedItems),
  };
  if (!isChanged) return value;
  const { isExplicit, ...lists } = result;
  if (!isExplicit && Object.values(lists).every((items) => items.length === 0)) return undefined;
  return { type, value: result } as unknown as Value;
}

/** Names in `primOrder` or `propertyOrder` of the parent of what moves. */
function mapOrder(value: Value, parent: Path, moved: MovedPaths, isOfProperties: boolean): Value | undefined {
  if (value.type !== 'tokenVector') return value;
  let names: readonly string[] = value.value;
  for (const [from, to] of moved) {
    if (isPropertyPath(from) !== isOfProperties || parentPath(from) !== parent || !names.includes(nameOf(from))) continue;
    const newName = to !== '' && parentPath(to) === parent ? nameOf(to) : undefined;
    names = names.flatMap((name) => (name !== nameOf(from) ? name : (newName ?? [])));
  }
  if (names === value.value) return value;
  return names.length === 0 ? undefined : makeValue('tokenVector', names);
}

function defaultPrimEdit(layer: Layer, map: (path: Path) => Path | undefined): FieldEdit[] {
  const path = layer.defaultPrim;
  if (path === undefined) return [];
  const mapped = map(path);
  if (mapped === path) return [];
  const token = mapped === undefined ? undefined : parentPath(mapped) === ROOT_PATH ? nameOf(mapped) : mapped;
  return [{ layer, path: ROOT_PATH, name: 'defaultPrim', value: token === undefined ? undefined : makeValue('token', token) }];
}
