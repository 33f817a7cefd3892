import { describe, expect, it } from 'vitest';
import type { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import { makeValue, type Spline } from '../vt/value.ts';
import type { Attribute } from './attribute.ts';
import { openText, reopen, textOf } from './fixtures/text-stage.ts';
import type { Relationship } from './relationship.ts';
import type { Stage } from './stage.ts';

const p = (path: string): Path => path as Path;
const failsWith = (code: string): unknown => expect.objectContaining({ name: 'EditError', code });

function attributeAt(stage: Stage, prim: string, name: string): Attribute {
  const attribute = stage.getPrimAtPath(p(prim))?.getAttribute(name);
  if (attribute === undefined) throw new Error(`no attribute ${prim}.${name}`);
  return attribute;
}

function relationshipAt(stage: Stage, prim: string, name: string): Relationship {
  const relationship = stage.getPrimAtPath(p(prim))?.getRelationship(name);
  if (relationship === undefined) throw new Error(`no relationship ${prim}.${name}`);
  return relationship;
}

/** Lines of the first prim's body. */
function bodyOf(layer: Layer): string {
  const text = textOf(layer);
  return text.slice(text.indexOf('{\n') + 2, text.lastIndexOf('\n}'));
}

describe('Attribute.set', () => {
  it('converts plain data to the type that schema or layers give the attribute', async () => {
    const stage = await openText({ 'root.usda': 'def Mesh "A" {}' });
    const prim = stage.getPrimAtPath(p('/A'));
    prim?.getAttribute('points')?.set([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    prim?.getAttribute('faceVertexIndices')?.set([0, 1, 2]);
    prim?.getAttribute('doubleSided')?.set(true);
    prim?.getAttribute('orientation')?.set('leftHanded');
    prim?.getAttribute('primvars:displayColor')?.set([0.5, 0.25, 1]);
    prim?.createAttribute('xformOp:transform', 'matrix4d', { custom: false }).set([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [5, 6, 7, 1],
    ]);
    prim?.createAttribute('file', 'asset').set('./a.png');
    prim?.createAttribute('big', 'int64').set(7);
    prim?.createAttribute('quat', 'quatf').set([0, 0, 0.5, 1]);
    prim?.createAttribute('names', 'token[]').set(['a', 'b']);
    prim?.createAttribute('half', 'half').set(0.5);
    expect(bodyOf(stage.rootLayer)).toBe(`    custom int64 big = 7
    uniform bool doubleSided = 1
    int[] faceVertexIndices = [0, 1, 2]
    custom asset file = @./a.png@
    custom half half = 0.5
    custom token[] names = ["a", "b"]
    uniform token orientation = "leftHanded"
    point3f[] points = [(0, 1, 2), (3, 4, 5)]
    color3f[] primvars:displayColor = [(0.5, 0.25, 1)]
    custom quatf quat = (1, 0, 0, 0.5)
    matrix4d xformOp:transform = ( (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (5, 6, 7, 1) )`);
    const fresh = await reopen(stage);
    expect(attributeAt(fresh, '/A', 'points').get()).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
    expect(attributeAt(stage, '/A', 'half').get()).toBe(attributeAt(fresh, '/A', 'half').get());
  });

  it('copies typed arrays, so that their owner may go on using them', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { float[] a\n }' });
    const data = Float32Array.of(1, 2);
    const attribute = attributeAt(stage, '/A', 'a');
    attribute.set(data);
    data[0] = 9;
    expect(attribute.get()).toEqual(Float32Array.of(1, 2));
  });

  it('sets samples, blocks them, and takes them back', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { double a = 1\n }' });
    const attribute = attributeAt(stage, '/A', 'a');
    attribute.set(10, 1);
    attribute.set(30, 3);
    attribute.set(20, 2);
    attribute.set(makeValue('block', null), 4);
    expect(bodyOf(stage.rootLayer)).toBe(
      '    double a = 1\n    double a.timeSamples = {\n        1: 10,\n        2: 20,\n        3: 30,\n        4: None,\n    }',
    );
    attribute.clearAtTime(2);
    attribute.clearAtTime(2.5);
    expect(attribute.get(2)).toBe(20);
    expect([...attribute.getTimeSamples()]).toEqual([1, 3, 4]);
    attribute.clearDefault();
    expect(attribute.get()).toBeUndefined();
    attribute.clear();
    expect(bodyOf(stage.rootLayer)).toBe('    double a');
    attribute.clearAtTime(1);
    expect(attribute.hasValue).toBe(false);
  });

  it('blocks a value, or animation only', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])',
      's.usda': 'def Cube "A" { double size = 4\n double size.timeSamples = { 0: 1, 1: 2 }\n }',
    });
    const attribute = attributeAt(stage, '/A', 'size');
    attribute.set(3, 5);
    attribute.blockAnimation();
    expect([attribute.get(), attribute.get(1)]).toEqual([4, 4]);
    attribute.block();
    expect(textOf(stage.rootLayer)).toContain('double size = None');
    expect([attribute.get(1), attribute.hasAuthoredValue]).toEqual([2, false]);
    attribute.clear();
    expect(attribute.get(1)).toBe(2);
  });

  it('says what was expected and what was found, and authors nothing', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])',
      's.usda': 'def Mesh "A" { int i\n uint u\n half h\n opaque o\n asset f\n int2[] pairs\n }',
    });
    const cases: [string, unknown, string][] = [
      ['i', 1.5, 'expected int, found number 1.5'],
      ['i', 3e9, 'expected int, found number 3000000000'],
      ['i', '1', 'expected int, found text "1"'],
      ['i', undefined, 'expected int, found undefined'],
      ['u', -1, 'expected uint, found number -1'],
      ['h', [1], 'expected half, found a list of 1 (number 1, …)'],
      ['f', 1, 'expected asset, found number 1'],
      ['points', 'x', 'expected point3f[], that is float3[] (3 numbers for each element), found text "x"'],
      ['points', [1, 2], 'expected point3f[], that is float3[] (3 numbers for each element), found a list of 2 (number 1, …)'],
      ['points', [[1, 2]], 'found a list of 1 (a list of 2 (number 1, …), …)'],
      ['pairs', Float32Array.of(1, 1.5), 'expected int2[] (2 numbers for each element), found Float32Array of length 2'],
      ['points', makeValue('double', 1), 'found a value of type double'],
    ];
    for (const [name, input, message] of cases) {
      const set = (): void => attributeAt(stage, '/A', name).set(input as number);
      expect(set).toThrow(failsWith('edit-value-type'));
      expect(set).toThrow(message);
    }
    expect(() => attributeAt(stage, '/A', 'o').set(1)).toThrow('attributes of type "opaque" hold no value');
    expect(() => attributeAt(stage, '/A', 'i').set(1, Infinity)).toThrow(failsWith('edit-value-type'));
    expect(() => attributeAt(stage, '/A', 'i').set(makeValue('animationBlock', null), 1)).toThrow(failsWith('edit-value-type'));
    expect(stage.rootLayer.isDirty).toBe(false);
  });

  it('casts tagged values where nothing is lost but precision', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { float f\n double3 d\n token t\n float[] list\n }' });
    attributeAt(stage, '/A', 'f').set(makeValue('double', 0.1));
    attributeAt(stage, '/A', 'd').set(makeValue('float3', [1, 2, 3]));
    attributeAt(stage, '/A', 't').set(makeValue('string', 'word'));
    attributeAt(stage, '/A', 'list').set(Float64Array.of(1, 0.5));
    expect(bodyOf(stage.rootLayer)).toBe('    double3 d = (1, 2, 3)\n    float f = 0.1\n    float[] list = [1, 0.5]\n    token t = "word"');
    expect(() => attributeAt(stage, '/A', 'f').set(makeValue('float3', [1, 2, 3]))).toThrow(failsWith('edit-value-type'));
  });
});

