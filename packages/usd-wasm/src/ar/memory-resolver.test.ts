import { describe, expect, test } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import { MemoryResolver } from './memory-resolver.ts';
import { ResolveError } from './resolver.ts';

const files = new Map(
  [
    ['scene/root.usda', 1],
    ['scene/Textures/wood.png', 2],
    ['a/x.png', 3],
    ['b/x.png', 4],
  ].map(([path, byte]) => [path as string, Uint8Array.of(byte as number)]),
);

async function read(path: string): Promise<{ byte: number | undefined; codes: string[] }> {
  const problems = new ProblemList();
  const resolver = new MemoryResolver(files, problems);
  const bytes = await resolver.read(resolver.identify(path, 'scene/root.usda'));
  return { byte: bytes[0], codes: problems.problems.map((problem) => problem.code) };
}

describe('files in memory', () => {
  test('are found by path', async () => {
    expect(await read('./Textures/wood.png')).toEqual({ byte: 2, codes: [] });
  });

  test('are found in other case, which is reported', async () => {
    expect(await read('textures/Wood.png')).toEqual({ byte: 2, codes: ['asset-found-elsewhere'] });
  });

  test('are found elsewhere if only one ends alike, which is reported', async () => {
    expect(await read('/home/me/wood.png')).toEqual({ byte: 2, codes: ['asset-found-elsewhere'] });
    expect(await read('/home/me/b/x.png')).toEqual({ byte: 4, codes: ['asset-found-elsewhere'] });
  });

  test('are not guessed among several, nor made up', async () => {
    await expect(read('x.png')).rejects.toThrow(ResolveError);
    await expect(read('missing.png')).rejects.toThrow(ResolveError);
  });

  test('may be read when wanted; what goes wrong then is a ResolveError', async () => {
    let reads = 0;
    const lazy = new MemoryResolver(
      new Map([
        ['a', () => Promise.resolve(Uint8Array.of(++reads))],
        ['b', () => Promise.reject(new Error('gone'))],
      ]),
    );
    expect([await lazy.read('a'), await lazy.read('./a')]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    await expect(lazy.read('b')).rejects.toThrow(/gone/);
  });

  test('an aborted read rejects with the reason', async () => {
    await expect(new MemoryResolver(files).read('scene/root.usda', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });

  test('exist or not, and are listed by folder', async () => {
    const resolver = new MemoryResolver(files);
    expect(await resolver.exists('scene/root.usda')).toBe(true);
    expect(await resolver.exists('scene/none.usda')).toBe(false);
    expect(await resolver.list('scene/Textures/')).toEqual(['wood.png']);
    expect(await resolver.list('scene')).toEqual(['root.usda']);
  });
});
