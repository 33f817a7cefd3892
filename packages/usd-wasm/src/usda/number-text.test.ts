import { expect, it } from 'vitest';
import { floatToHalf, halfToFloat } from '../kernel/half-reference.ts';
import { doubleText, floatText, halfText, shortestFloat } from './number-text.ts';

it.each([
  [0, '0'],
  [-0, '-0'],
  [1, '1'],
  [-1.5, '-1.5'],
  [0.1, '0.1'],
  [1e-6, '0.000001'],
  [1e-7, '1e-7'],
  [6.524213866211724e-7, '6.524213866211724e-7'],
  [100000000000000, '100000000000000'],
  [1e15, '1e15'],
  [1234567890123456, '1.234567890123456e15'],
  [1e21, '1e21'],
  [1.7976931348623157e308, '1.7976931348623157e308'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
  [NaN, 'nan'],
])('doubles: %d is %s', (value, text) => {
  expect(doubleText(value)).toBe(text);
});

it.each([
  [0.1, '0.1'],
  [1 / 3, '0.33333334'],
  [16777216, '16777216'],
  [3.4028234663852886e38, '3.4028235e38'],
  [1.401298464324817e-45, '1e-45'],
  [1.17549435e-38, '1.1754944e-38'],
  [0.244140625, '0.24414062'],
  [0.016601562, '0.016601562'],
  [-0, '-0'],
  [1e6, '1000000'],
  [Infinity, 'inf'],
])('floats: %d is %s', (value, text) => {
  expect(floatText(Math.fround(value))).toBe(text);
});

it('floats read back as the same single-precision value', () => {
  const bits = new Uint32Array(1);
  const floats = new Float32Array(bits.buffer);
  for (let i = 0; i < 20_000; i++) {
    bits[0] = Math.imul(i, 2654435761);
    const value = floats[0]!;
    if (!Number.isFinite(value)) continue;
    expect(Math.fround(Number(floatText(value)))).toBe(value);
  }
});

it('floats of ordinary size have the text that the clear form gives them', () => {
  const numbers = [1e-7, 9.999999e-7, 0.1, 0.99999994, 9.9999995, 99999.5, 999999.94, 123456.75, 0.000030517578125];
  for (let i = 1; i < 20_000; i++) numbers.push(1000 * Math.sin(i), i / 64, i / 1000, 10 ** ((i % 1200) / 100 - 6) * (1 + (i % 7)));
  const wrong = numbers
    .flatMap((value) => [Math.fround(value), -Math.fround(value)])
    .filter((value) => floatText(value) !== doubleText(shortestFloat(value)));
  expect(wrong).toEqual([]);
});

it.each([
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [0.0999755859375, '0.0999756'],
  [3.142578125, '3.14258'],
  [65504, '65504'],
  [0.00010001659393310547, '0.000100017'],
  [-0.0000010132789611816406, '-1.01328e-06'],
  [0.00006103515625, '6.10352e-05'],
  [5.960464477539063e-8, '5.96046e-08'],
  [-Infinity, '-inf'],
  [NaN, 'nan'],
])('halfs: %d is %s', (value, text) => {
  expect(halfText(value)).toBe(text);
});

it('halfs read back as the same half', () => {
  const all = Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits);
  expect(floatToHalf(Float32Array.from(halfToFloat(all), (value) => Number(halfText(value))))).toEqual(all);
});
