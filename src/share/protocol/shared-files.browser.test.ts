import { afterEach, expect, test } from 'vitest';
import { forgetOldSharedFiles, keepSharedFiles, takeSharedFiles } from './shared-files.ts';

const FOLDER = new URL('app/', location.href).href;
const HOUR_MS = 60 * 60 * 1000;

afterEach(async () => {
  await caches.delete('proscenium-shared');
});

test('shared files are taken once, as they came', async () => {
  const files = [new File(['#usda 1.0'], 'a/b &?.usda', { type: 'model/vnd.usda' }), new File([new Uint8Array([0, 255])], 'Größe.usdz')];
  const id = await keepSharedFiles(FOLDER, files);
  const taken = await takeSharedFiles(FOLDER, id);
  expect(taken.map(({ name }) => name)).toEqual(['a/b &?.usda', 'Größe.usdz']);
  expect(await taken[0]?.text()).toBe('#usda 1.0');
  expect(taken[0]?.type).toBe('model/vnd.usda');
  expect([...new Uint8Array((await taken[1]?.arrayBuffer()) ?? [])]).toEqual([0, 255]);
  await expect(takeSharedFiles(FOLDER, id)).rejects.toMatchObject({ code: 'shared-none' });
});

test('a large file outlives its place in the cache', async () => {
  const bytes = new Uint8Array(16 * 1024 * 1024).fill(7);
  const [taken] = await takeSharedFiles(FOLDER, await keepSharedFiles(FOLDER, [new File([bytes], 'large.usdz')]));
  await caches.delete('proscenium-shared');
  const read = new Uint8Array((await taken?.arrayBuffer()) ?? []);
  expect([read.length, read.at(0), read.at(-1)]).toEqual([bytes.length, 7, 7]);
});

test('an id gives its own files only, and none of another folder', async () => {
  const id = await keepSharedFiles(FOLDER, [new File(['1'], 'one.usda')]);
  await keepSharedFiles(FOLDER, [new File(['2'], 'two.usda')]);
  await expect(takeSharedFiles(new URL('other/', location.href).href, id)).rejects.toMatchObject({ code: 'shared-none' });
  for (const guessed of ['', '..', '.', id.slice(0, 8)]) {
    await expect(takeSharedFiles(FOLDER, guessed)).rejects.toMatchObject({ code: 'shared-none' });
  }
  expect((await takeSharedFiles(FOLDER, id)).map(({ name }) => name)).toEqual(['one.usda']);
});

test('files without room are told apart from files that are gone', async () => {
  await expect(takeSharedFiles(FOLDER, 'full')).rejects.toMatchObject({ code: 'shared-no-room' });
});

test('what nobody took is given up after a day', async () => {
  const then = Date.now();
  const id = await keepSharedFiles(FOLDER, [new File(['1'], 'old.usda')], then);
  const other = await keepSharedFiles(FOLDER, [new File(['2'], 'new.usda')], then + 20 * HOUR_MS);
  await forgetOldSharedFiles(then + 25 * HOUR_MS);
  await expect(takeSharedFiles(FOLDER, id)).rejects.toMatchObject({ code: 'shared-none' });
  expect(await takeSharedFiles(FOLDER, other)).toHaveLength(1);
});
