import { expect, test } from 'vitest';
import { formatBytes, formatCount, groupThousands } from './format.ts';

test.each([
  [0, '0'],
  [9_999, '9,999'],
  [12_450, '12.4k'],
  [999_999, '999k'],
  [3_140_000, '3.1M'],
])('%d things read as %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [512, '512 B'],
  [1_500, '1.5 kB'],
  [3_250_000, '3.2 MB'],
  [2_000_000_000, '2 GB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567.125, '1,234,567.125'],
  [-12_345, '-12,345'],
  [0.00012345, '0.00012345'],
  [1e-7, '1e-7'],
])('%d is grouped as %s', (value, text) => {
  expect(groupThousands(value)).toBe(text);
});
