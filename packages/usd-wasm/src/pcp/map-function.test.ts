import { describe, expect, it } from 'vitest';
import type { Path } from '../sdf/path.ts';
import { MapFunction, type PathPair } from './map-function.ts';

const P = (text: string): Path => text as Path;
const map = (pairs: Record<string, string>, offset = { offset: 0, scale: 1 }): MapFunction =>
  MapFunction.create(Object.entries(pairs) as unknown as PathPair[], offset);

describe('MapFunction', () => {
  it('maps by the longest source and not outside of all', () => {
    const f = map({ '/A': '/X', '/A/B': '/Y/Z' });
    expect(f.mapToTarget(P('/A/C'))).toBe('/X/C');
    expect(f.mapToTarget(P('/A/B/D.size'))).toBe('/Y/Z/D.size');
    expect(f.mapToTarget(P('/B'))).toBeUndefined();
    expect(f.mapToSource(P('/X/C'))).toBe('/A/C');
  });

  it('refuses what would not map back', () => {
    const f = map({ '/': '/', '/Class': '/Model' });
    expect(f.mapToTarget(P('/Class/A'))).toBe('/Model/A');
    expect(f.mapToTarget(P('/Other'))).toBe('/Other');
    expect(f.mapToTarget(P('/Model'))).toBeUndefined();
    expect(f.mapToSource(P('/Class'))).toBeUndefined();
  });

  it('blocks what is relocated to nothing', () => {
    const f = map({ '/': '/', '/A/Gone': '' });
    expect(f.mapToTarget(P('/A/Gone/B'))).toBe('');
    expect(f.mapToTarget(P('/A'))).toBe('/A');
    expect(f.mapToSource(P('/A/Gone'))).toBeUndefined();
  });

  it('maps paths in brackets too', () => {
    const f = map({ '/A': '/X' });
    expect(f.mapToTarget(P('/A.rel[/A/B].weight'))).toBe('/X.rel[/X/B].weight');
    expect(f.mapToTarget(P('/A.rel[/Outside]'))).toBeUndefined();
  });

  it('composes from right to left, time as well', () => {
    const outer = map({ '/X': '/World/X' }, { offset: 10, scale: 2 });
    const inner = map({ '/A': '/X/In' }, { offset: 1, scale: 1 });
    const both = outer.compose(inner);
    expect(both.mapToTarget(P('/A/b'))).toBe('/World/X/In/b');
    expect(both.mapToTarget(P('/X'))).toBeUndefined();
    expect(both.offset).toEqual({ offset: 12, scale: 2 });
  });

  it('carries relocations of the outer function over', () => {
    const relocation = map({ '/': '/', '/M/Rig/Hand': '/M/Anim/Hand' });
    const both = relocation.compose(map({ '/Ref': '/M' }));
    expect(both.mapToTarget(P('/Ref/Rig/Hand/x'))).toBe('/M/Anim/Hand/x');
    expect(both.mapToTarget(P('/Ref/Rig'))).toBe('/M/Rig');
    expect(both.mapToTarget(P('/Ref/Anim/Hand'))).toBeUndefined();
  });

  it('drops pairs that follow from others, so that equal functions are equal', () => {
    expect(map({ '/A': '/X', '/A/B': '/X/B' }).equals(map({ '/A': '/X' }))).toBe(true);
    expect(map({ '/': '/', '/A': '/A' }).isIdentity).toBe(true);
    expect(map({ '/A': '/X' }).equals(map({ '/A': '/X' }, { offset: 1, scale: 1 }))).toBe(false);
    expect(
      map({ '/A': '/X' })
        .withRootIdentity()
        .equals(map({ '/': '/', '/A': '/X' })),
    ).toBe(true);
  });

  it('keeps a pair that its ancestor pair does not imply', () => {
    const f = map({ '/A': '/X', '/A/B': '/X/C' });
    expect(f.pairs).toHaveLength(2);
    expect(f.mapToTarget(P('/A/C'))).toBeUndefined(); // its image belongs to /A/B
  });

  it('is the identity only with identity time', () => {
    expect(MapFunction.IDENTITY.compose(MapFunction.IDENTITY)).toBe(MapFunction.IDENTITY);
    const shifted = MapFunction.create([], { offset: 5, scale: 1 }).withRootIdentity();
    expect(shifted.isPathIdentity).toBe(true);
    expect(shifted.isIdentity).toBe(false);
  });
});
