import { describe, expect, it } from 'vitest';
import { changeBlock } from '../sdf/change-block.ts';
import type { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import { EditTarget } from './edit-target.ts';
import { openText, reopen, textOf } from './fixtures/text-stage.ts';
import { PopulationMask } from './population-mask.ts';

const p = (path: string): Path => path as Path;
const failsWith = (code: string): unknown => expect.objectContaining({ name: 'EditError', code });

describe('Stage.definePrim', () => {
  it('defines a prim, and ancestors that are not defined, without their type', async () => {
    const stage = await openText({ 'root.usda': 'over "A" {\n    def Xform "B" {}\n}' });
    const prim = stage.definePrim(p('/A/B/C'), 'Cube');
    expect([prim.path, prim.typeName, prim.isDefined]).toEqual(['/A/B/C', 'Cube', true]);
    expect(textOf(stage.rootLayer)).toBe(`def "A"
{
    def Xform "B"
    {
        def Cube "C"
        {
        }
    }
}`);
    expect((await reopen(stage)).getPrimAtPath(p('/A/B/C'))?.isDefined).toBe(true);
  });

  it('authors nothing where the prim is defined with that type already', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': 'def Xform "A" {}' });
    expect(stage.definePrim(p('/A')).typeName).toBe('Xform');
    expect(stage.definePrim(p('/A'), 'Xform').path).toBe('/A');
    expect(stage.rootLayer.isDirty).toBe(false);
    expect(stage.definePrim(p('/A'), 'Scope').typeName).toBe('Scope');
    expect(textOf(stage.rootLayer)).toContain('def Scope "A"');
    expect(stage.definePrim(p('/')).path).toBe('/');
  });

  it('leaves a class a class', async () => {
    const stage = await openText({ 'root.usda': 'class "A" {}' });
    expect(stage.definePrim(p('/A/B')).isAbstract).toBe(true);
    expect(textOf(stage.rootLayer)).toContain('class "A"');
  });

  it.each([
    ['A', 'edit-invalid-path'],
    ['/A.b', 'edit-invalid-path'],
    ['/A{v=x}', 'edit-invalid-path'],
    ['/A/', 'edit-invalid-path'],
    ['/1A', 'edit-invalid-path'],
    ['/Off/B', 'edit-not-composed'],
    ['/I/Geo', 'edit-instance-proxy'],
    ['/I/New', 'edit-instance-proxy'],
    ['/__Prototype_1/New', 'edit-prototype'],
  ])('refuses %s', async (path, code) => {
    const stage = await openText({
      'root.usda': 'def "Off" (active = false) {}\ndef "I" (instanceable = true\n references = </M>) {}\ndef "M" { def "Geo" {} }',
    });
    expect(() => stage.definePrim(p(path))).toThrow(failsWith(code));
    expect(stage.rootLayer.isDirty).toBe(false);
  });

  it('refuses what a relocation, the mask or the layer forbid', async () => {
    const files = {
      'root.usda': '(relocates = { </W/R/A>: </W/A> })\ndef "W" { def "R" (references = @./m.usda@</M>) {} }',
      'm.usda': 'def "M" { def "A" {} }',
    };
    const stage = await openText(files);
    expect(() => stage.definePrim(p('/W/R/A/B'))).toThrow(failsWith('edit-not-composed'));
    stage.rootLayer.permissionToEdit = false;
    expect(() => stage.definePrim(p('/W/B'))).toThrow(failsWith('edit-permission'));
    expect(() => stage.definePrim(p('/W/B'), 'no type')).toThrow(failsWith('edit-invalid-name'));
    const masked = await openText(files, { mask: new PopulationMask([p('/W/A')]) });
    expect(() => masked.definePrim(p('/V'))).toThrow(failsWith('edit-not-composed'));
    expect(masked.rootLayer.isDirty).toBe(false);
  });
});

describe('a change block around edits', () => {
  it('gives one notice, makes properties at once, and refuses prims that it could not show', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': 'def "A" {}' });
    let notices = 0;
    stage.addListener('objectsChanged', () => void notices++);
    const prim = stage.getPrimAtPath(p('/A'));
    changeBlock(() => {
      expect(prim?.getAttribute('x')).toBeUndefined();
      prim?.createAttribute('x', 'int').set(1);
      prim?.createRelationship('r').addTarget(p('/A'));
      prim?.setKind('group');
      expect(stage.definePrim(p('/A'), 'Xform').path).toBe('/A');
      expect(() => stage.definePrim(p('/B'))).toThrow(failsWith('edit-in-change-block'));
      expect(() => stage.overridePrim(p('/B'))).toThrow(failsWith('edit-in-change-block'));
      expect(() => stage.createClassPrim(p('/B'))).toThrow(failsWith('edit-in-change-block'));
    });
    expect(notices).toBe(1);
    expect([prim?.getAttribute('x')?.get(), prim?.typeName, prim?.getRelationship('r')?.getTargets()]).toEqual([1, 'Xform', ['/A']]);
    expect(stage.rootLayer.hasSpec(p('/B'))).toBe(false);
  });
});