describe('what an attribute says of itself', () => {
  it('is authored and taken back', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { custom int a = 1\n }' });
    const attribute = attributeAt(stage, '/A', 'a');
    attribute.clearDefault();
    attribute.setTypeName('Vec3f');
    attribute.setVariability('uniform');
    attribute.setCustom(false);
    attribute.setColorSpace('lin_srgb');
    attribute.setMetadata('interpolation', 'vertex');
    attribute.setMetadata('displayName', 'A name');
    attribute.setMetadata('customData', { a: 1 });
    expect(bodyOf(stage.rootLayer)).toBe(`    uniform float3 a (
        colorSpace = "lin_srgb"
        customData = {
            int a = 1
        }
        displayName = "A name"
        interpolation = "vertex"
    )`);
    for (const name of ['colorSpace', 'customData', 'displayName', 'interpolation']) attribute.clearMetadata(name);
    expect(bodyOf(stage.rootLayer)).toBe('    uniform float3 a');
    expect(() => attribute.clearMetadata('typeName')).toThrow(failsWith('edit-invalid-field'));
    expect(() => attribute.setTypeName('vector')).toThrow(failsWith('edit-value-type'));
    expect(() => attribute.setMetadata('kind', 'x')).toThrow(failsWith('edit-invalid-field'));
  });

  it('holds a spline of its type', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@ (offset = 10; scale = 2)])',
      's.usda': 'def "A" { double a\n }',
    });
    stage.editTarget = stage.getEditTargetForLocalLayer(stage.getLayer('s.usda') as Layer);
    const flat = { width: 0, slope: 0, algorithm: 'none' } as const;
    const knot = (time: number, value: number) => ({ time, value, preTangent: flat, postTangent: flat, nextSegment: 'linear' }) as const;
    const spline: Spline = {
      valueType: 'double',
      curve: 'bezier',
      preExtrapolation: { mode: 'held' },
      postExtrapolation: { mode: 'held' },
      knots: [knot(10, 0), knot(20, 1)],
    };
    const attribute = attributeAt(stage, '/A', 'a');
    attribute.setSpline(spline);
    expect(
      stage
        .getLayer('s.usda')
        ?.fieldAs(p('/A.a'), 'spline', 'spline')
        ?.knots.map(({ time }) => time),
    ).toEqual([0, 5]);
    expect([attribute.get(10), attribute.get(15), attribute.get(20)]).toEqual([0, 0.5, 1]);
    expect(attributeAt(await reopen(stage), '/A', 'a').get(15)).toBe(0.5);
    expect(() => attribute.setSpline({ ...spline, valueType: 'float' })).toThrow(failsWith('edit-value-type'));
    expect(() => attribute.setSpline({ ...spline, knots: [knot(1, 0), knot(1, 1)] })).toThrow(failsWith('edit-value-type'));
    attribute.clearSpline();
    expect(attribute.hasValue).toBe(false);
  });
});

