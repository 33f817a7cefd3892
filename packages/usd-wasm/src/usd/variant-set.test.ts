import { describe, expect, it } from 'vitest';
import type { Path } from '../sdf/path.ts';
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

describe('VariantSet', () => {
  it('is added with its variants, selected, and edited inside', async () => {
    const stage = await openText({ 'root.usda': 'def "A" {}' });
    const prim = primAt(stage, '/A');
    const shape = prim.addVariantSet('shape');
    shape.addVariant('ball');
    shape.addVariant('.hidden-box');
    shape.addVariant('ball');
    expect(shape.getVariantNames()).toEqual(['.hidden-box', 'ball']);
    shape.setVariantSelection('ball');
    stage.editTarget = shape.getVariantEditTarget();
    stage.definePrim(p('/A/Geo'), 'Sphere').createAttribute('x', 'int').set(1);
    expect(textOf(stage.rootLayer)).toBe(`def "A" (
    variants = {
        string shape = "ball"
    }
    prepend variantSets = "shape"
)
{
    variantSet "shape" = {
        ".hidden-box" {
        }
        "ball" {
            def Sphere "Geo"
            {
                custom int x = 1
            }
        }
    }
}`);
    const fresh = primAt(await reopen(stage), '/A');
    expect([fresh.children.map(({ name }) => name), fresh.getVariantSet('shape').getVariantSelection()]).toEqual([['Geo'], 'ball']);
    stage.editTarget = EditTarget.forLayer(stage.rootLayer);
    shape.setVariantSelection('.hidden-box');
    expect(stage.getPrimAtPath(p('/A/Geo'))).toBeUndefined();
  });

  it('takes a selection back, and blocks that of weaker layers', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])',
      's.usda':
        'def "A" (variants = { string v = "x" }\n prepend variantSets = "v") { variantSet "v" = { "x" { def "X" {} } "y" { def "Y" {} } } }',
    });
    const set = primAt(stage, '/A').getVariantSet('v');
    const names = (): string[] => primAt(stage, '/A').children.map(({ name }) => name);
    expect([set.isValid, set.hasVariant('y'), set.hasVariant('z'), names()]).toEqual([true, true, false, ['X']]);
    set.setVariantSelection('y');
    expect(names()).toEqual(['Y']);
    set.blockVariantSelection();
    expect([names(), set.getVariantSelection()]).toEqual([[], '']);
    expect(textOf(stage.rootLayer)).toContain('string v = ""');
    set.clearVariantSelection();
    set.clearVariantSelection();
    expect(names()).toEqual(['X']);
    expect(textOf(stage.rootLayer)).not.toContain('variants');
  });

  it('is nested where the edit target is inside of a variant', async () => {
    const stage = await openText({ 'root.usda': 'def "A" {}' });
    const prim = primAt(stage, '/A');
    const outer = prim.addVariantSet('outer');
    outer.addVariant('o');
    outer.setVariantSelection('o');
    stage.editTarget = outer.getVariantEditTarget();
    const inner = prim.addVariantSet('inner');
    inner.addVariant('i');
    inner.setVariantSelection('i');
    stage.editTarget = inner.getVariantEditTarget();
    prim.createAttribute('deep', 'bool').set(true);
    expect(stage.rootLayer.hasSpec(p('/A{outer=o}{inner=i}.deep'))).toBe(true);
    expect(
      primAt(await reopen(stage), '/A')
        .getAttribute('deep')
        ?.get(),
    ).toBe(true);
  });

  it('refuses names, and edit targets where nothing is selected', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': 'def "A" {}' });
    const prim = primAt(stage, '/A');
    expect(() => prim.addVariantSet('a b')).toThrow(failsWith('edit-invalid-name'));
    expect(() => prim.getVariantSet('v').addVariant('')).toThrow(failsWith('edit-invalid-name'));
    expect(() => prim.getVariantSet('v').addVariant('a b')).toThrow(failsWith('edit-invalid-name'));
    expect(() => prim.getVariantSet('v').setVariantSelection('{')).toThrow(failsWith('edit-invalid-name'));
    expect(() => prim.getVariantSet('v').getVariantEditTarget()).toThrow(failsWith('edit-invalid-target'));
    expect(stage.rootLayer.isDirty).toBe(false);
  });

  it('goes where the position says', async () => {
    const stage = await openText({ 'root.usda': 'def "A" (prepend variantSets = "b") {}' });
    const prim = primAt(stage, '/A');
    prim.addVariantSet('a', 'frontOfPrependList');
    prim.addVariantSet('c', 'backOfAppendList');
    expect(textOf(stage.rootLayer)).toContain('prepend variantSets = ["a", "b"]\n    append variantSets = "c"');
  });
});