describe('Stage.overridePrim', () => {
  it('authors an over, only where the edit target has no spec', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': 'def Cube "A" {}' });
    expect(stage.overridePrim(p('/A')).typeName).toBe('Cube');
    expect(stage.overridePrim(p('/New/Child')).isDefined).toBe(false);
    expect(textOf(stage.rootLayer)).toBe(`(
    subLayers = [
        @./s.usda@
    ]
)
over "A"
{
}
over "New"
{
    over "Child"
    {
    }
}`);
  });
});

describe('Stage.createClassPrim', () => {
  it('makes a class, and refuses a prim that is defined otherwise', async () => {
    const stage = await openText({ 'root.usda': 'def "A" {}' });
    expect(stage.createClassPrim(p('/C')).isAbstract).toBe(true);
    expect(stage.createClassPrim(p('/A/_class')).specifier).toBe('class');
    expect(() => stage.createClassPrim(p('/A'))).toThrow(failsWith('edit-conflict'));
    expect(textOf(stage.rootLayer)).toBe(`def "A"
{
    class "_class"
    {
    }
}
class "C"
{
}`);
    stage.editTarget = EditTarget.forLocalDirectVariant(stage.rootLayer, p('/A{v=x}'));
    expect(() => stage.createClassPrim(p('/D'))).toThrow(failsWith('edit-invalid-target'));
  });
});

describe('Stage.removePrim', () => {
  it('removes what the edit target says of a subtree, and tells whether that was anything', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])\nover "A" { over "B" {} }',
      's.usda': 'def "A" { def "B" {} }',
    });
    expect(stage.removePrim(p('/A'))).toBe(true);
    expect(stage.removePrim(p('/A'))).toBe(false);
    expect(textOf(stage.rootLayer)).not.toContain('over');
    expect(stage.getPrimAtPath(p('/A/B'))?.isDefined).toBe(true);
  });

  it('removes prims from the stage when nothing else has them', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { def "B" {} }' });
    const child = stage.getPrimAtPath(p('/A/B'));
    stage.removePrim(p('/A'));
    expect(child?.isValid).toBe(false);
    expect(() => child?.setActive(false)).toThrow(failsWith('edit-not-composed'));
    expect(stage.primCount).toBe(1);
  });
});

describe('metadata of the stage', () => {
  it('is set in the root layer, or in the session layer above it', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { def "B" {} }' });
    stage.setUpAxis('Z');
    stage.setMetersPerUnit(1);
    stage.setTimeCodesPerSecond(30);
    stage.setFramesPerSecond(25);
    stage.setStartTimeCode(1);
    stage.setEndTimeCode(48.5);
    stage.setMetadata('documentation', 'a scene');
    stage.setMetadata('customLayerData', { take: 3, who: 'me', nested: { deep: [1, 2.5] } });
    stage.setDefaultPrim(stage.pseudoRoot.children[0] as never);
    expect(textOf(stage.rootLayer).slice(0, textOf(stage.rootLayer).indexOf('def "A"'))).toBe(`(
    customLayerData = {
        dictionary nested = {
            double[] deep = [1, 2.5]
        }
        int take = 3
        string who = "me"
    }
    defaultPrim = "A"
    doc = "a scene"
    endTimeCode = 48.5
    framesPerSecond = 25
    metersPerUnit = 1
    startTimeCode = 1
    timeCodesPerSecond = 30
    upAxis = "Z"
)
`);
    expect([stage.upAxis, stage.metersPerUnit, stage.timeCodesPerSecond, stage.startTimeCode, stage.endTimeCode]).toEqual([
      'Z',
      1,
      30,
      1,
      48.5,
    ]);
    stage.editTarget = EditTarget.forLayer(stage.sessionLayer);
    stage.setUpAxis('Y');
    expect(stage.upAxis).toBe('Y');
    stage.clearMetadata('upAxis');
    expect(stage.upAxis).toBe('Z');
    stage.setDefaultPrim(stage.getPrimAtPath(p('/A/B')) as never);
    expect(stage.defaultPrim?.path).toBe('/A/B');
    stage.clearDefaultPrim();
    expect(stage.defaultPrim).toBeUndefined();
  });

  it('refuses other layers, fields that a layer does not have, and data of another type', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': '' });
    expect(() => stage.setMetadata('kind', 'component')).toThrow(failsWith('edit-invalid-field'));
    expect(() => stage.setMetadata('metersPerUnit', 'one')).toThrow(failsWith('edit-value-type'));
    expect(() => stage.setTimeCodesPerSecond(0)).toThrow(failsWith('edit-value-type'));
    expect(() => stage.setEndTimeCode(NaN)).toThrow(failsWith('edit-value-type'));
    stage.editTarget = stage.getEditTargetForLocalLayer(stage.getLayer('s.usda') as Layer);
    expect(() => stage.setUpAxis('Z')).toThrow(failsWith('edit-stage-metadata'));
    expect(stage.usedLayers.some((layer) => layer.isDirty)).toBe(false);
  });
});
