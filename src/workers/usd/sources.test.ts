import { afterEach, expect, test, vi } from 'vitest';
import { ProblemList } from 'usd-wasm';
import { openSource } from './sources.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  [undefined, undefined],
  [false, undefined],
  [true, 'include'],
] as const)('with credentials %s requests say %s', async (withCredentials, credentials) => {
  const asked: RequestInit[] = [];
  vi.stubGlobal('fetch', async (_address: string, init: RequestInit) => {
    asked.push(init);
    return new Response('#usda 1.0');
  });
  const url = 'https://models.example/chair.usda';
  const given = withCredentials === undefined ? {} : { withCredentials };
  const { resolver } = openSource({ kind: 'url', url, ...given }, new ProblemList(), { onRootRead: () => {}, onBytes: () => {} });
  await resolver.read(url);
  expect(asked.map((init) => init.credentials)).toEqual([credentials]);
});
