import { describe, expect, test } from 'vitest';
import { anchorAssetPath, isSearchPath, joinPackagePath, normalizePath, splitInnermost, splitPackagePath } from './asset-path.ts';

describe('package paths', () => {
  test('split at the outermost and at the innermost level', () => {
    expect(splitPackagePath('a.usdz[b.usdz[c.png]]')).toEqual({ package: 'a.usdz', inner: 'b.usdz[c.png]' });
    expect(splitInnermost('a.usdz[b.usdz[c.png]]')).toEqual({ package: 'a.usdz[b.usdz]', inner: 'c.png' });
    expect(splitInnermost('a.usdz[b[c[d]]]')).toEqual({ package: 'a.usdz[b[c]]', inner: 'd' });
    expect(splitPackagePath('a.usdz')).toBeUndefined();
    expect(splitPackagePath('[a]')).toBeUndefined();
  });

  test('join at the innermost level', () => {
    expect(joinPackagePath('a.usdz', 'b.usdz')).toBe('a.usdz[b.usdz]');
    expect(joinPackagePath('a.usdz[b.usdz]', 'c.png')).toBe('a.usdz[b.usdz[c.png]]');
    expect(joinPackagePath('a.usdz[b.usdz[c.usdz]]', 'd.png')).toBe('a.usdz[b.usdz[c.usdz[d.png]]]');
  });

  test('brackets in names survive, on either side', () => {
    expect(joinPackagePath('a.usdz', 'tex[1].png')).toBe('a.usdz[tex\\[1\\].png]');
    expect(splitPackagePath('a.usdz[tex\\[1\\].png]')).toEqual({ package: 'a.usdz', inner: 'tex[1].png' });
    expect(joinPackagePath('a.usdz[in[1].usdz]', 'x')).toContain('a.usdz[');
    expect(splitPackagePath('scene[2].usdz[root.usdc]')).toEqual({ package: 'scene[2].usdz', inner: 'root.usdc' });
    const nested = joinPackagePath(joinPackagePath('a.usdz', 'in[1].usdz'), 'x[2].png');
    expect(splitInnermost(nested)).toEqual({ package: 'a.usdz[in\\[1\\].usdz]', inner: 'x[2].png' });
  });
});

describe('anchoring', () => {
  test.each([
    ['./b.usd', 'dir/a.usd', 'dir/b.usd'],
    ['b.usd', 'dir/a.usd', 'dir/b.usd'],
    ['../b.usd', 'dir/a.usd', 'b.usd'],
    ['../../b.usd', 'dir/a.usd', '../b.usd'],
    ['sub/./x/../b.usd', '/w/dir/a.usd', '/w/dir/sub/b.usd'],
    ['/abs/b.usd', 'dir/a.usd', '/abs/b.usd'],
    ['textures\\wood.png', 'C:\\dir\\a.usd', 'C:/dir/textures/wood.png'],
    ['D:\\b.usd', 'C:\\dir\\a.usd', 'D:/b.usd'],
    ['b.usd', undefined, 'b.usd'],
    ['', 'dir/a.usd', ''],
  ])('%s in %s is %s', (path, anchor, expected) => {
    expect(anchorAssetPath(path, anchor)).toBe(expected);
  });

  test.each([
    ['./t/a.png', 'pkg.usdz[dir/l.usda]', 'pkg.usdz[dir/t/a.png]'],
    ['t/a.png', 'pkg.usdz[dir/l.usda]', 'pkg.usdz[dir/t/a.png]'],
    ['../a.png', 'pkg.usdz[dir/l.usda]', 'pkg.usdz[a.png]'],
    ['../../../a.png', 'pkg.usdz[dir/l.usda]', 'pkg.usdz[a.png]'],
    ['a.png', 'pkg.usdz[in.usdz[dir/l.usda]]', 'pkg.usdz[in.usdz[dir/a.png]]'],
    ['a.png', 'pkg.usdz', 'pkg.usdz[a.png]'],
    ['other.usdz[t/a.png]', 'pkg.usdz[dir/l.usda]', 'pkg.usdz[dir/other.usdz[t/a.png]]'],
    ['other.usdz[t/a.png]', 'dir/l.usda', 'dir/other.usdz[t/a.png]'],
    ['/abs/a.png', 'pkg.usdz[dir/l.usda]', '/abs/a.png'],
  ])('inside packages: %s in %s is %s', (path, anchor, expected) => {
    expect(anchorAssetPath(path, anchor)).toBe(expected);
  });

  test.each([
    ['./b.usd', 'https://host/dir/a.usd', 'https://host/dir/b.usd'],
    ['my wood.png', 'https://host/dir/a.usd', 'https://host/dir/my%20wood.png'],
    ['a#1.png', 'https://host/dir/a.usd', 'https://host/dir/a%231.png'],
    ['../../../b.usd', 'https://host/dir/a.usd', 'https://host/b.usd'],
    ['/b.usd', 'https://host/dir/a.usd', 'https://host/b.usd'],
    ['https://other/b.usd', 'https://host/dir/a.usd', 'https://other/b.usd'],
    ['https://other/b.usd', 'dir/a.usd', 'https://other/b.usd'],
    ['t.png', 'https://host/p.usdz[dir/l.usda]', 'https://host/p.usdz[dir/t.png]'],
    ['/t.png', 'https://host/d/p.usdz[dir/l.usda]', 'https://host/t.png'],
    ['./p.usdz', 'https://host/dir/a.usd?v=1', 'https://host/dir/p.usdz'],
  ])('URLs: %s in %s is %s', (path, anchor, expected) => {
    expect(anchorAssetPath(path, anchor)).toBe(expected);
  });
});

test('search paths are those without a place to begin at', () => {
  expect(['a/b.usd', 'a.usd'].map(isSearchPath)).toEqual([true, true]);
  expect(['./a.usd', '../a.usd', '.\\a.usd', '/a.usd', 'C:\\a.usd', 'https://h/a.usd'].map(isSearchPath)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('normalizing keeps roots and leading parents', () => {
  expect(['./a//b/', '/../a', '../a/../b', 'C:\\x\\..\\y'].map(normalizePath)).toEqual(['a/b', '/a', '../b', 'C:/y']);
});
