import { expect, it } from 'vitest';
import { compareDictionaryOrder } from './dictionary-order.ts';

it('sorts names as a person would', () => {
  const sorted = [
    'A',
    'a',
    'a_b',
    'aa',
    'ab1',
    'ab1_',
    'ab1a',
    'ab2',
    'ab02',
    'ab10',
    'ab10c',
    'LRel',
    'LSide',
    'xformOp:translate',
    'xformOpOrder',
    'é',
  ];
  expect([...sorted].reverse().sort(compareDictionaryOrder)).toEqual(sorted);
});

it('is an order: no two different names are equal', () => {
  const names = ['a', 'A', 'a1', 'a01', 'A1', 'a_', '_a', ''];
  for (const a of names)
    for (const b of names)
      expect(Math.sign(compareDictionaryOrder(a, b))).toBe(-Math.sign(compareDictionaryOrder(b, a)) || (a === b ? 0 : NaN));
});
