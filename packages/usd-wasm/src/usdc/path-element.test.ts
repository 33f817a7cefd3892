import { expect, test } from 'vitest';
import { splitElement } from './path-element.ts';

test.each([
  ['/A', '/', 'A', false],
  ['/A/B', '/A', 'B', false],
  ['/A.x:y', '/A', 'x:y', true],
  ['/A{v=x}', '/A', '{v=x}', false],
  ['/A{v=.x}', '/A', '{v=.x}', false],
  ['/A{v=x}B', '/A{v=x}', 'B', false],
  ['/A{v=x}.size', '/A{v=x}', 'size', true],
  ['/A{v=x}{w=}', '/A{v=x}', '{w=}', false],
  ['/A.rel[/B/C.d]', '/A.rel', '[/B/C.d]', false],
  ['/A.rel[/B].attr', '/A.rel[/B]', '.attr', false],
  ['/A.b.mapper[/C.d]', '/A.b', '.mapper[/C.d]', false],
  ['/A.b.expression', '/A.b', '.expression', false],
])('%s is below %s', (path, parent, text, isPrimProperty) => {
  expect(splitElement(path)).toEqual({ parent, text, isPrimProperty });
});

test('the root and the empty path have no element', () => {
  expect([splitElement('/'), splitElement('')]).toEqual([undefined, undefined]);
});
