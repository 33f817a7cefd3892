import { expect, test } from 'vitest';
import { normalizeWeights, resizeInfluences, sortInfluences } from './influences.ts';

test('weights of each point add up to one, or to nothing', () => {
  const weights = Float32Array.of(1, 3, /* */ 0.5, 0.5, /* */ 0, 0);
  normalizeWeights(weights, 2);
  expect([...weights]).toEqual([0.25, 0.75, /* */ 0.5, 0.5, /* */ 0, 0]);
});

test('influences that matter most come first', () => {
  const sorted = sortInfluences({
    indices: Int32Array.of(4, 5, 6, /* */ 1, 2, 3),
    weights: Float32Array.of(0.25, 0.5, 0.25, /* */ 0, 0, 1),
    perPoint: 3,
    isConstant: false,
  });
  expect([...sorted.indices]).toEqual([5, 6, 4, /* */ 3, 2, 1]);
  expect([...sorted.weights]).toEqual([0.5, 0.25, 0.25, /* */ 1, 0, 0]);
});

test('what is cut off is shared out, what is added weighs nothing', () => {
  const influences = { indices: Int32Array.of(7, 8, 9), weights: Float32Array.of(0.5, 0.25, 0.25), perPoint: 3, isConstant: true };
  const cut = resizeInfluences(influences, 1);
  expect([[...cut.indices], [...cut.weights]]).toEqual([[7], [1]]);
  const grown = resizeInfluences(influences, 4);
  expect([[...grown.indices], [...grown.weights]]).toEqual([
    [7, 8, 9, 0],
    [0.5, 0.25, 0.25, 0],
  ]);
});