describe('targets and connections', () => {
  it('are added at either end of either list', async () => {
    const stage = await openText({ 'root.usda': '(subLayers = [@./s.usda@])', 's.usda': 'def "A" { rel r = </A/Weak>\n }' });
    const relationship = relationshipAt(stage, '/A', 'r');
    relationship.addTarget(p('/A/One'));
    relationship.addTarget(p('/A/Two'));
    relationship.addTarget(p('/A/Zero'), 'frontOfPrependList');
    relationship.addTarget(p('/A/Last.x'), 'backOfAppendList');
    relationship.addTarget(p('/A/Last.w'), 'frontOfAppendList');
    expect(relationship.getTargets()).toEqual(['/A/Zero', '/A/One', '/A/Two', '/A/Weak', '/A/Last.w', '/A/Last.x']);
    relationship.removeTarget(p('/A/One'));
    relationship.removeTarget(p('/A/Weak'));
    expect(bodyOf(stage.rootLayer)).toContain('delete rel r = [\n');
    expect(relationshipAt(await reopen(stage), '/A', 'r').getTargets()).toEqual(['/A/Zero', '/A/Two', '/A/Last.w', '/A/Last.x']);
    relationship.setTargets([p('/A/Only')]);
    relationship.addTarget(p('/A/Second'));
    expect(bodyOf(stage.rootLayer)).toBe('    rel r = [\n        </A/Only>,\n        </A/Second>,\n    ]');
    relationship.setTargets([]);
    expect(relationship.getTargets()).toEqual([]);
    relationship.clearTargets();
    expect(relationship.getTargets()).toEqual(['/A/Weak']);
    relationship.setMetadata('displayName', 'R');
    relationship.setCustom(true);
    relationship.clearMetadata('displayName');
    relationship.clearTargets(true);
    expect(bodyOf(stage.rootLayer)).not.toContain('rel');
  });

  it('of an attribute are connections', async () => {
    const stage = await openText({ 'root.usda': 'def "A" { color3f c = (1, 1, 1)\n }' });
    const attribute = attributeAt(stage, '/A', 'c');
    attribute.addConnection(p('/A/Tex.outputs:rgb'));
    expect(bodyOf(stage.rootLayer)).toBe('    color3f c = (1, 1, 1)\n    prepend color3f c.connect = </A/Tex.outputs:rgb>');
    attribute.setConnections([p('/A/X.a'), p('/A/Y.b')]);
    attribute.removeConnection(p('/A/X.a'));
    expect(attribute.getConnections()).toEqual(['/A/Y.b']);
    attribute.clearConnections();
    expect(bodyOf(stage.rootLayer)).toBe('    color3f c = (1, 1, 1)');
  });

  it('are paths of the stage, without variants or prototypes', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])',
      's.usda': 'def "I" (instanceable = true\n references = </M>) { rel r\n }\ndef "M" { def "Geo" {} }',
    });
    const relationship = relationshipAt(stage, '/I', 'r');
    for (const path of ['Geo', '/M{v=x}Geo', '/M/', '/M.', '/M.r[/I]', '/a b', ''])
      expect(() => relationship.addTarget(p(path)), path).toThrow(failsWith('edit-invalid-path'));
    expect(() => relationship.addTarget(p('/__Prototype_1/Geo'))).toThrow(failsWith('edit-prototype'));
    expect(stage.rootLayer.isDirty).toBe(false);
    relationship.addTarget(p('/I/Geo'));
    relationship.addTarget(p('/'));
    expect(relationship.getTargets()).toEqual(['/I/Geo', '/']);
  });
});
