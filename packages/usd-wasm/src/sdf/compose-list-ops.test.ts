import { describe, expect, it } from 'vitest';
import { composeListOps } from './compose-list-ops.ts';
import { applyListOp, makeExplicitListOp, makeListOp, type ListOp } from './list-op.ts';

const same = (item: string): string => item;
const ITEMS = ['a', 'b', 'c', 'd'];

/** All list ops in which each of a few items is in at most one of the lists: enough to meet every pair of edits. */
function* listOps(items: readonly string[]): Generator<ListOp<string>> {
  const parts = ['prependedItems', 'appendedItems', 'deletedItems'] as const;
  for (let code = 0; code < 4 ** items.length; code++) {
    const op: { prependedItems: string[]; appendedItems: string[]; deletedItems: string[] } = {
      prependedItems: [],
      appendedItems: [],
      deletedItems: [],
    };
    items.forEach((item, i) => {
      const part = parts[Math.floor(code / 4 ** i) % 4];
      if (part !== undefined) op[part].push(item);
    });
    yield makeListOp(op);
  }
}

describe('composeListOps', () => {
  it('does to any list what the two do one after the other', () => {
    let pairs = 0;
    for (const strong of listOps(['a', 'b', 'c']))
      for (const weak of listOps(['c', 'b', 'a'])) {
        const one = composeListOps(strong, weak, same);
        for (const list of [[], ['a'], ['c', 'b'], ITEMS])
          expect(applyListOp(one, list, same)).toEqual(applyListOp(strong, applyListOp(weak, list, same), same));
        pairs++;
      }
    expect(pairs).toBe(64 * 64);
  });

  it('gives an explicit list over an explicit one, legacy edits of which do not matter', () => {
    const weak = makeExplicitListOp(['a', 'b']);
    expect(composeListOps(makeListOp({ deletedItems: ['a'], appendedItems: ['c'] }), weak, same)).toEqual(makeExplicitListOp(['b', 'c']));
    expect(composeListOps(weak, makeListOp({ addedItems: ['z'] }), same)).toBe(weak);
  });

  it('takes adds as appends and drops reorders', () => {
    const strong = makeListOp({ addedItems: ['x', 'a'], orderedItems: ['x', 'y'] });
    const weak = makeListOp({ prependedItems: ['a'], appendedItems: ['b'] });
    expect(composeListOps(strong, weak, same)).toEqual(makeListOp({ appendedItems: ['b', 'x', 'a'] }));
  });
});
