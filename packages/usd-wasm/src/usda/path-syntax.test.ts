import { describe, expect, it } from 'vitest';
import type { Path } from '../sdf/path.ts';
import { anchorPathExpression } from './path-expression.ts';
import { anchorPath, isPlainPath, isVariantName, parsePathText } from './path-syntax.ts';

describe('parsePathText', () => {
  it.each([
    ['/', 'root'],
    ['/A/B', 'prim'],
    ['A/B', 'prim'],
    ['../A', 'prim'],
    ['..', 'relative'],
    ['../..', 'relative'],
    ['.', 'relative'],
    ['.x', 'property'],
    ['../.x', 'property'],
    ['/A.b:c', 'property'],
    ['/A{v=x}', 'variant'],
    ['/A{v=}', 'variant'],
    ['/A{v=x}{w=.y-1|z}B', 'prim'],
    ['/A{ v = x }B.c', 'property'],
    ['/A.r[/B.c]', 'legacy'],
    ['/A.r[/B].x', 'legacy'],
    ['/A.b.mapper[/C.d]', 'legacy'],
    ['/A.b.expression', 'legacy'],
    ['/_ü名/ñ.é', 'property'],
  ])('%s is %s', (text, kind) => {
    expect(parsePathText(text)?.kind).toBe(kind);
  });

  it.each([
    '',
    '//',
    '/A/',
    '/A//B',
    '/A.',
    '/A.b.c',
    '/1A',
    '/A b',
    '/A:b',
    '/A{v}',
    '/A{v=x',
    '/A{=x}',
    '/A{v=x}/B',
    '/A.r[/B',
    '/A.r[]',
    '.../A',
    '..A',
    '../',
    '/..',
    '\\?*X',
    '/A.b:',
  ])('%j is no path', (text) => {
    expect(parsePathText(text)).toBeUndefined();
  });
});

describe('anchorPath', () => {
  it.each([
    ['../C', '/A/C'],
    ['C', '/A/B/C'],
    ['.x', '/A/B.x'],
    ['..', '/A'],
    ['../..', '/'],
    ['../../..', undefined],
    ['../../.x', undefined],
    ['/X', '/X'],
    ['.', '/A/B'],
    ['../{v=x}C', undefined],
    ['../C{ v = x }D', '/A/C{v=x}D'],
  ])('%s below /A/B is %s', (text, expected) => {
    const parsed = parsePathText(text);
    expect(parsed === undefined ? undefined : anchorPath(parsed, '/A/B' as Path)).toBe(expected);
  });
});

it('isPlainPath knows the usual form', () => {
  expect(['/A', '/A/B_2.x:y', '/A.x'].map(isPlainPath)).toEqual([true, true, true]);
  expect(['/', 'A', '/A{v=x}', '/é', '/A/', '/A.x.y', '../A'].map(isPlainPath)).toEqual([false, false, false, false, false, false, false]);
});

it('isVariantName takes digits, hyphens, bars and one dot in front', () => {
  expect(['a', '.a', '7he|W-o_r', ''].map(isVariantName)).toEqual([true, true, true, true]);
  expect(['a.b', 'a:b', '..a', 'a b'].map(isVariantName)).toEqual([false, false, false, false]);
});

describe('anchorPathExpression', () => {
  it.each([
    ['//foo', '//foo'],
    ['foo', '/A/B/foo'],
    ['./foo', '/A/B/foo'],
    ['.', '/A/B'],
    ['../anim//*bar', '/A/anim//*bar'],
    ['..', '/A'],
    ['../..', '/'],
    ['../../x', '/x'],
    ['../../../x', '../../../x'],
    ['.x:y', '/A/B.x:y'],
    ['%:ref + %_', '%:ref + %_'],
    ['~(a & b{isa:Mesh or c}) - [xy]*', '~(/A/B/a & /A/B/b{isa:Mesh or c}) - /A/B/[xy]*'],
    ['', ''],
  ])('%j below /A/B is %j', (expression, expected) => {
    expect(anchorPathExpression(expression, '/A/B' as Path)).toBe(expected);
  });
});
