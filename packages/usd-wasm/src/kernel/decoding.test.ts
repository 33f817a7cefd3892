import { expect, it } from 'vitest';
import { decodeIntegers32, decodeIntegers64, floatToHalf, halfToFloat, KernelError, lz4Decompress } from './kernel.ts';

it('lz4Decompress repeats overlapping matches', () => {
  // 2 literals "ab", match of 4 + 3 at offset 2, then the last literals "!"
  expect(new TextDecoder().decode(lz4Decompress(Uint8Array.of(0x23, 97, 98, 2, 0, 0x10, 33), 64))).toBe('abababab' + 'a!');
});

it('lz4Decompress refuses lengths and offsets that leave the buffers', () => {
  for (const bytes of [
    [0x20, 1],
    [0xf0],
    [0x10, 1, 0, 0],
    [0x10, 1, 2, 0],
    [0x10, 1, 1],
    [0x1f, 1, 1, 0, 255],
    [0x1f, 1, 1, 0, 255, 255, 9],
  ]) {
    expect(() => lz4Decompress(Uint8Array.from(bytes), 16), String(bytes)).toThrow(KernelError);
  }
  expect(() => lz4Decompress(Uint8Array.of(0), -1)).toThrow(KernelError);
});

it('decodeIntegers32 adds up common, narrow, middle and wide differences', () => {
  const codes = 0b11_10_01_00;
  expect([...decodeIntegers32(Uint8Array.of(5, 0, 0, 0, codes, 0xff, 0, 1, 0, 0, 0, 0x80), 4)]).toEqual([5, 4, 260, 260 - 2 ** 31]);
  expect([...decodeIntegers32(new Uint8Array(0), 0)]).toEqual([]);
});

it('decodeIntegers64 widens 16, 32 and 64 bits and wraps', () => {
  const encoded = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0b10_01_00_00, 0xfe, 0xff, 0, 0, 0, 0x80);
  const values = decodeIntegers64(encoded, 4);
  expect([...values]).toEqual([2n ** 63n - 1n, -2n, -4n, -4n - 2n ** 31n]);
});

it('integer decoding refuses a count that the bytes cannot hold', () => {
  expect(() => decodeIntegers32(new Uint8Array(8), 2 ** 30)).toThrow(KernelError);
  expect(() => decodeIntegers32(Uint8Array.of(0, 0, 0, 0, 3, 1, 2, 3), 1)).toThrow(KernelError);
  expect(() => decodeIntegers64(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 3), 1)).toThrow(KernelError);
  expect(() => decodeIntegers32(new Uint8Array(8), -1)).toThrow(KernelError);
});

it('halves widen exactly and floats narrow to the nearest even half', () => {
  expect([...halfToFloat(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x7e00))]).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    -0,
    Infinity,
    NaN,
  ]);
  expect([
    ...floatToHalf(Float32Array.of(1, 65519, 65520, 2 ** -24, 2 ** -25, 1.5 * 2 ** -24, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -0)),
  ]).toEqual([0x3c00, 0x7bff, 0x7c00, 1, 0, 2, 0x3c00, 0x3c02, 0x8000]);
});

it('every half survives the round trip', () => {
  const all = Uint16Array.from({ length: 65536 }, (_, half) => half).filter((half) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0);
  expect(floatToHalf(halfToFloat(all))).toEqual(all);
});
