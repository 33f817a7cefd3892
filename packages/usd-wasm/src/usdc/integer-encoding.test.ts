import { expect, test } from 'vitest';
import { decodeIntegers32, decodeIntegers64 } from '../kernel/kernel.ts';
import { encodeIntegers32, encodeIntegers64 } from './integer-encoding.ts';

test('the worked example: differences 1 (common), one byte, two bytes, four bytes', () => {
  // Values 1 2 3 103 10103 1000000; differences 1 1 1 100 10000 989897.
  const encoded = encodeIntegers32(Int32Array.of(1, 2, 3, 103, 10103, 1000000));
  expect([...encoded]).toEqual([
    1,
    0,
    0,
    0, // common difference
    0b01_00_00_00,
    0b11_10, // classes, lowest bits first
    100,
    0x10,
    0x27,
    0xc9,
    0x1a,
    0x0f,
    0x00,
  ]);
});

test('32-bit values of all sizes decode to themselves, wrapping around', () => {
  for (const values of [[], [5], [-2147483648, 2147483647, 0, -1, 1], Array.from({ length: 1000 }, (_, i) => Math.imul(i, 0x9e3779b1))]) {
    expect(decodeIntegers32(encodeIntegers32(Int32Array.from(values)), values.length)).toEqual(Int32Array.from(values));
  }
});

test('64-bit values of all sizes decode to themselves, wrapping around', () => {
  const values = BigInt64Array.of(0n, -(2n ** 63n), 2n ** 63n - 1n, 70000n, 70001n, 1n << 40n);
  expect(decodeIntegers64(encodeIntegers64(values), values.length)).toEqual(values);
});
