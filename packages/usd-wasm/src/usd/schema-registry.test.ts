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

  it('reads every schema, each built on a known one', () => {
    const prims = [
      'Mesh',
      'DomeLight_1',
      'ParticleField3DGaussianSplat',
      'OpenVDBAsset',
      'RenderPass',
      'PhysicsRevoluteJoint',
      'GenerativeProcedural',
    ];
    for (const name of prims) {
      for (let schema = findSchema(name); schema?.base !== undefined; schema = findSchema(schema.base)) {
        expect(findSchema(schema.base), `base of ${schema.name}`).toBeDefined();
        for (const api of schema.builtInApis) expect(findSchema(api.split(':')[0] as string), api).toBeDefined();
      }
    }
  });

  it('gives allowed tokens and display groups', () => {
    const mesh = primDefinition('Mesh', []);
    expect(mesh.properties.get('purpose')?.metadata.get('allowedTokens')?.value).toEqual(['default', 'render', 'proxy', 'guide']);
    const light = primDefinition('SphereLight', ['ShapingAPI']);
    expect(light.properties.get('inputs:shaping:focus')?.metadata.get('displayGroup')?.value).toBe('Shaping');
    expect(light.properties.get('light:shaderId')?.fallback?.value).toBe('SphereLight');
    expect(primDefinition('LightFilter', []).properties.get('lightFilter:shaderId')?.fallback?.value).toBe('');
  });

  it('applies what applies itself after the built-in schemas', () => {
    const material = primDefinition('Material', ['CollectionAPI:c']);
    expect(material.appliedSchemas).toEqual(['MaterialXConfigAPI', 'CollectionAPI:c']);
    expect(material.properties.get('config:mtlx:version')?.fallback?.value).toBe('1.38');
    expect(primDefinition('NodeGraph', []).appliedSchemas).toEqual([]);
  });

  it('keeps versions of a type apart, each with its own properties', () => {
    expect(isTypeA('DomeLight_1', 'DomeLight')).toBe(false);
    expect(primDefinition('DomeLight_1', []).properties.get('poleAxis')?.fallback?.value).toBe('scene');
    expect(primDefinition('DomeLight', []).properties.has('poleAxis')).toBe(false);
  });

  it('names instances in the middle of a property too', () => {
    const joint = primDefinition('PhysicsJoint', ['PhysicsDriveAPI:rotX', 'PhysicsLimitAPI:rotX']);
    expect(joint.properties.get('drive:rotX:physics:type')?.fallback?.value).toBe('force');
    expect(joint.properties.get('limit:rotX:physics:high')?.fallback?.value).toBe(Infinity);
    expect(primDefinition('Xform', ['SemanticsLabelsAPI:kind']).properties.get('semantics:labels:kind')?.typeName).toBe('token[]');
  });

  it('has no built-in properties for abstract and unknown types', () => {
    expect(primDefinition('Gprim', []).properties.size).toBe(0);
    expect(primDefinition('Gizmo', []).properties.size).toBe(0);
  });
});
