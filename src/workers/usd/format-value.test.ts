import { makeValue } from 'usd-wasm';
import { describe, expect, test } from 'vitest';
import { elementCountOf, formatNumber, formatValue } from './format-value.ts';

describe('formatValue', () => {
  test('rounds numbers and writes tuples', () => {
    expect(formatNumber(0.1 + 0.2)).toBe('0.3');
    expect(formatNumber(1e-9)).toBe('1e-9');
    expect(formatValue(makeValue('float3', [1, 0.5, -Infinity]))).toBe('(1, 0.5, -inf)');
  });

  test('cuts arrays after eight elements and counts tuples once', () => {
    const value = makeValue(
      'float2[]',
      Float32Array.from({ length: 40 }, (_, i) => i),
    );
    expect(formatValue(value)).toBe('[(0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11), (12, 13), (14, 15), …]');
    expect(elementCountOf(value)).toBe(20);
  });

  test('names assets, truth and nested dictionaries', () => {
    expect(formatValue(makeValue('asset', { path: 'a.png' }))).toBe('@a.png@');
    expect(formatValue(makeValue('bool[]', Uint8Array.of(1, 0)))).toBe('[true, false]');
    expect(formatValue(makeValue('dictionary', new Map([['a', makeValue('dictionary', new Map([['b', makeValue('int', 3)]]))]])))).toBe(
      '{a: {b: 3}}',
    );
  });

  test('ends at deep nesting', () => {
    let value = makeValue('int', 1);
    for (let i = 0; i < 50; i++) value = makeValue('dictionary', new Map([['x', value]]));
    expect(formatValue(value)).toContain('…');
  });
});
