import { describe, expect, it } from 'vitest';
import { makeExplicitListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { makeValue } from '../vt/value.ts';
import { EditTarget } from './edit-target.ts';
import { openText, reopen, textOf } from './fixtures/text-stage.ts';
import type { Prim } from './prim.ts';
import type { Stage } from './stage.ts';

const p = (path: string): Path => path as Path;
const failsWith = (code: string): unknown => expect.objectContaining({ name: 'EditError', code });

function primAt(stage: Stage, path: string): Prim {
  const prim = stage.getPrimAtPath(p(path));
  if (prim === undefined) throw new Error(`no prim at ${path}`);
  return prim;
}

describe('metadata of a prim', () => {
  it('is authored as an over in the edit target', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { def Cube "B" {} }' });
    stage.editTarget = EditTarget.forLayer(stage.sessionLayer);
    const prim = primAt(stage, '/A/B');
    prim.setTypeName('Sphere');
    prim.setActive(false);
    prim.setInstanceable(true);
    prim.setKind('component');
    prim.setHidden(true);
    prim.setDocumentation('two\nlines');
    expect(textOf(stage.sessionLayer)).toBe(`over "A"
{
    over Sphere "B" (
        active = false
        doc = """two
lines"""
        hidden = true
        instanceable = true
        kind = "component"
    )
    {
    }
}`);
    expect(textOf(stage.rootLayer)).toBe('def "A"\n{\n    def Cube "B"\n    {\n    }\n}');
    expect([prim.typeName, prim.isActive, prim.kind]).toEqual(['Sphere', false, 'component']);
    prim.clearTypeName();
    prim.clearActive();
    prim.clearInstanceable();
    prim.clearMetadata('kind');
    expect([prim.typeName, prim.isActive, prim.kind]).toEqual(['Cube', true, undefined]);
    prim.setSpecifier('class');
    expect(prim.isAbstract).toBe(true);
    expect(textOf(stage.sessionLayer)).toContain('class "B" (');
  });

  it('takes dictionaries as entries, by key path too', async () => {
    const stage = await openText({ 'root.usda': 'def "A" (customData = { string old = "x" }) {}' });
    const prim = primAt(stage, '/A');
    prim.setCustomDataByKey('rig:count', 3);
    prim.setCustomDataByKey('rig:names', ['a', 'b']);
    prim.setCustomDataByKey('rig:scale', makeValue('float', 0.5));
    prim.setAssetInfo({ version: '2', identifier: { path: './a.usda' } });
    expect(textOf(stage.rootLayer)).toBe(`def "A" (
    assetInfo = {
        asset identifier = @./a.usda@
        string version = "2"
    }
    customData = {
        string old = "x"
        dictionary rig = {
            int count = 3
            string[] names = ["a", "b"]
            float scale = 0.5
        }
    }
)
{
}`);
    expect(prim.getMetadataByDictKey('customData', 'rig:count')).toEqual({ type: 'int', value: 3 });
    expect(prim.customData.get('old')?.value).toBe('x');
    for (const key of ['count', 'names', 'scale']) prim.clearCustomDataByKey(`rig:${key}`);
    prim.clearAssetInfoByKey('version');
    prim.clearAssetInfoByKey('identifier');
    expect(textOf(stage.rootLayer)).toBe(`def "A" (
    customData = {
        string old = "x"
    }
)
{
}`);
    prim.setCustomData(new Map([['only', true]]));
    expect([...prim.customData.keys()]).toEqual(['only']);
    expect(prim.assetInfo.size).toBe(0);
  });

  it('takes lists and list ops where fields hold them', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { def "B" {}\n def "C" {} }' });
    const prim = primAt(stage, '/A');
    prim.setMetadata('displayGroupOrder', ['x', 'y']);
    prim.setMetadata('apiSchemas', makeExplicitListOp(['SkelBindingAPI']));
    prim.setChildrenReorder(['C', 'B']);
    prim.setPropertyOrder(['b:c', 'a']);
    prim.setMetadata('variantSelection', { v: 'x' });
    expect(prim.children.map(({ name }) => name)).toEqual(['C', 'B']);
    expect(prim.hasAPI('SkelBindingAPI')).toBe(true);
    const fresh = primAt(await reopen(stage), '/A');
    expect(fresh.getMetadata('propertyOrder')?.value).toEqual(['b:c', 'a']);
    expect(fresh.children.map(({ name }) => name)).toEqual(['C', 'B']);
    expect(fresh.getMetadata('displayGroupOrder')?.value).toEqual(['x', 'y']);
    prim.setChildrenReorder(undefined);
    prim.setPropertyOrder(undefined);
    expect(textOf(stage.rootLayer)).not.toContain('reorder');
  });

  it('refuses fields that prims do not have, and data that does not fit, and authors nothing then', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': 'def "A" {}' });
    const prim = primAt(stage, '/A');
    for (const name of ['nonsense', 'default', 'primChildren', 'timeCodesPerSecond', 'colorSpace'])
      expect(() => prim.setMetadata(name, 1)).toThrow(failsWith('edit-invalid-field'));
    expect(() => prim.setMetadata('active', 'yes')).toThrow(failsWith('edit-value-type'));
    expect(() => prim.setMetadata('specifier', 'none')).toThrow(failsWith('edit-value-type'));
    expect(() => prim.setMetadata('customData', { a: undefined as never })).toThrow(failsWith('edit-value-type'));
    expect(() => prim.setMetadataByDictKey('kind', 'a', 1)).toThrow(failsWith('edit-invalid-field'));
    expect(() => prim.clearMetadata('specifier')).toThrow(failsWith('edit-invalid-field'));
    expect(() => prim.setChildrenReorder(['no name'])).toThrow(failsWith('edit-invalid-name'));
    expect(() => stage.pseudoRoot.setPropertyOrder(['a'])).toThrow(failsWith('edit-invalid-path'));
    expect(() => prim.setMetadata('active', 'yes')).toThrow('</A>: active: expected bool, found text "yes"');
    expect(stage.rootLayer.isDirty).toBe(false);
  });

  it('of the pseudo-root is that of the stage', async () => {
    const stage = await openText({ 'root.usda': '' });
    stage.pseudoRoot.setMetadata('upAxis', 'Z');
    stage.pseudoRoot.setMetadataByDictKey('customLayerData', 'a:b', true);
    expect(textOf(stage.rootLayer)).toBe(
      '(\n    customLayerData = {\n        dictionary a = {\n            bool b = 1\n        }\n    }\n    upAxis = "Z"\n)',
    );
    stage.pseudoRoot.clearMetadata('upAxis');
    expect(stage.upAxis).toBe('Y');
  });
});

