import { expect, test } from 'vitest';
import { Stage } from '../usd/stage.ts';
import { BlobResolver, type BlobFolder, type BlobFolderEntry } from './blob-resolver.ts';
import { ResolveError } from './resolver.ts';

const ROOT = '#usda 1.0\ndef "World" (references = @./parts/leaf.usda@</Leaf>) {}\n';
const LEAF = '#usda 1.0\ndef Sphere "Leaf" {}\n';

/** A folder as the file system access API gives it. */
function folder(name: string, entries: readonly BlobFolderEntry[]): BlobFolderEntry & BlobFolder {
  return {
    kind: 'directory',
    name,
    async *values() {
      yield* entries;
    },
  };
}

function file(name: string, text: string): BlobFolderEntry {
  return { kind: 'file', name, getFile: async () => new File([text], name) };
}

test('a single file opens by its name', async () => {
  const stage = await Stage.open('leaf.usda', { resolver: new BlobResolver([new File([LEAF], 'leaf.usda')]) });
  expect([...stage.traverse()].map((prim) => prim.path)).toEqual(['/Leaf']);
});

test('files of a chosen folder are found by their relative paths', async () => {
  const chosen = [
    ['shop/root.usda', ROOT],
    ['shop/parts/leaf.usda', LEAF],
  ].map(([path = '', text = '']) => Object.assign(new File([text], path.slice(path.lastIndexOf('/') + 1)), { webkitRelativePath: path }));
  const stage = await Stage.open('shop/root.usda', { resolver: new BlobResolver(chosen) });
  expect(stage.usedLayers.map((layer) => layer.identifier)).toEqual(['shop/root.usda', 'shop/parts/leaf.usda']);
});

test('a folder handle is listed with what is below it', async () => {
  const handle = folder('shop', [file('root.usda', ROOT), folder('parts', [file('leaf.usda', LEAF)])]);
  const resolver = await BlobResolver.ofFolder(handle);
  expect(resolver.paths).toEqual(['root.usda', 'parts/leaf.usda']);
  expect((await Stage.open('root.usda', { resolver })).getPrimAtPath('/World')?.typeName).toBe('Sphere');
});

test('listing a folder can be stopped', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(BlobResolver.ofFolder(folder('shop', [file('root.usda', ROOT)]), { signal })).rejects.toThrow('enough');
});

test('reading tells how much was read', async () => {
  const heard: unknown[] = [];
  const resolver = new BlobResolver([['a/b.usda', new Blob([LEAF])]], { onProgress: (progress) => heard.push(progress) });
  await resolver.read('a/b.usda');
  expect(heard).toEqual([{ identifier: 'a/b.usda', loadedBytes: LEAF.length, totalBytes: LEAF.length }]);
});

test('a blob without a path is refused, and a file that is not there is a ResolveError', async () => {
  expect(() => new BlobResolver([new Blob([LEAF])])).toThrow(/has no name/);
  await expect(new BlobResolver([]).read('x.usda')).rejects.toThrow(ResolveError);
});
