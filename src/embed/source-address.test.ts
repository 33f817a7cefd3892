import { expect, test } from 'vitest';
import { absoluteAddress, fileNameOf } from './source-address.ts';

const PAGE = 'https://docs.example/guide/page.html';

test('addresses are relative to the page, and of schemes that are read', () => {
  expect(absoluteAddress('../a.usdz?x=1', PAGE)?.href).toBe('https://docs.example/a.usdz?x=1');
  expect(absoluteAddress('blob:https://docs.example/1-2', PAGE)?.protocol).toBe('blob:');
  for (const address of ['javascript:alert(1)', 'file:///etc/passwd', 'ftp://a/b', 'http://']) {
    expect(absoluteAddress(address, PAGE)).toBeUndefined();
  }
});

test('file names are read from paths, not from queries', () => {
  expect(fileNameOf('models/My%20chair.usdz?v=a/b#c')).toBe('My chair.usdz');
  expect(fileNameOf('100%.usdz')).toBe('100%.usdz');
  expect(fileNameOf('blob:https://docs.example/1-2')).toBe('');
});
