import { describe, expect, it } from 'vitest';
import {
  appendChild,
  appendProperty,
  appendTarget,
  appendVariant,
  hasPrefix,
  isPropertyPath,
  isValidIdentifier,
  isValidNamespacedIdentifier,
  nameOf,
  parentPath,
  pathDepth,
  primPathOf,
  replacePrefix,
  ROOT_PATH,
  stripVariants,
  variantOf,
  type Path,
} from './path.ts';

const P = (text: string): Path => text as Path;

describe('Path', () => {
  it('appends children, properties, variants and targets', () => {
    expect(appendChild(ROOT_PATH, 'A')).toBe('/A');
    expect(appendChild(P('/A'), 'B')).toBe('/A/B');
    expect(appendChild(P('/A{v=x}'), 'B')).toBe('/A{v=x}B');
    expect(appendProperty(P('/A'), 'xform:op')).toBe('/A.xform:op');
    expect(appendVariant(P('/A'), 'v', 'x')).toBe('/A{v=x}');
    expect(appendTarget(P('/A.rel'), P('/B.out'))).toBe('/A.rel[/B.out]');
  });

  it.each([
    // path, name, parent
    ['/A', 'A', '/'],
    ['/A/B', 'B', '/A'],
    ['/A{v=x}', '{v=x}', '/A'],
    ['/A{v=x}B', 'B', '/A{v=x}'],
    ['/A{v=x}{w=y}', '{w=y}', '/A{v=x}'],
    ['/A/B.size', 'size', '/A/B'],
    ['/A{v=x}.size', 'size', '/A{v=x}'],
    ['/A.a:b', 'a:b', '/A'],
    ['/A.rel[/B].weight', 'weight', '/A.rel[/B]'],
  ])('takes %s apart', (path, name, parent) => {
    expect(nameOf(P(path))).toBe(name);
    expect(parentPath(P(path))).toBe(parent);
  });

  it('finds the parent of a target in its brackets', () => {
    expect(parentPath(P('/A.rel[/B.x[/C]]'))).toBe('/A.rel');
  });

  it.each([
    ['/A{v=x}', '/A'],
    ['/A{v=x}B', '/A/B'],
    ['/A{v=x}{w=y}B/C{u=z}', '/A/B/C'],
    ['/A{v=x}.size', '/A.size'],
    ['/A{v=x}B{w=y}.rel', '/A/B.rel'],
    ['/A/B', '/A/B'],
  ])('strips the variants of %s', (path, plain) => {
    expect(stripVariants(P(path))).toBe(plain);
  });

  it('compares prefixes by elements', () => {
    expect(hasPrefix(P('/A/B'), P('/A'))).toBe(true);
    expect(hasPrefix(P('/AB'), P('/A'))).toBe(false);
    expect(hasPrefix(P('/A{v=x}B'), P('/A'))).toBe(true);
    expect(hasPrefix(P('/A{v=x}B'), P('/A{v=x}'))).toBe(true);
    expect(hasPrefix(P('/A.b'), P('/A'))).toBe(true);
    expect(hasPrefix(P('/A.b:c'), P('/A.b'))).toBe(false);
    expect(hasPrefix(P('/A'), P('/A/B'))).toBe(false);
  });

  it.each([
    ['/A/B', '/A', '/X/Y', '/X/Y/B'],
    ['/A/B', '/', '/X', '/X/A/B'],
    ['/A/B', '/A', '/', '/B'],
    ['/A.p', '/A', '/X', '/X.p'],
    ['/A/B', '/A', '/A{v=x}', '/A{v=x}B'],
    ['/A{v=x}B', '/A{v=x}', '/A', '/A/B'],
    ['/A{v=x}.p', '/A{v=x}', '/C', '/C.p'],
    ['/A{v=x}B', '/A', '/C', '/C{v=x}B'],
    ['/A{v=x}{w=y}B', '/A{v=x}', '/C', '/C{w=y}B'],
  ])('replaces in %s the prefix %s by %s', (path, from, to, expected) => {
    expect(replacePrefix(P(path), P(from), P(to))).toBe(expected);
  });

  it('tells the prim part, property paths, variants and depth', () => {
    expect(primPathOf(P('/A/B.rel[/C.x]'))).toBe('/A/B');
    expect(isPropertyPath(P('/A{v=1.5}'))).toBe(false);
    expect(variantOf(P('/A{v=x}'))).toEqual(['v', 'x']);
    expect(variantOf(P('/A'))).toBeUndefined();
    expect(['/', '/A', '/A{v=x}', '/A{v=x}B', '/A/B.p'].map((path) => pathDepth(P(path)))).toEqual([0, 1, 1, 2, 2]);
  });

  it('accepts identifiers of any script', () => {
    expect(['A', '_a1', 'größe', '立方体'].every(isValidIdentifier)).toBe(true);
    expect(['', '1a', 'a-b', 'a b', 'a.b'].some(isValidIdentifier)).toBe(false);
    expect(isValidNamespacedIdentifier('primvars:st:indices')).toBe(true);
    expect(isValidNamespacedIdentifier('a::b')).toBe(false);
  });
});
