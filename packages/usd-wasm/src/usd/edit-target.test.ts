import { describe, expect, it } from 'vitest';
import type { IndexNode } from '../pcp/index-node.ts';
import { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import { EditTarget } from './edit-target.ts';
import { openText, reopen, textOf } from './fixtures/text-stage.ts';
import type { Stage } from './stage.ts';

const p = (path: string): Path => path as Path;

function layerOf(stage: Stage, identifier: string): Layer {
  const layer = stage.getLayer(identifier);
  if (layer === undefined) throw new Error(`no layer ${identifier}`);
  return layer;
}

function nodeOf(stage: Stage, path: string, arc: string): IndexNode {
  const node = stage.getPrimAtPath(p(path))?.index.nodes.find(({ arcType }) => arcType === arc);
  if (node === undefined) throw new Error(`no ${arc} at ${path}`);
  return node;
}

describe('EditTarget', () => {
  it('maps paths to themselves in a local layer', () => {
    const target = EditTarget.forLayer(Layer.inMemory('a'));
    expect(target.mapToSpecPath(p('/A/B.c'))).toBe('/A/B.c');
    expect(target.isValid).toBe(true);
    expect(new EditTarget(undefined).isValid).toBe(false);
  });

  it('maps paths of a prim into its variant, and targets in them without', () => {
    const target = EditTarget.forLocalDirectVariant(Layer.inMemory('a'), p('/A{v=x}{w=y}'));
    expect(target.mapToSpecPath(p('/A'))).toBe('/A{v=x}{w=y}');
    expect(target.mapToSpecPath(p('/A/B.c'))).toBe('/A{v=x}{w=y}B.c');
    expect(target.mapToSpecPath(p('/A.c[/A/B.d].e'))).toBe('/A{v=x}{w=y}.c[/A/B.d].e');
    expect(target.mapToSpecPath(p('/Other'))).toBe('/Other');
    expect(() => EditTarget.forLocalDirectVariant(Layer.inMemory('a'), p('/A'))).toThrow(
      expect.objectContaining({ code: 'edit-invalid-path' }),
    );
  });

  it('maps across a reference, and nothing that lies outside of it', async () => {
    const stage = await openText({
      'root.usda': 'def "W" { def "R" (references = @./m.usda@</M> (offset = 10; scale = 2)) {} }',
      'm.usda': 'def "M" { def "C" { double x.timeSamples = { 0: 1 }\n } }',
    });
    const target = EditTarget.forNode(nodeOf(stage, '/W/R', 'reference'));
    expect(target.mapToSpecPath(p('/W/R/C.x'))).toBe('/M/C.x');
    expect(target.mapToSpecPath(p('/W'))).toBeUndefined();
    expect(target.mapToSpecPath(p('/W/R.rel[/W/Other]'))).toBeUndefined();
    expect(target.offset).toEqual({ offset: 10, scale: 2 });
    expect(target.composeOver(new EditTarget(undefined)).mapToSpecPath(p('/W/R'))).toBe('/M');
    expect(() => EditTarget.forNode(nodeOf(stage, '/W/R', 'reference'), stage.rootLayer)).toThrow(
      expect.objectContaining({ code: 'edit-invalid-target' }),
    );
  });

  it('maps into a class, and a variant inside of a reference', async () => {
    const stage = await openText({
      'root.usda': 'class "C" {}\ndef "I" (inherits = </C>) {}\ndef "R" (references = @./m.usda@</M>) {}',
      'm.usda': 'def "M" (variants = { string v = "x" }\n prepend variantSets = "v") { variantSet "v" = { "x" { def "K" {} } } }',
    });
    expect(EditTarget.forNode(nodeOf(stage, '/I', 'inherit')).mapToSpecPath(p('/I/New'))).toBe('/C/New');
    expect(EditTarget.forNode(nodeOf(stage, '/R', 'variant')).mapToSpecPath(p('/R/K.a'))).toBe('/M{v=x}K.a');
  });
});

describe('targets that are authored in a class inside of a variant', () => {
  it('are composed, though their paths name no variant', async () => {
    const stage = await openText({
      'root.usda': `def "A" (variants = { string v = "x" }
 prepend variantSets = "v") {
    variantSet "v" = { "x" {
        class "C" { def "K" {} }
        def "I" (inherits = </A/C>) {}
    } }
}`,
    });
    stage.editTarget = EditTarget.forNode(nodeOf(stage, '/A/I', 'inherit'));
    const relationship = stage.getPrimAtPath(p('/A/I'))?.createRelationship('r');
    relationship?.addTarget(p('/A/I/K'));
    expect(stage.rootLayer.field(p('/A{v=x}C.r'), 'targetPaths')).toMatchObject({ value: { prependedItems: ['/A/C/K'] } });
    expect(relationship?.getTargets()).toEqual(['/A/I/K']);
  });
});

describe('Stage.editTarget', () => {
  it('is the root layer at first, and tells when it changes', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@ (offset = 5)])', 's.usda': '' });
    expect(stage.editTarget.layer).toBe(stage.rootLayer);
    let notices = 0;
    stage.addListener('stageEditTargetChanged', () => void notices++);
    stage.editTarget = stage.getEditTargetForLocalLayer(layerOf(stage, 's.usda'));
    expect(stage.editTarget.offset).toEqual({ offset: 5, scale: 1 });
    stage.editTarget = stage.getEditTargetForLocalLayer(layerOf(stage, 's.usda'));
    expect(notices).toBe(1);
    expect(() => (stage.editTarget = EditTarget.forLayer(Layer.inMemory('x')))).toThrow(
      expect.objectContaining({ code: 'edit-invalid-target' }),
    );
    expect(() => (stage.editTarget = new EditTarget(undefined))).toThrow(expect.objectContaining({ code: 'edit-invalid-target' }));
  });

  it('takes times through the inverse offset of a sublayer', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@ (offset = 10; scale = 2)])\ndef "A" {}', 's.usda': '' });
    stage.editTarget = stage.getEditTargetForLocalLayer(layerOf(stage, 's.usda'));
    const prim = stage.getPrimAtPath(p('/A'));
    prim?.createAttribute('x', 'double').set(7, 14);
    prim?.createAttribute('t', 'timecode').set(30);
    prim?.setCustomData({ at: { type: 'timecode', value: 12 } });
    expect(textOf(layerOf(stage, 's.usda'))).toBe(`over "A" (
    customData = {
        timecode at = 1
    }
)
{
    custom timecode t = 10
    custom double x
    double x.timeSamples = {
        2: 7,
    }
}`);
    const fresh = (await reopen(stage)).getPrimAtPath(p('/A'));
    expect(fresh?.getAttribute('x')?.getTimeSamples()).toEqual(Float64Array.of(14));
    expect(fresh?.getAttribute('t')?.get()).toBe(30);
  });

  it('authors through a reference in the layer referred to', async () => {
    const stage = await openText({
      'root.usda': 'def "W" { def "R" (references = @./m.usda@</M>) {} }',
      'm.usda': 'def "M" { def "C" {} }',
    });
    stage.editTarget = EditTarget.forNode(nodeOf(stage, '/W/R', 'reference'));
    stage.definePrim(p('/W/R/C/D'), 'Cube').createRelationship('r', { custom: false }).addTarget(p('/W/R/C'));
    expect(textOf(stage.rootLayer)).not.toContain('"C"');
    expect(textOf(layerOf(stage, 'm.usda'))).toBe(`def "M"
{
    def "C"
    {
        def Cube "D"
        {
            prepend rel r = </M/C>
        }
    }
}`);
    expect(() => stage.definePrim(p('/Elsewhere'))).toThrow(expect.objectContaining({ code: 'edit-unmapped' }));
    expect((await reopen(stage)).getPrimAtPath(p('/W/R/C/D'))?.getRelationship('r')?.getTargets()).toEqual(['/W/R/C']);
  });
});
