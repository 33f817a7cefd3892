import { describe, expect, test } from 'vitest';
import { FetchResolver, type FetchResolverOptions } from './fetch-resolver.ts';
import { ResolveError } from './resolver.ts';

function resolverOf(pages: Readonly<Record<string, string | number>>, options: Partial<FetchResolverOptions> = {}): FetchResolver {
  const answer = (url: string): Promise<Response> => {
    const page = pages[url];
    return Promise.resolve(
      typeof page === 'string' ? new Response(page) : new Response(null, { status: page ?? 404, statusText: 'Not Found' }),
    );
  };
  return new FetchResolver({ baseUrl: 'https://host/scenes/', fetch: answer as typeof fetch, ...options });
}

describe('URLs', () => {
  test('are relative to the base, then to the layer', async () => {
    const resolver = resolverOf({ 'https://host/scenes/t/a.png': 'png' });
    const root = resolver.identify('root.usda', undefined);
    expect(root).toBe('https://host/scenes/root.usda');
    expect(new TextDecoder().decode(await resolver.read(resolver.identify('./t/a.png', root)))).toBe('png');
  });

  test('that do not answer well are ResolveErrors', async () => {
    await expect(resolverOf({}).read('https://host/none.usd')).rejects.toThrow(/404 Not Found/);
    const offline = new FetchResolver({ baseUrl: 'https://host/', fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    await expect(offline.read('https://host/a')).rejects.toThrow(ResolveError);
  });

  test('of other origins are asked only when allowed', async () => {
    const pages = { 'https://cdn/a.usd': 'x' };
    await expect(resolverOf(pages).read('https://cdn/a.usd')).rejects.toThrow(/origin/);
    expect(await resolverOf(pages, { origins: ['https://cdn'] }).read('https://cdn/a.usd')).toHaveLength(1);
    expect(await resolverOf(pages, { origins: 'any' }).read('https://cdn/a.usd')).toHaveLength(1);
  });

  test('of other schemes, and http from https, are refused', async () => {
    const resolver = resolverOf({ 'http://host/a': 'x' }, { origins: 'any' });
    for (const url of ['http://host/a', 'file:///etc/passwd', 'data:text/plain,x', 'relative.usd'])
      await expect(resolver.read(url)).rejects.toThrow(ResolveError);
  });

  test('tell how far they are', async () => {
    const seen: number[] = [];
    const resolver = resolverOf({ 'https://host/a': 'four' }, { onProgress: (progress) => seen.push(progress.loadedBytes) });
    expect(await resolver.read('https://host/a')).toHaveLength(4);
    expect(seen.at(-1)).toBe(4);
  });

  test('an aborted read rejects with the reason', async () => {
    await expect(
      resolverOf({ 'https://host/a': 'x' }, { fetch: (_url, init) => Promise.reject(init?.signal?.reason as Error) }).read(
        'https://host/a',
        AbortSignal.abort(new Error('stop')),
      ),
    ).rejects.toThrow('stop');
  });

  test('exist where the server says so', async () => {
    const resolver = resolverOf({ 'https://host/a.usd': 'x', 'https://host/b.usd': 403 });
    expect(await Promise.all(['a', 'b', 'c'].map((name) => resolver.exists(`https://host/${name}.usd`)))).toEqual([true, false, false]);
    expect(await resolver.exists('https://elsewhere/a.usd')).toBe(false);
  });
});
