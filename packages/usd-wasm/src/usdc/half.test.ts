import { expect, test } from 'vitest';
import { halfBitsToNumber, numberToHalfBits } from './half.ts';

test('every half survives widening and narrowing', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = halfBitsToNumber(bits);
    if (Number.isNaN(value)) expect(Number.isNaN(halfBitsToNumber(numberToHalfBits(value)))).toBe(true);
    else if (numberToHalfBits(value) !== bits) expect(bits).toBe(numberToHalfBits(value));
  }
});

test('narrowing rounds ties to even', () => {
  expect(halfBitsToNumber(numberToHalfBits(2049))).toBe(2048);
  expect(halfBitsToNumber(numberToHalfBits(2051))).toBe(2052);
  expect(halfBitsToNumber(numberToHalfBits(65520))).toBe(Infinity);
  expect(halfBitsToNumber(numberToHalfBits(2 ** -25))).toBe(0);
  expect(halfBitsToNumber(numberToHalfBits(1.5 * 2 ** -24))).toBe(2 ** -23);
});
