import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { inflate, InflateError } from './inflate.ts';

const inputs: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', new Uint8Array(0)],
  ['one byte', Uint8Array.of(7)],
  ['zeros', new Uint8Array(100_000)],
  ['a text', new TextEncoder().encode('the quick brown fox jumps over the lazy dog. '.repeat(200))],
  ['noise', Uint8Array.from({ length: 70_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24)],
];

test.each(inputs)('%s at every level', (_name, bytes) => {
  for (const level of [0, 1, 6, 9])
    expect(Buffer.compare(inflate(new Uint8Array(deflateRawSync(bytes, { level })), bytes.length), bytes)).toBe(0);
});

test('fixed codes', () => {
  const bytes = new TextEncoder().encode('fixed codes, fixed codes');
  expect(inflate(new Uint8Array(deflateRawSync(bytes, { strategy: 4 })), bytes.length)).toEqual(bytes);
});

test('more or less data than announced is an error', () => {
  const packed = new Uint8Array(deflateRawSync(new Uint8Array(1000)));
  expect(() => inflate(packed, 999)).toThrow(InflateError);
  expect(() => inflate(packed, 1001)).toThrow(InflateError);
  expect(() => inflate(packed.subarray(0, 3), 1000)).toThrow(InflateError);
  expect(() => inflate(new Uint8Array(0), 0)).toThrow(InflateError);
});
