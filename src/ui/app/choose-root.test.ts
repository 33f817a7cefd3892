import { expect, test } from 'vitest';
import type { RootCandidate } from '../../share/protocol/engine.ts';
import { chooseRoot } from './choose-root.ts';

function candidate(path: string, isReferenced = false, format: RootCandidate['format'] = 'usda'): RootCandidate {
  return { path, format, sizeBytes: 1, isReferenced };
}

test('no candidate is no choice', () => {
  expect(chooseRoot([])).toEqual({ kind: 'none' });
});

test('the only layer that no other refers to is taken', () => {
  expect(chooseRoot([candidate('a/shot.usda'), candidate('a/set.usda', true)])).toEqual({ kind: 'certain', root: 'a/shot.usda' });
});

test('the only package is taken beside loose layers', () => {
  expect(chooseRoot([candidate('a.usda'), candidate('b.usda'), candidate('c.usdz', false, 'usdz')])).toEqual({
    kind: 'certain',
    root: 'c.usdz',
  });
});

test('several free layers are for the user to tell apart, likeliest first', () => {
  const candidates = [candidate('a.usda'), candidate('b.usda')];
  expect(chooseRoot(candidates)).toEqual({ kind: 'unsure', candidates });
});

test('two packages are for the user to tell apart', () => {
  expect(chooseRoot([candidate('a.usdz', false, 'usdz'), candidate('b.usdz', false, 'usdz')]).kind).toBe('unsure');
});

test('layers that all refer to each other are for the user to tell apart', () => {
  expect(chooseRoot([candidate('a.usda', true), candidate('b.usda', true)]).kind).toBe('unsure');
});
