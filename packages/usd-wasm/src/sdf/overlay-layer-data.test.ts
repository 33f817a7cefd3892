import { describe, expect, it } from 'vitest';
import { makeValue } from '../vt/value.ts';
import type { LayerData, MemoryLayerData } from './layer-data.ts';
import { Layer } from './layer.ts';
import type { Path } from './path.ts';

const at = (path: string): Path => path as Path;

/** Read-only data that says which fields were asked for. */
function readOnly(data: LayerData): { readonly data: LayerData; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    data: {
      specType: (path) => data.specType(path),
      fieldNames: (path) => data.fieldNames(path),
      field: (path, name) => {
        asked.push(`${path} ${name}`);
        return data.field(path, name);
      },
      paths: () => data.paths(),
    },
  };
}

function scene(): MemoryLayerData {
  const layer = Layer.inMemory('scene');
  layer.createPropertySpec(at('/A/B.points'), 'attribute', { typeName: 'double[]' });
  layer.setField(at('/A/B.points'), 'default', makeValue('double[]', Float64Array.of(1, 2)));
  layer.createPropertySpec(at('/A.r'), 'relationship');
  const data = layer.data as MemoryLayerData;
  data.createSpec(at('/A.r[/X]'), 'relationshipTarget');
  return data;
}

describe('OverlayLayerData', () => {
  it('leaves values undecoded that are not edited, also of specs that move', () => {
    const { data, asked } = readOnly(scene());
    const layer = new Layer('scene.usdc', data, 'usdc');
    layer.setField(at('/A/B.points'), 'documentation', makeValue('string', 'moved'));
    layer.moveSpec(at('/A'), at('/Z'));
    layer.removeSpec(at('/Z/B'));
    expect(asked).not.toContain('/A/B.points default');
    const other = new Layer('scene.usdc', data, 'usdc');
    other.moveSpec(at('/A'), at('/Z'));
    expect(other.field(at('/Z/B.points'), 'default')).toEqual(makeValue('double[]', Float64Array.of(1, 2)));
  });

  it('answers as data that was edited in place', () => {
    const layer = new Layer('scene.usdc', readOnly(scene()).data, 'usdc');
    layer.createPrimSpec(at('/C'));
    layer.moveSpec(at('/A/B'), at('/C/D'));
    layer.setField(at('/A'), 'active', makeValue('bool', false));
    layer.setField(at('/C/D.points'), 'default', undefined);
    expect([...layer.data.paths()]).toEqual(['/', '/A', '/A.r', '/A.r[/X]', '/C', '/C/D', '/C/D.points']);
    expect(layer.data.fieldNames(at('/A'))).toEqual(['specifier', 'properties', 'active']);
    expect(layer.data.fieldNames(at('/C/D.points'))).toEqual(['typeName', 'custom', 'variability']);
    expect(layer.propertyType(at('/C/D'), 'points')).toBe('attribute');
    expect([layer.specType(at('/A/B')), layer.field(at('/A/B.points'), 'default')]).toEqual([undefined, undefined]);
  });

  it('shows specs of targets for as long as their property is there', () => {
    const layer = new Layer('scene.usdc', readOnly(scene()).data, 'usdc');
    layer.setField(at('/A.r'), 'documentation', makeValue('string', 'kept'));
    expect(layer.specType(at('/A.r[/X]'))).toBe('relationshipTarget');
    layer.removeSpec(at('/A.r'));
    expect(layer.specType(at('/A.r[/X]'))).toBeUndefined();
    expect([...layer.data.paths()]).toEqual(['/', '/A', '/A/B', '/A/B.points']);
  });

  it('puts a field that was cleared and set again in its place', () => {
    const layer = new Layer('scene.usdc', readOnly(scene()).data, 'usdc');
    layer.setField(at('/A/B.points'), 'default', undefined);
    layer.setField(at('/A/B.points'), 'default', makeValue('block', null));
    expect(layer.data.fieldNames(at('/A/B.points'))).toContain('default');
    expect(layer.field(at('/A/B.points'), 'default')).toEqual(makeValue('block', null));
  });
});
