import { describe, expect, it } from 'vitest';
import { attributeType, elementDimensions, standardTypeNames, storageTypeOf } from './value-type.ts';

describe('attributeType', () => {
  it.each([
    ['color3f[]', { name: 'color3f[]', scalar: 'float3', storage: 'float3[]', isArray: true, role: 'color', dimensions: [3] }],
    [
      'texCoord2d',
      { name: 'texCoord2d', scalar: 'double2', storage: 'double2', isArray: false, role: 'textureCoordinate', dimensions: [2] },
    ],
    ['frame4d', { name: 'frame4d', scalar: 'matrix4d', storage: 'matrix4d', isArray: false, role: 'frame', dimensions: [4, 4] }],
    ['opaque', { name: 'opaque', scalar: undefined, storage: undefined, isArray: false, role: 'none', dimensions: [] }],
    ['PointFloat[]', { name: 'point3f[]', scalar: 'float3', storage: 'float3[]', isArray: true, role: 'point', dimensions: [3] }],
    ['PointIndex', { name: 'PointIndex', scalar: 'int', storage: 'int', isArray: false, role: 'index', dimensions: [] }],
  ])('%s', (name, type) => {
    expect(attributeType(name)).toEqual(type);
  });

  it.each(['', 'Float3', 'float5', 'group[]', 'color2f', 'dictionary', 'toString'])('%j is no type', (name) => {
    expect(attributeType(name)).toBeUndefined();
  });
});

it('every standard name but opaque and group has an array form and a storage type', () => {
  const names = standardTypeNames();
  expect(names).toHaveLength(2 * (32 + 9 + 6 + 6 + 1 + 3) + 2);
  expect(names.filter((name) => storageTypeOf(name) === undefined)).toEqual(['opaque', 'group']);
});

it('elementDimensions says how an element nests in text', () => {
  expect((['double', 'int3', 'quath', 'matrix3d', 'uint64'] as const).map(elementDimensions)).toEqual([[], [3], [4], [3, 3], []]);
});
