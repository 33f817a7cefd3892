import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileResolver } from './file-resolver.ts';
import { ResolveError } from './resolver.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usd-files-'));
  await mkdir(join(folder, 'library/props'), { recursive: true });
  await writeFile(join(folder, 'root.usda'), 'root');
  await writeFile(join(folder, 'library/props/chair.usd'), 'chair');
});
afterAll(async () => rm(folder, { recursive: true }));

async function text(resolver: FileResolver, path: string, anchor?: string): Promise<string> {
  return new TextDecoder().decode(await resolver.read(resolver.identify(path, anchor)));
}

test('files are found beside their anchor', async () => {
  const resolver = new FileResolver();
  expect(await text(resolver, join(folder, 'root.usda'))).toBe('root');
  expect(await text(resolver, './library/props/chair.usd', join(folder, 'root.usda'))).toBe('chair');
});

test('search paths are looked for in the given folders, anchored paths are not', async () => {
  const resolver = new FileResolver([join(folder, 'library')]);
  expect(await text(resolver, 'props/chair.usd', join(folder, 'root.usda'))).toBe('chair');
  await expect(text(resolver, './props/chair.usd', join(folder, 'library/props/other.usda'))).rejects.toThrow(ResolveError);
});

test('a missing file is a ResolveError', async () => {
  await expect(text(new FileResolver(), join(folder, 'none.usda'))).rejects.toThrow(/no such file/);
});

test('whether a file exists is told as reading it would', async () => {
  const resolver = new FileResolver([join(folder, 'library')]);
  const root = join(folder, 'root.usda');
  expect(await resolver.exists(resolver.identify('props/chair.usd', root))).toBe(true);
  expect(await resolver.exists(resolver.identify('./chair.usd', root))).toBe(false);
  expect(await resolver.exists(resolver.identify('library', root))).toBe(false);
});

test('files of a folder are listed, its folders are not', async () => {
  const resolver = new FileResolver();
  expect(await resolver.list(folder)).toEqual(['root.usda']);
  expect(await resolver.list(join(folder, 'none'))).toEqual([]);
});