describe('what cannot be edited', () => {
  it('is refused: instance proxies, prototypes, layers without permission', async () => {
    const stage = await openText({
      'root.usda': 'def "I" (instanceable = true\n references = </M>) {}\ndef "M" { def "Geo" { double x = 1\n } }',
    });
    const proxy = primAt(stage, '/I/Geo');
    expect(() => proxy.setActive(false)).toThrow(failsWith('edit-instance-proxy'));
    expect(() => proxy.getAttribute('x')?.set(2)).toThrow(failsWith('edit-instance-proxy'));
    expect(() => proxy.createAttribute('y', 'int')).toThrow(failsWith('edit-instance-proxy'));
    const shared = primAt(stage, '/__Prototype_1/Geo');
    expect(() => shared.setKind('group')).toThrow(failsWith('edit-prototype'));
    expect(() => shared.getReferences().addInternalReference(p('/M'))).toThrow(failsWith('edit-prototype'));
    expect(() => stage.prototypes[0]?.clearMetadata('kind')).toThrow(failsWith('edit-prototype'));
    primAt(stage, '/I').setHidden(true);
    stage.rootLayer.permissionToEdit = false;
    expect(() => primAt(stage, '/M').setHidden(true)).toThrow(failsWith('edit-permission'));
    expect(() => primAt(stage, '/M').getVariantSet('v').setVariantSelection('x')).toThrow(failsWith('edit-permission'));
    expect(() => stage.setDefaultPrim(primAt(stage, '/M'))).toThrow(failsWith('edit-permission'));
  });
});

