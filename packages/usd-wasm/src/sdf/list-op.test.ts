import { describe, expect, it } from 'vitest';
import { applyListOp, makeExplicitListOp, makeListOp, reorder, type ListOp } from './list-op.ts';

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
