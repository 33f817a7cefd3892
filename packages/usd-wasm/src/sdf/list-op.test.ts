import { describe, expect, it } from 'vitest';
import {
  addListOpItem,
  applyListOp,
  eraseListOpItem,
  makeExplicitListOp,
  makeListOp,
  removeListOpItem,
  reorder,
  type ListOp,
} from './list-op.ts';

const identity = (item: string): string => item;
const items = (text: string): string[] => text.split('');
const op = (parts: Partial<Record<'prepended' | 'appended' | 'added' | 'deleted' | 'ordered', string>>): ListOp<string> =>
  makeListOp(Object.fromEntries(Object.entries(parts).map(([part, text]) => [`${part}Items`, items(text)])));
const apply = (listOp: ListOp<string>, weaker: string): string => applyListOp(listOp, items(weaker), identity).join('');

describe('applyListOp', () => {
  it('replaces the list by an explicit one, first of duplicates kept', () => {
    expect(apply(makeExplicitListOp(items('bab')), 'xyz')).toBe('ba');
    expect(apply(makeExplicitListOp<string>([]), 'xyz')).toBe('');
  });

  it('moves prepended items to the front in their order', () => {
    expect(apply(op({ prepended: 'cx' }), 'abc')).toBe('cxab');
  });

  it('moves appended items to the back in their order', () => {
    expect(apply(op({ appended: 'ax' }), 'abc')).toBe('bcax');
  });

  it('leaves an item that is both prepended and appended at the back', () => {
    expect(apply(op({ prepended: 'x', appended: 'x' }), 'ab')).toBe('abx');
  });

  it('adds only what is absent', () => {
    expect(apply(op({ added: 'bx' }), 'abc')).toBe('abcx');
  });

  it('deletes before it adds', () => {
    expect(apply(op({ deleted: 'ab', added: 'a' }), 'abc')).toBe('ca');
  });

  it('reorders last', () => {
    expect(apply(op({ prepended: 'x', ordered: 'cx' }), 'abc')).toBe('cxab');
  });
});

describe('reorder', () => {
  it.each([
    // list, order, result
    ['abcde', 'db', 'adebc'], // d takes e along, b takes c; a stands before all of them
    ['abc', 'cba', 'cba'],
    ['abc', 'xc', 'abc'],
    ['abc', 'aa', 'abc'],
    ['abcd', 'ca', 'cdab'],
    ['', 'ab', ''],
  ])('orders %s by %s', (list, order, expected) => {
    expect(reorder(items(list), items(order), identity).join('')).toBe(expected);
  });
});

describe('addListOpItem', () => {
  const start = op({ prepended: 'ab', appended: 'cd', deleted: 'x' });
  it.each([
    // position, item, prepended, appended
    ['frontOfPrependList', 'x', 'xab', 'cd'],
    ['backOfPrependList', 'x', 'abx', 'cd'],
    ['frontOfAppendList', 'x', 'ab', 'xcd'],
    ['backOfAppendList', 'x', 'ab', 'cdx'],
    ['frontOfPrependList', 'b', 'ba', 'cd'], // moves
    ['backOfPrependList', 'c', 'abc', 'cd'], // the other list keeps it, as in OpenUSD
  ] as const)('puts at the %s: %s', (position, item, prepended, appended) => {
    expect(addListOpItem(start, item, position)).toEqual(op({ prepended, appended, deleted: 'x' }));
  });

  it('edits an explicit list in place', () => {
    expect(addListOpItem(makeExplicitListOp(items('abc')), 'x', 'frontOfAppendList')).toEqual(makeExplicitListOp(items('xabc')));
    expect(addListOpItem(makeExplicitListOp(items('abc')), 'a', 'backOfPrependList')).toEqual(makeExplicitListOp(items('bca')));
  });

  it('tells items apart by their key', () => {
    const first = makeListOp({
      prependedItems: [
        { id: 1, text: 'old' },
        { id: 2, text: 'other' },
      ],
    });
    expect(addListOpItem(first, { id: 1, text: 'new' }, 'backOfPrependList', (item) => item.id).prependedItems).toEqual([
      { id: 2, text: 'other' },
      { id: 1, text: 'new' },
    ]);
  });
});

describe('removeListOpItem and eraseListOpItem', () => {
  it('deletes what weaker layers may have', () => {
    expect(removeListOpItem(op({ prepended: 'ab', appended: 'ac', added: 'a' }), 'a')).toEqual(
      op({ prepended: 'b', appended: 'c', added: '', deleted: 'a' }),
    );
    expect(removeListOpItem(op({ deleted: 'ab' }), 'a')).toEqual(op({ deleted: 'ba' }));
  });

  it('takes an item off an explicit list', () => {
    expect(removeListOpItem(makeExplicitListOp(items('abc')), 'b')).toEqual(makeExplicitListOp(items('ac')));
    expect(removeListOpItem(makeExplicitListOp(items('b')), 'b')).toEqual(makeExplicitListOp([]));
  });

  it('takes back everything said of an item', () => {
    expect(eraseListOpItem(op({ prepended: 'ab', deleted: 'a', ordered: 'ba' }), 'a')).toEqual(
      op({ prepended: 'b', deleted: '', ordered: 'b' }),
    );
  });
});
