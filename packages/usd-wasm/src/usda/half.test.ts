import { expect, it } from 'vitest';
import { roundToHalf } from './half.ts';

it.each([
  [0, 0],
  [-0, -0],
  [1, 1],
  [0.1, 0.0999755859375],
  [2049, 2048],
  [2051, 2052],
  [65504, 65504],
  [65519.99, 65504],
  [65520, Infinity],
  [-1e9, -Infinity],
  [2 ** -24, 2 ** -24], // the smallest subnormal
  [2 ** -25, 0], // half of it: a tie, to even
  [-1e-9, -0],
  [NaN, NaN],
  [Infinity, Infinity],
])('%d becomes %d', (value, half) => {
  expect(roundToHalf(value)).toBe(half);
});
