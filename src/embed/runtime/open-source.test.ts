import { expect, test } from 'vitest';
import { sourceOf } from './open-source.ts';

const { signal } = new AbortController();
const plain = { root: null, withCredentials: false };

test('web addresses are left to the engine, with the file inside or beside them', async () => {
  expect(await sourceOf('https://a.example/b.usdz?v=1', plain, signal)).toEqual({
    kind: 'url',
    url: 'https://a.example/b.usdz?v=1',
    withCredentials: false,
  });
  expect(await sourceOf('https://a.example/b.usdz', { root: 'c.usda', withCredentials: true }, signal)).toEqual({
    kind: 'url',
    url: 'https://a.example/b.usdz[c.usda]',
    withCredentials: true,
  });
  expect(await sourceOf('https://a.example/set/', { ...plain, root: 'shot/c.usda' }, signal)).toMatchObject({
    url: 'https://a.example/set/shot/c.usda',
  });
});

test('data and blobs become files, which the engine could not fetch', async () => {
  const source = await sourceOf('data:,%23usda%201.0', plain, signal);
  expect(source).toMatchObject({ kind: 'files', root: 'model.usd' });
  expect(source.kind === 'files' && (await source.files[0]?.file.text())).toBe('#usda 1.0');
});

test('data in base64 keeps its bytes', async () => {
  const source = await sourceOf('data:model/vnd.usdz+zip;base64,UEsD%2FwA=', plain, signal);
  const bytes = source.kind === 'files' ? await source.files[0]?.file.arrayBuffer() : undefined;
  expect([...new Uint8Array(bytes ?? new ArrayBuffer(0))]).toEqual([0x50, 0x4b, 3, 0xff, 0]);
});

test('an address that is gone fails as a file that cannot be read', async () => {
  for (const address of ['blob:nodedata:none', 'data:;base64,%%%']) {
    await expect(sourceOf(address, plain, signal)).rejects.toMatchObject({ info: { code: 'resolve-error' } });
  }
});
