/**
 * List operations: how a layer edits a composed list. Source: OpenUSD sdf/listOp.cpp; composition.md section 8.
 * `added` and `ordered` are the legacy keywords `add` and `reorder`.
 */
export interface ListOp<T> {
  /** The list is `explicitItems`, whatever weaker opinions say. */
  readonly isExplicit: boolean;
  /** The whole list, of an explicit list op. */
  readonly explicitItems: readonly T[];
  /** Moved to the front, in this order. */
  readonly prependedItems: readonly T[];
  /** Moved to the back, in this order. */
  readonly appendedItems: readonly T[];
  /** Put at the back where they are not in the list (old files). */
  readonly addedItems: readonly T[];
  /** Taken out. */
  readonly deletedItems: readonly T[];
  /** In this order, the others after the one that they follow (old files). */
  readonly orderedItems: readonly T[];
}

const NONE: readonly never[] = [];

/** An inert list op, or one with the given parts. */
export function makeListOp<T>(parts: Partial<ListOp<T>> = {}): ListOp<T> {
  return {
    isExplicit: parts.isExplicit ?? false,
    explicitItems: parts.explicitItems ?? NONE,
    prependedItems: parts.prependedItems ?? NONE,
    appendedItems: parts.appendedItems ?? NONE,
    addedItems: parts.addedItems ?? NONE,
    deletedItems: parts.deletedItems ?? NONE,
    orderedItems: parts.orderedItems ?? NONE,
  };
}

export function makeExplicitListOp<T>(items: readonly T[]): ListOp<T> {
  return makeListOp({ isExplicit: true, explicitItems: items });
}

/**
 * Applies one list op over the list its weaker layers made. Callers walk weak to strong.
 *
 * @param keyOf identity of an item; two items with one key are the same item
 */
export function applyListOp<T>(op: ListOp<T>, weaker: readonly T[], keyOf: (item: T) => unknown): readonly T[] {
  if (op.isExplicit) return unique(op.explicitItems, keyOf);
  if (weaker.length === 0 && op.addedItems.length === 0 && op.orderedItems.length === 0) {
    // most lists are made by a single layer
    if (op.appendedItems.length === 0) return unique(op.prependedItems, keyOf);
    if (op.prependedItems.length === 0) return unique(op.appendedItems, keyOf);
  }
  const list = new Map<unknown, T>();
  for (const item of weaker) list.set(keyOf(item), item);
  for (const item of op.deletedItems) list.delete(keyOf(item));
  for (const item of op.addedItems) {
    const key = keyOf(item);
    if (!list.has(key)) list.set(key, item);
  }
  let result = [...list.values()];
  if (op.prependedItems.length > 0) {
    const head = unique(op.prependedItems, keyOf);
    result = [...head, ...without(result, head, keyOf)];
  }
  if (op.appendedItems.length > 0) {
    const tail = unique(op.appendedItems, keyOf);
    result = [...without(result, tail, keyOf), ...tail];
  }
  return op.orderedItems.length > 0 ? reorder(result, op.orderedItems, keyOf) : result;
}

/**
 * Reorders as `reorder` statements do: each ordered item that is present moves, taking the unordered items that
 * follow it along; items before the first ordered one stay in front.
 */
export function reorder<T>(list: readonly T[], order: readonly T[], keyOf: (item: T) => unknown): T[] {
  const orderKeys = unique(order, keyOf).map(keyOf);
  const ordered = new Set(orderKeys);
  const runs = new Map<unknown, T[]>();
  const head: T[] = [];
  let run = head;
  for (const item of list) {
    const key = keyOf(item);
    if (ordered.has(key)) {
      run = [];
      runs.set(key, run);
    }
    run.push(item);
  }
  const result = head;
  for (const key of orderKeys) {
    const items = runs.get(key);
    if (items !== undefined) result.push(...items);
  }
  return result;
}

/** Where a new item of a list op goes. Source: OpenUSD usd/common.h, UsdListPosition. */
export type ListPosition = 'frontOfPrependList' | 'backOfPrependList' | 'frontOfAppendList' | 'backOfAppendList';

/**
 * Adds an item, or moves it within the list of that position. An explicit list is edited in place, at its front or back.
 * Source: OpenUSD usd/listEditImpl.h, Usd_InsertListItem.
 *
 * @param keyOf identity of an item; two items with one key are the same item
 */
export function addListOpItem<T>(op: ListOp<T>, item: T, position: ListPosition, keyOf: (item: T) => unknown = identityOf): ListOp<T> {
  const part = op.isExplicit ? 'explicitItems' : position.endsWith('PrependList') ? 'prependedItems' : 'appendedItems';
  const others = without(op[part], [item], keyOf);
  return { ...op, [part]: position.startsWith('front') ? [item, ...others] : [...others, item] };
}

/**
 * Takes an item off the list: off an explicit one simply, else by no longer adding and by deleting it.
 * Source: OpenUSD sdf/listEditorProxy.h, Remove.
 */
export function removeListOpItem<T>(op: ListOp<T>, item: T, keyOf: (item: T) => unknown = identityOf): ListOp<T> {
  const rest = eraseListOpItem(op, item, keyOf);
  return op.isExplicit ? rest : { ...rest, deletedItems: [...rest.deletedItems, item] };
}

/** Takes back whatever the list op says of an item, deletions too. Source: OpenUSD sdf/listEditorProxy.h, RemoveItemEdits. */
export function eraseListOpItem<T>(op: ListOp<T>, item: T, keyOf: (item: T) => unknown = identityOf): ListOp<T> {
  const erased = [item];
  return {
    isExplicit: op.isExplicit,
    explicitItems: without(op.explicitItems, erased, keyOf),
    prependedItems: without(op.prependedItems, erased, keyOf),
    appendedItems: without(op.appendedItems, erased, keyOf),
    addedItems: without(op.addedItems, erased, keyOf),
    deletedItems: without(op.deletedItems, erased, keyOf),
    orderedItems: without(op.orderedItems, erased, keyOf),
  };
}

function identityOf<T>(item: T): unknown {
  return item;
}

function without<T>(list: readonly T[], items: readonly T[], keyOf: (item: T) => unknown): T[] {
  const keys = new Set(items.map(keyOf));
  return list.filter((item) => !keys.has(keyOf(item)));
}

function unique<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly T[] {
  if (items.length < 2) return items;
  const seen = new Map<unknown, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}
