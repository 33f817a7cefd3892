import { describe, expect, test } from 'vitest';
import { writePackage } from '../usdz/writer.ts';
import { MemoryResolver } from './memory-resolver.ts';
import { PackageResolver } from './package-resolver.ts';
import { ResolveError } from './resolver.ts';

const inner = writePackage([
  { name: 'c.usda', bytes: Uint8Array.of(3) },
  { name: 't/d.png', bytes: Uint8Array.of(4) },
]);
const outer = writePackage([
  { name: 'a.usda', bytes: Uint8Array.of(1) },
  { name: 'sub/b.usda', bytes: Uint8Array.of(2) },
  { name: 'inner.usdz', bytes: inner },
  { name: 't/e.png', bytes: Uint8Array.of(5) },
]);

function makeResolver(): { resolver: PackageResolver; reads: () => number } {
  let reads = 0;
  const files = new MemoryResolver(
    new Map([
      ['dir/p.usdz', () => (reads++, Promise.resolve(outer))],
      ['dir/x.usda', () => Promise.resolve(Uint8Array.of(9))],
      ['dir/bad.usdz', () => Promise.resolve(new Uint8Array(50))],
    ]),
  );
  return { resolver: new PackageResolver(files), reads: () => reads };
}

describe('paths into packages', () => {
  test('are read as views on the package, which is read once', async () => {
    const { resolver, reads } = makeResolver();
    const [a, b] = await Promise.all([resolver.read('dir/p.usdz[a.usda]'), resolver.read('dir/p.usdz[sub/b.usda]')]);
    expect([a?.[0], b?.[0]]).toEqual([1, 2]);
    expect(a?.buffer).toBe(outer.buffer);
    expect(reads()).toBe(1);
  });

  test('nest', async () => {
    const { resolver } = makeResolver();
    const identifier = resolver.identify('inner.usdz[t/d.png]', 'dir/p.usdz[a.usda]');
    expect(identifier).toBe('dir/p.usdz[inner.usdz[t/d.png]]');
    expect(await resolver.read(identifier)).toEqual(Uint8Array.of(4));
    expect(resolver.identify('t/d.png', 'dir/p.usdz[inner.usdz[c.usda]]')).toBe(identifier);
  });

  test('a search path that is not beside its layer is found from the root layer, an anchored one is not', async () => {
    const { resolver } = makeResolver();
    expect(await resolver.read(resolver.identify('t/e.png', 'dir/p.usdz[sub/b.usda]'))).toEqual(Uint8Array.of(5));
    expect(resolver.identify('t/e.png', 'dir/p.usdz[sub/b.usda]')).toBe('dir/p.usdz[t/e.png]');
    const { resolver: other } = makeResolver();
    await expect(other.read(other.identify('./t/e.png', 'dir/p.usdz[sub/b.usda]'))).rejects.toThrow(ResolveError);
  });

  test('outside packages the inner resolver decides', async () => {
    const { resolver } = makeResolver();
    expect(await resolver.read(resolver.identify('./x.usda', 'dir/y.usda'))).toEqual(Uint8Array.of(9));
    expect(resolver.identify('p.usdz[a.usda]', 'dir/y.usda')).toBe('dir/p.usdz[a.usda]');
  });

  test('a search path that is not inside means the file beside the package, where the inner resolver can tell at once', async () => {
    const { resolver } = makeResolver();
    const files = new Set(['dir/t/out.png', 'dir/x.usda']);
    const open = new PackageResolver({
      identify: (path, anchor) => resolver.identify(path, anchor),
      read: (identifier) => resolver.read(identifier),
      existsNow: (identifier) => files.has(identifier),
    });
    await open.read('dir/p.usdz');
    expect(open.identify('t/out.png', 'dir/p.usdz[sub/b.usda]')).toBe('dir/t/out.png');
    expect(open.identify('./t/out.png', 'dir/p.usdz[sub/b.usda]')).toBe('dir/p.usdz[sub/t/out.png]');
    expect(open.identify('t/none.png', 'dir/p.usdz[sub/b.usda]')).toBe('dir/p.usdz[sub/t/none.png]');
    await resolver.read('dir/p.usdz');
    expect(resolver.identify('t/out.png', 'dir/p.usdz[sub/b.usda]')).toBe('dir/p.usdz[sub/t/out.png]');
  });

  test('missing entries, missing and broken packages are ResolveErrors', async () => {
    const { resolver } = makeResolver();
    for (const identifier of ['dir/p.usdz[none]', 'dir/none.usdz[a]', 'dir/bad.usdz[a]', `${'a['.repeat(20)}b${']'.repeat(20)}`]) {
      await expect(resolver.read(identifier)).rejects.toThrow(ResolveError);
    }
  });

  test('a reader that gives up does not fail the others', async () => {
    let open = (_bytes: Uint8Array): void => undefined;
    const gate = new Promise<Uint8Array>((resolve) => (open = resolve));
    let calls = 0;
    const resolver = new PackageResolver({
      identify: (path) => path,
      read: (_identifier, signal) =>
        calls++ === 0 ? new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))) : gate,
    });
    const controller = new AbortController();
    const first = resolver.read('p.usdz[a.usda]', controller.signal);
    const second = resolver.read('p.usdz[a.usda]');
    controller.abort();
    open(outer);
    await expect(first).rejects.toThrow(/abort/i);
    expect(await second).toEqual(Uint8Array.of(1));
  });
});
