/**
 * Edits of list ops in the edit target's specs. Source: OpenUSD usd/listEditImpl.h, usd/common.cpp (Usd_InsertListItem).
 */
import { addListOpItem, makeExplicitListOp, makeListOp, removeListOpItem, type ListOp, type ListPosition } from '../sdf/list-op.ts';
import { isValidNamespacedIdentifier, parentPath, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { MetadataMap, Value } from '../vt/value.ts';
import { primPathProblem, type EditSite } from './authoring.ts';
import { EditError } from './edit-error.ts';
import { listItemKey } from './metadata.ts';
import type { Stage } from './stage.ts';

/** List ops that edits are made of, and what their items are. */
type ListOpType = 'referenceListOp' | 'payloadListOp' | 'pathListOp' | 'tokenListOp' | 'stringListOp';
type ItemOf<K extends ListOpType> = MetadataMap[K] extends ListOp<infer T> ? T : never;

/** A field with a list op of one type. */
export interface ListField<K extends ListOpType> {
  readonly name: string;
  readonly type: K;
}

/** Adds an item, or moves it where it is there already; an explicit list stays one. */
export function addItem<K extends ListOpType>(site: EditSite, field: ListField<K>, item: ItemOf<K>, position: ListPosition): void {
  write(site, field, addListOpItem(read(site, field), item, position, listItemKey));
}

/** Takes an item out: of an explicit list, else of what is added, and out of weaker lists. */
export function removeItem<K extends ListOpType>(site: EditSite, field: ListField<K>, item: ItemOf<K>): void {
  write(site, field, removeListOpItem(read(site, field), item, listItemKey));
}

/** These items and none of weaker lists. */
export function setItems<K extends ListOpType>(site: EditSite, field: ListField<K>, items: readonly ItemOf<K>[]): void {
  write(site, field, makeExplicitListOp(items));
}

/** Leaves the list to weaker layers. */
export function clearItems(site: EditSite, field: ListField<ListOpType>): void {
  if (site.layer.field(site.path, field.name) !== undefined) site.layer.setField(site.path, field.name, undefined);
}

/**
 * A path that an arc names, in the namespace that the edit target writes in. Root prims are the same in every layer.
 *
 * @throws EditError `edit-invalid-path`, `edit-unmapped`
 */
export function arcPathForAuthoring(stage: Stage, owner: Path, path: Path): Path {
  assertArcPath(owner, path);
  return parentPath(path) === ROOT_PATH ? path : mapped(stage, owner, path);
}

/** @throws EditError `edit-invalid-path` */
export function assertArcPath(owner: Path, path: Path): void {
  const problem = primPathProblem(path);
  if (problem !== undefined) throw new EditError('edit-invalid-path', owner, `<${path}>: ${problem}`);
}

/**
 * A target or connection, in the namespace that the edit target writes in.
 *
 * @throws EditError `edit-invalid-path`, `edit-prototype`, `edit-unmapped`
 */
export function targetPathForAuthoring(stage: Stage, owner: Path, path: Path): Path {
  const dot = path.indexOf('.');
  const problem =
    (path === ROOT_PATH ? undefined : primPathProblem(dot < 0 ? path : path.slice(0, dot))) ??
    (dot < 0 || isValidNamespacedIdentifier(path.slice(dot + 1)) ? undefined : 'expected the path of a prim or property');
  if (problem !== undefined) throw new EditError('edit-invalid-path', owner, `<${path}>: ${problem}`);
  if (stage.getPrimAtPath(`/${path.split(/[/.]/)[1]}` as Path)?.isPrototype === true)
    throw new EditError('edit-prototype', owner, `<${path}>: what is in a prototype cannot be pointed at`);
  return mapped(stage, owner, path);
}

function mapped(stage: Stage, owner: Path, path: Path): Path {
  const result = stage.editTarget.mapTarget(path);
  if (result === undefined)
    throw new EditError(
      'edit-unmapped',
      owner,
      `<${path}> has no path in @${stage.editTarget.layer?.identifier}@, where the edit target writes`,
    );
  return result;
}

function read<K extends ListOpType>({ layer, path }: EditSite, field: ListField<K>): ListOp<ItemOf<K>> {
  return (layer.fieldAs(path, field.name, field.type) as ListOp<ItemOf<K>> | undefined) ?? makeListOp<ItemOf<K>>();
}

function write<K extends ListOpType>({ layer, path }: EditSite, field: ListField<K>, op: ListOp<ItemOf<K>>): void {
  layer.setField(path, field.name, { type: field.type, value: op } as unknown as Value);
}
