import { expect, test } from 'vitest';
import { filesOfInput, filesOfTransfer } from './handed-files.ts';

function transferOf(...names: string[]): DataTransfer {
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File(['x'], name));
  return transfer;
}

test('dropped files keep their names', async () => {
  expect((await filesOfTransfer(transferOf('b.usda', 'a.png'))).map(({ path }) => path)).toEqual(['b.usda', 'a.png']);
});

test('what systems strew about is left out', async () => {
  expect((await filesOfTransfer(transferOf('.DS_Store', 'a.usdz', 'Thumbs.db'))).map(({ path }) => path)).toEqual(['a.usdz']);
});

test('a drop of nothing but such files is kept, so that it can be explained', async () => {
  expect((await filesOfTransfer(transferOf('.hidden.usda'))).map(({ path }) => path)).toEqual(['.hidden.usda']);
});

test('text that is dropped is no file', async () => {
  const transfer = new DataTransfer();
  transfer.setData('text/plain', 'hello');
  expect(await filesOfTransfer(transfer)).toEqual([]);
});

test('a picked folder gives paths within it', () => {
  const file = new File(['x'], 'a.usda');
  Object.defineProperty(file, 'webkitRelativePath', { value: 'set/a.usda' });
  expect(filesOfInput([file])[0]?.path).toBe('set/a.usda');
});
