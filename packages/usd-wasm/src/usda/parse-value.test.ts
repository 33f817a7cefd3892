import { describe, expect, it } from 'vitest';
import { parseValue } from './parse-value.ts';

describe('parseValue', () => {
  it('reads a value of a type', () => {
    expect(parseValue('[(1, 2, 3), (4, 5, 6)]', 'point3f[]')).toEqual({ type: 'float3[]', value: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(parseValue(' "a" ', 'token')).toEqual({ type: 'token', value: 'a' });
  });

  it('gives nothing for what is no value of the type', () => {
    expect(parseValue('(1, 2)', 'float3')).toBeUndefined();
    expect(parseValue('1 2', 'int')).toBeUndefined();
    expect(parseValue('1', 'flaot')).toBeUndefined();
    expect(parseValue('1', 'opaque')).toBeUndefined();
  });
});