describe('applied schemas', () => {
  it('are prepended once, removed by a deletion, and known by the registry', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': 'def "A" (apiSchemas = ["SkelBindingAPI"]) {}' });
    const prim = primAt(stage, '/A');
    prim.applyAPI('MaterialBindingAPI');
    prim.applyAPI('CollectionAPI', 'lights');
    prim.applyAPI('MaterialBindingAPI');
    expect(prim.appliedSchemas).toEqual(['MaterialBindingAPI', 'CollectionAPI:lights', 'SkelBindingAPI']);
    prim.removeAPI('SkelBindingAPI');
    prim.removeAPI('CollectionAPI', 'lights');
    prim.addAppliedSchema('StudioAPI:x', 'backOfAppendList');
    expect(textOf(stage.rootLayer)).toContain(`over "A" (
    delete apiSchemas = ["SkelBindingAPI", "CollectionAPI:lights"]
    prepend apiSchemas = ["MaterialBindingAPI"]
    append apiSchemas = ["StudioAPI:x"]
)`);
    expect(primAt(await reopen(stage), '/A').appliedSchemas).toEqual(['MaterialBindingAPI', 'StudioAPI:x']);
    expect(() => prim.applyAPI('Mesh')).toThrow(failsWith('edit-invalid-schema'));
    expect(() => prim.applyAPI('CollectionAPI')).toThrow(failsWith('edit-invalid-schema'));
    expect(() => prim.applyAPI('MaterialBindingAPI', 'x')).toThrow(failsWith('edit-invalid-schema'));
    expect(() => prim.addAppliedSchema('no name')).toThrow(failsWith('edit-invalid-schema'));
  });

  it('edit an explicit list in place', async () => {
    const stage = await openText({ 'root.usda': 'def "A" (apiSchemas = ["SkelBindingAPI"]) {}' });
    primAt(stage, '/A').applyAPI('MaterialBindingAPI');
    primAt(stage, '/A').removeAPI('SkelBindingAPI');
    expect(textOf(stage.rootLayer)).toContain('apiSchemas = ["MaterialBindingAPI"]');
    expect(textOf(stage.rootLayer)).not.toContain('prepend');
  });
});

describe('Prim.createAttribute and createRelationship', () => {
  it('author what schema or layers say before what is asked for', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])',
      's.usda': 'def Cube "A" {\n uniform token known = "x"\n rel others\n}',
    });
    const prim = primAt(stage, '/A');
    expect(prim.createAttribute('size', 'float').typeName).toBe('double');
    expect(prim.createAttribute('known', 'int').typeName).toBe('token');
    expect(prim.createAttribute('mine', 'color3f[]', { variability: 'uniform' }).isCustom).toBe(true);
    expect(prim.createAttribute('plain:one', 'half', { custom: false }).isCustom).toBe(false);
    prim.createRelationship('others');
    prim.createRelationship('custom:rel');
    expect(textOf(stage.rootLayer).slice(textOf(stage.rootLayer).indexOf('over'))).toBe(`over "A"
{
    custom rel custom:rel
    uniform token known
    custom uniform color3f[] mine
    rel others
    half plain:one
    double size
}`);
  });

  it('refuse names, types, and names that are taken', async () => {
    const stage = await openText({ 'root.usda': 'def Cube "A" { rel r\n int i\n }' });
    const prim = primAt(stage, '/A');
    expect(() => prim.createAttribute('a b', 'int')).toThrow(failsWith('edit-invalid-name'));
    expect(() => prim.createAttribute('a', 'integer')).toThrow(failsWith('edit-value-type'));
    expect(() => prim.createAttribute('r', 'int')).toThrow(failsWith('edit-conflict'));
    expect(() => prim.createAttribute('proxyPrim', 'int')).toThrow(failsWith('edit-conflict'));
    expect(() => prim.createRelationship('i')).toThrow(failsWith('edit-conflict'));
    expect(() => stage.pseudoRoot.createAttribute('a', 'int')).toThrow(failsWith('edit-invalid-path'));
    expect(stage.rootLayer.isDirty).toBe(false);
  });

  it('are undone by removeProperty in the edit target', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])\nover "A" { int i = 2\n }',
      's.usda': 'def "A" { int i = 1\n }',
    });
    const prim = primAt(stage, '/A');
    expect(prim.removeProperty('i')).toBe(true);
    expect(prim.removeProperty('i')).toBe(false);
    expect(prim.getAttribute('i')?.get()).toBe(1);
  });
});
