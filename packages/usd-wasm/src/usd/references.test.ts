import { describe, expect, it } from 'vitest';
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

const MODEL = '(defaultPrim = "M")\ndef Cube "M" { def Sphere "Part" {} }\ndef Cone "N" {}';

describe('References', () => {
  it('add, move, remove, set and clear, and the stage composes them', async () => {
    const stage = await openText({ 'root.usda': 'def "A" {}', 'm.usda': MODEL });
    const prim = primAt(stage, '/A');
    const references = prim.getReferences();
    references.addReference('./m.usda');
    await stage.settle();
    expect(prim.children.map(({ name }) => name)).toEqual(['Part']);
    references.addReference({ assetPath: './m.usda', primPath: p('/N'), layerOffset: { offset: 10, scale: 2 } }, 'frontOfPrependList');
    references.addReference(
      { assetPath: './m.usda', primPath: p('/M/Part'), customData: new Map([['a', makeValue('int', 1)]]) },
      'backOfAppendList',
    );
    expect(prim.typeName).toBe('Cone');
    expect(textOf(stage.rootLayer)).toBe(`def "A" (
    prepend references = [
        @./m.usda@</N> (offset = 10; scale = 2),
        @./m.usda@
    ]
    append references = [
        @./m.usda@</M/Part> (
            customData = {
                int a = 1
            }
        )
    ]
)
{
}`);
    references.removeReference({ assetPath: './m.usda', primPath: p('/N'), layerOffset: { offset: 10, scale: 2 } });
    expect(prim.typeName).toBe('Cube');
    expect(textOf(stage.rootLayer)).toContain('delete references = @./m.usda@</N> (offset = 10; scale = 2)');
    references.setReferences(['./m.usda']);
    references.addReference({ assetPath: './m.usda', primPath: p('/N') }, 'frontOfPrependList');
    expect(textOf(stage.rootLayer)).toContain('    references = [\n        @./m.usda@</N>,\n        @./m.usda@\n    ]');
    expect(primAt(await reopen(stage), '/A').typeName).toBe('Cone');
    references.setReferences([]);
    expect(textOf(stage.rootLayer)).toContain('references = None');
    references.clearReferences();
    expect(textOf(stage.rootLayer)).toBe('def "A"\n{\n}');
  });

  it('within the layer are paths of the stage, mapped through the edit target', async () => {
    const stage = await openText({ 'root.usda': 'def "W" { def "R" (references = @./m.usda@) {} }', 'm.usda': MODEL });
    const node = primAt(stage, '/W/R').index.nodes[1];
    if (node === undefined) throw new Error('no reference');
    stage.editTarget = EditTarget.forNode(node);
    stage.definePrim(p('/W/R/New')).getReferences().addInternalReference(p('/W/R/Part'));
    primAt(stage, '/W/R/New').getReferences().addInternalReference(p('/N'));
    expect(textOf(stage.usedLayers[1] as never)).toContain('prepend references = [\n            </M/Part>,\n            </N>\n        ]');
    expect(primAt(stage, '/W/R/New').typeName).toBe('Sphere');
    expect(() => primAt(stage, '/W/R/New').getReferences().addInternalReference(p('/W/Other'))).toThrow(failsWith('edit-unmapped'));
  });

  it('refuse paths and offsets that none can have', async () => {
    const stage = await openText({ 'root.usda': 'def "A" {}' });
    const references = primAt(stage, '/A').getReferences();
    for (const primPath of ['B', '/A.x', '/A{v=x}', '/'])
      expect(() => references.addReference({ assetPath: './m.usda', primPath: p(primPath) })).toThrow(failsWith('edit-invalid-path'));
    expect(() => references.addInternalReference(p('/B'), { offset: 0, scale: 0 })).toThrow(failsWith('edit-value-type'));
    expect(() => stage.pseudoRoot.getReferences().addInternalReference(p('/A'))).toThrow(failsWith('edit-invalid-path'));
    expect(stage.rootLayer.isDirty).toBe(false);
  });
});

describe('Payloads', () => {
  it('are edited as references are', async () => {
    const stage = await openText({ 'root.usda': 'def "A" {}', 'm.usda': MODEL });
    const payloads = primAt(stage, '/A').getPayloads();
    payloads.addPayload('./m.usda');
    payloads.addInternalPayload(p('/Other'), undefined, 'backOfAppendList');
    await stage.settle();
    expect(textOf(stage.rootLayer)).toContain('prepend payload = @./m.usda@\n    append payload = </Other>');
    expect(stage.getPrimAtPath(p('/A/Part'))?.typeName).toBe('Sphere');
    payloads.removePayload({ primPath: p('/Other') });
    payloads.setPayloads([{ assetPath: './m.usda', primPath: p('/N') }]);
    expect(primAt(await reopen(stage), '/A').typeName).toBe('Cone');
    payloads.clearPayloads();
    expect(textOf(stage.rootLayer)).not.toContain('payload');
  });
});

describe('Inherits and Specializes', () => {
  it('name prims of the stage', async () => {
    const stage = await openText({ 'root.usda': 'class Cube "C" { def "K" {} }\nclass Cone "D" {}\ndef "A" {}' });
    const prim = primAt(stage, '/A');
    prim.getInherits().addInherit(p('/D'));
    prim.getInherits().addInherit(p('/C'), 'frontOfPrependList');
    prim.getSpecializes().addSpecialize(p('/D'));
    expect(prim.typeName).toBe('Cube');
    expect(textOf(stage.rootLayer)).toContain('prepend inherits = [\n        </C>,\n        </D>\n    ]\n    prepend specializes = </D>');
    prim.getInherits().removeInherit(p('/C'));
    expect(prim.typeName).toBe('Cone');
    prim.getInherits().setInherits([p('/C')]);
    prim.getSpecializes().setSpecializes([p('/C'), p('/D')]);
    prim.getSpecializes().removeSpecialize(p('/C'));
    expect(primAt(await reopen(stage), '/A').typeName).toBe('Cube');
    prim.getInherits().clearInherits();
    prim.getSpecializes().clearSpecializes();
    expect(prim.typeName).toBe('');
    expect(() => prim.getInherits().addInherit(p('C'))).toThrow(failsWith('edit-invalid-path'));
  });

  it('of nested classes are mapped through the edit target, those of root prims are not', async () => {
    const stage = await openText({ 'root.usda': 'def "W" { def "R" (references = @./m.usda@) {} }', 'm.usda': MODEL });
    const node = primAt(stage, '/W/R').index.nodes[1];
    if (node === undefined) throw new Error('no reference');
    stage.editTarget = EditTarget.forNode(node);
    const inherits = primAt(stage, '/W/R/Part').getInherits();
    inherits.addInherit(p('/W/R/Class'));
    inherits.addInherit(p('/Global'));
    expect(textOf(stage.usedLayers[1] as never)).toContain(
      'prepend inherits = [\n            </M/Class>,\n            </Global>\n        ]',
    );
  });
});
