import { expect, test } from 'vitest';
import { AnimMapper } from './anim-mapper.ts';

/** What becomes of 1, 2, 3, … in the source order; 0 stays where nothing is mapped. */
function mapped(source: string, target: string): { values: number[]; kind: string } {
  const mapper = new AnimMapper(source === '' ? [] : source.split(' '), target === '' ? [] : target.split(' '));
  const out = new Float32Array(mapper.size);
  mapper.remapInto(
    out,
    source.split(' ').map((_, i) => i + 1),
    1,
  );
  const kind = [mapper.isIdentity && 'identity', mapper.isSparse && 'sparse', mapper.isNull && 'null'].filter(Boolean).join(' ');
  return { values: [...out], kind };
}

test.each([
  // source, target, values in the target order, what kind of map it is
  ['a b c', 'a b c', [1, 2, 3], 'identity'],
  ['c a b', 'a b c', [2, 3, 1], ''],
  ['b c', 'a b c d', [0, 1, 2, 0], 'sparse'],
  ['d b', 'a b c d', [0, 2, 0, 1], 'sparse'],
  ['a x b', 'a b', [1, 3], ''],
  ['a b a', 'a b', [3, 2], ''],
  ['x y', 'a b', [0, 0], 'sparse null'],
  ['', 'a b', [0, 0], 'sparse null'],
  ['a', '', [], 'sparse null'],
] as const)('%s to %s', (source, target, values, kind) => {
  expect(mapped(source, target)).toEqual({ values, kind });
});

test('values of several numbers move together', () => {
  const out = new Float64Array(6);
  new AnimMapper(['b', 'a'], ['a', 'b']).remapInto(out, [1, 2, 3, 4, 5, 6], 3);
  expect([...out]).toEqual([4, 5, 6, 1, 2, 3]);
});

test('transforms without a source are the identity', () => {
  const moved = new AnimMapper(['b'], ['a', 'b']).remapTransforms(new Float64Array(16).fill(7));
  expect(Array.from(moved.slice(0, 16))).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  expect(Array.from(moved.slice(16))).toEqual(Array.from({ length: 16 }, () => 7));
});

test('values that are missing are left out', () => {
  const out = new Float32Array(2);
  new AnimMapper(['b', 'a'], ['a', 'b']).remapInto(out, [5], 1);
  expect([...out]).toEqual([0, 5]);
});
