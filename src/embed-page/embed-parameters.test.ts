import { expect, test } from 'vitest';
import { readParameters } from './embed-parameters.ts';

const KNOWN = ['src', 'alt', 'auto-rotate', 'camera-orbit'];

test('attributes are taken by their names, switches by being there', () => {
  const { attributes } = readParameters('?src=a%20b.usdz&auto-rotate&camera-orbit=30deg+75deg+105%25', KNOWN);
  expect([...attributes]).toEqual([
    ['src', 'a b.usdz'],
    ['auto-rotate', ''],
    ['camera-orbit', '30deg 75deg 105%'],
  ]);
});

test('false leaves a switch out', () => {
  expect(readParameters('?auto-rotate=false', KNOWN).attributes.size).toBe(0);
});

test('other names are left out and told', () => {
  const { attributes, unknown } = readParameters('?onload=x&with-credentials&style=y&src=z', KNOWN);
  expect([...attributes.keys()]).toEqual(['src']);
  expect(unknown).toEqual(['onload', 'with-credentials', 'style']);
});

test('the title is the given one, the description or the name of the file', () => {
  expect(readParameters('?src=https://a.example/tea%20pot.usdz%3Fv=1&alt=A+pot&title=Pot', KNOWN).title).toBe('Pot');
  expect(readParameters('?src=tea.usdz&alt=A+pot', KNOWN).title).toBe('A pot');
  expect(readParameters('?src=https://a.example/m/tea%2520pot.usdz?v=1', KNOWN).title).toBe('tea pot.usdz');
  expect(readParameters('?src=bad%25name.usdz', KNOWN).title).toBe('bad%name.usdz');
  expect(readParameters('', KNOWN).title).toBe('Model');
});

test('without a list every origin may talk', () => {
  expect(readParameters('?src=a', KNOWN).allowedOrigins).toBeUndefined();
  expect(readParameters('?allow-origin=*', KNOWN).allowedOrigins).toBeUndefined();
});

test('several origins may be given, as one parameter or more', () => {
  const search = '?allow-origin=https://a.example,https://b.example:8443/path&allow-origin=null';
  expect(readParameters(search, KNOWN).allowedOrigins).toEqual(['https://a.example', 'https://b.example:8443', 'null']);
});

test('a slip in the list closes, it does not open', () => {
  expect(readParameters('?allow-origin=a.example', KNOWN).allowedOrigins).toEqual([]);
  expect(readParameters('?allow-origin=', KNOWN).allowedOrigins).toEqual([]);
  expect(readParameters('?allow-origin=javascript:x', KNOWN).allowedOrigins).toEqual([]);
});
