import { describe, expect, it } from 'vitest';
import { makeValue } from '../vt/value.ts';
import { describeData, inferType, isMismatch, toValue } from './value-input.ts';

describe('toValue', () => {
  it.each([
    ['bool', 1, true],
    ['uchar', 255, 255],
    ['int64', 5, 5n],
    ['uint64', 2n ** 63n, 2n ** 63n],
    ['float', 0.1, Math.fround(0.1)],
    ['half', 70000, Infinity],
    ['timecode', 1.5, 1.5],
    ['token', 'a', 'a'],
    ['asset', { path: 'a', resolvedPath: '/a' }, { path: 'a' }],
    ['double3', Float32Array.of(1, 2, 3), [1, 2, 3]],
    [
      'matrix2d',
      [
        [1, 2],
        [3, 4],
      ],
      [1, 2, 3, 4],
    ],
    ['matrix2d', [1, 2, 3, 4], [1, 2, 3, 4]],
    ['bool[]', [true, false], Uint8Array.of(1, 0)],
    ['int[]', new Float64Array([1, 2]), Int32Array.of(1, 2)],
    ['int[]', [], new Int32Array()],
    ['int64[]', [1, 2n], BigInt64Array.of(1n, 2n)],
    ['half[]', [0.1], Float32Array.of(0.0999755859375)],
    ['asset[]', ['a', { path: 'b' }], [{ path: 'a' }, { path: 'b' }]],
    [
      'float2[]',
      [
        [1, 2],
        [3, 4],
      ],
      Float32Array.of(1, 2, 3, 4),
    ],
    ['float2[]', [1, 2, 3, 4], Float32Array.of(1, 2, 3, 4)],
    [
      'matrix2d[]',
      [
        [
          [1, 2],
          [3, 4],
        ],
        [5, 6, 7, 8],
      ],
      Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    ],
    ['quath[]', [[0, 0, 0, 1]], Float32Array.of(0, 0, 0, 1)],
  ] as const)('makes %s of %o', (type, data, expected) => {
    expect(toValue(type, data)).toEqual({ type, value: expected });
  });

  it.each([
    ['bool', 2],
    ['uchar', 256],
    ['int', NaN],
    ['int', 2 ** 31],
    ['uint64', -1],
    ['int64', 1.5],
    ['int64', 2 ** 60],
    ['double3', [1, 2]],
    [
      'double4',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['matrix2d', [[1, 2], [3]]],
    ['float2[]', [1, 2, 3]],
    ['float2[]', [[1, 2, 3]]],
    ['int[]', 'text'],
    ['string[]', [1]],
    ['float[]', [1, '2']],
    ['float[]', new DataView(new ArrayBuffer(4))],
    ['token', null],
    ['float', makeValue('block', null)],
  ] as const)('makes no %s of %o', (type, data) => {
    const result = toValue(type, data);
    expect(isMismatch(result) && result.found).toBe(describeData(data));
  });
});

describe('inferType', () => {
  it('tells whole numbers from others, and lists of one type', () => {
    expect(
      [true, 1, 1.5, 2 ** 31, 1n, 'a', { path: 'a' }, { a: 1 }, new Map(), [1, 2.5], ['a'], [1, 'a'], [], null].map(inferType),
    ).toEqual([
      'bool',
      'int',
      'double',
      'double',
      'int64',
      'string',
      'asset',
      'dictionary',
      'dictionary',
      'double[]',
      'string[]',
      undefined,
      undefined,
      undefined,
    ]);
    expect(inferType(Float32Array.of(1))).toBe('float[]');
    expect(inferType(makeValue('float3', [1, 2, 3]))).toBe('float3');
  });
});
