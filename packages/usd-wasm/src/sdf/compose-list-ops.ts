import { applyListOp, makeExplicitListOp, makeListOp, type ListOp } from './list-op.ts';

/**
 * One list op that does what `weak` does and `strong` after it. Legacy `add` and `reorder` cannot be put into one list op: where
 * either has any, adds are taken as appends and reorders are dropped. Source: OpenUSD sdf/listOp.cpp (ApplyOperations of a list op),
 * usd/flattenUtils.cpp (_FixListOp).
 *
 * @param keyOf identity of an item; two items with one key are the same item
 */
export function composeListOps<T>(strong: ListOp<T>, weak: ListOp<T>, keyOf: (item: T) => unknown): ListOp<T> {
  if (strong.isExplicit) return strong;
  if (isLegacy(strong) || (!weak.isExplicit && isLegacy(weak)))
    return composeListOps(withoutLegacy(strong, keyOf), withoutLegacy(weak, keyOf), keyOf);
  if (weak.isExplicit) return makeExplicitListOp(applyListOp(strong, weak.explicitItems, keyOf));
  const { deletedItems, prependedItems, appendedItems } = strong;
  const drop = (items: readonly T[], ...dropped: readonly (readonly T[])[]): readonly T[] => {
    const keys = new Set(dropped.flat().map(keyOf));
    return items.filter((item) => !keys.has(keyOf(item)));
  };
  // an item that is added both at the front and at the back ends up at the back
  const front = drop(prependedItems, appendedItems);
  return makeListOp({
    deletedItems: [...drop(weak.deletedItems, deletedItems, front, appendedItems), ...drop(deletedItems, front, appendedItems)],
    prependedItems: [...front, ...drop(weak.prependedItems, deletedItems, front, appendedItems)],
    appendedItems: [...drop(weak.appendedItems, deletedItems, front, appendedItems), ...appendedItems],
  });
}

function isLegacy<T>({ addedItems, orderedItems }: ListOp<T>): boolean {
  return addedItems.length > 0 || orderedItems.length > 0;
}

function withoutLegacy<T>(op: ListOp<T>, keyOf: (item: T) => unknown): ListOp<T> {
  if (op.isExplicit || !isLegacy(op)) return op;
  const appended = new Set(op.appendedItems.map(keyOf));
  return {
    ...op,
    appendedItems: [...op.appendedItems, ...op.addedItems.filter((item) => !appended.has(keyOf(item)))],
    addedItems: [],
    orderedItems: [],
  };
}
