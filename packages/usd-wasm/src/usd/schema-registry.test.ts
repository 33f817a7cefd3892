import { describe, expect, it } from 'vitest';
import { findSchema, isConcreteType, isTypeA, primDefinition } from './schema-registry.ts';

describe('schema registry', () => {
  it('knows the type hierarchy', () => {
    expect(isTypeA('Mesh', 'Gprim')).toBe(true);
    expect(isTypeA('Mesh', 'Imageable')).toBe(true);
    expect(isTypeA('Material', 'NodeGraph')).toBe(true);
    expect(isTypeA('Shader', 'Imageable')).toBe(false);
    expect(isTypeA('Gizmo', 'Gizmo')).toBe(true);
    expect(isConcreteType('Gprim')).toBe(false);
    expect(findSchema('CollectionAPI')?.kind).toBe('multi');
  });

  it('gives the nearest fallback along the hierarchy', () => {
    const plane = primDefinition('Plane', []);
    expect(plane.properties.get('doubleSided')?.fallback).toEqual({ type: 'bool', value: true });
    expect(plane.properties.get('visibility')?.fallback).toEqual({ type: 'token', value: 'inherited' });
    expect(primDefinition('Cube', []).properties.get('extent')?.fallback).toEqual({
      type: 'float3[]',
      value: Float32Array.of(-1, -1, -1, 1, 1, 1),
    });
  });

  it('adds built-in API schemas, the typed schema winning', () => {
    const light = primDefinition('DistantLight', []);
    expect(light.properties.get('inputs:intensity')?.fallback?.value).toBe(50000);
    expect(light.properties.get('inputs:color')?.fallback?.value).toEqual([1, 1, 1]);
    expect(light.properties.get('collection:lightLink:includeRoot')?.fallback?.value).toBe(true);
    expect(light.appliedSchemas).toEqual(['LightAPI', 'CollectionAPI:lightLink', 'CollectionAPI:shadowLink']);
  });

  it('puts the instance name into properties of multiple-apply schemas', () => {
    const prim = primDefinition('Xform', ['CollectionAPI:a:b']);
    expect(prim.properties.get('collection:a:b:expansionRule')?.fallback?.value).toBe('expandPrims');
    expect(prim.properties.get('collection:a:b')?.typeName).toBe('opaque');
  });

  it('has no built-in properties for abstract and unknown types', () => {
    expect(primDefinition('Gprim', []).properties.size).toBe(0);
    expect(primDefinition('Gizmo', []).properties.size).toBe(0);
  });
});
