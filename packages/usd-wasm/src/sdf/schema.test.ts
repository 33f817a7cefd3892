import { describe, expect, it } from 'vitest';
import { fieldOwner, STANDARD_FIELDS } from './schema.ts';

describe('FieldRegistry', () => {
  it('finds fields by the key that text uses, per kind of spec', () => {
    expect(STANDARD_FIELDS.metadata('prim', 'doc')?.name).toBe('documentation');
    expect(STANDARD_FIELDS.metadata('prim', 'relocates')?.name).toBe('relocates');
    expect(STANDARD_FIELDS.metadata('layer', 'relocates')?.name).toBe('layerRelocates');
    expect(STANDARD_FIELDS.metadata('attribute', 'inherits')).toBeUndefined();
    expect(STANDARD_FIELDS.keyword('inheritPaths')).toBe('inherits');
    expect(STANDARD_FIELDS.keyword('unknown')).toBe('unknown');
  });

  it('knows which fields are syntax and no metadata', () => {
    expect(['specifier', 'default', 'primChildren'].map((name) => STANDARD_FIELDS.isSyntaxField(name))).toEqual([true, true, true]);
    expect(['kind', 'unknown'].map((name) => STANDARD_FIELDS.isSyntaxField(name))).toEqual([false, false]);
  });

  it('takes more fields without changing', () => {
    const more = STANDARD_FIELDS.with([{ name: 'mine', type: 'int', metadataOf: ['prim'] }]);
    expect(more.metadata('prim', 'mine')?.type).toBe('int');
    expect(more.metadata('prim', 'kind')?.type).toBe('token');
    expect(STANDARD_FIELDS.metadata('prim', 'mine')).toBeUndefined();
  });

  it('gives fallbacks', () => {
    expect(STANDARD_FIELDS.fallback('metersPerUnit')).toEqual({ type: 'double', value: 0.01 });
    expect(STANDARD_FIELDS.fallback('default')).toBeUndefined();
  });
});

it('variants take the fields of prims', () => {
  expect(fieldOwner('variant')).toBe('prim');
  expect(fieldOwner('variantSet')).toBeUndefined();
});
