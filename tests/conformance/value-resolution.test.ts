/** Attribute values from composed opinions (values.md sections 1-4, 6). */
import { describe, expect, test } from 'vitest';
import { flattenStage, valueAs, type Attribute, type Path, type Stage } from 'usd-wasm';
import { openText } from '../support/open-text.ts';

function attribute(stage: Stage, path: string): Attribute {
  const [prim, name] = path.split('.') as [Path, string];
  const found = stage.getPrimAtPath(prim)?.getAttribute(name);
  if (found === undefined) throw new Error(`no attribute <${path}>`);
  return found;
}

async function value(files: string | Readonly<Record<string, string>>, path: string, time?: number): Promise<unknown> {
  return attribute(await openText(files), path).getValue(time)?.value;
}

const SUBLAYERED = (strong: string, weak: string): Record<string, string> => ({
  'root.usda': `(\nsubLayers = [@./weak.usda@]\n)\ndef Sphere "A" {\n${strong}\n}`,
  'weak.usda': `def Sphere "A" {\n${weak}\n}`,
});

describe('the strongest opinion', () => {
  test('default of a stronger layer beats samples of a weaker one', async () => {
    expect(await value(SUBLAYERED('double radius = 7', 'double radius.timeSamples = {\n0: 1,\n10: 2,\n}'), '/A.radius', 5)).toBe(7);
  });

  test('samples beat the default of their own layer, but not at Default', async () => {
    const files = SUBLAYERED('double radius = 7\ndouble radius.timeSamples = {\n0: 1,\n10: 2,\n}', '');
    expect(await value(files, '/A.radius', 5)).toBe(1.5);
    expect(await value(files, '/A.radius')).toBe(7);
  });

  test('at Default a weaker default counts where the stronger layer only has samples', async () => {
    expect(await value(SUBLAYERED('double radius.timeSamples = {\n0: 1,\n}', 'double radius = 9'), '/A.radius')).toBe(9);
  });

  test('a block leads to the fallback of the schema, past weaker opinions', async () => {
    const stage = await openText(SUBLAYERED('double radius = None', 'double radius = 9'));
    expect(attribute(stage, '/A.radius').getValue()?.value).toBe(1);
    expect(attribute(stage, '/A.radius').valueSource).toBe('fallback');
  });

  test('a blocked attribute without fallback has no value', async () => {
    const stage = await openText(SUBLAYERED('custom int x = None', 'custom int x = 9'));
    expect(attribute(stage, '/A.x').getValue()).toBeUndefined();
    expect(attribute(stage, '/A.x').hasValue).toBe(false);
  });

  test('a blocked sample is no value while it is held', async () => {
    const text = 'def Sphere "A" {\ndouble radius.timeSamples = {\n0: 1,\n10: None,\n20: 3,\n}\n}';
    expect(await value(text, '/A.radius', 5)).toBe(1);
    expect(await value(text, '/A.radius', 15)).toBeUndefined();
    expect(await value(text, '/A.radius', 20)).toBe(3);
  });

  test('an animation block ignores weaker samples, not weaker defaults', async () => {
    expect(
      await value(
        SUBLAYERED('double radius = AnimationBlock', 'double radius = 4\ndouble radius.timeSamples = {\n0: 1,\n}'),
        '/A.radius',
        0,
      ),
    ).toBe(4);
  });

  test('local opinions beat those across a reference, whatever their kind', async () => {
    const files = {
      'root.usda': 'def "A" (\nreferences = @./r.usda@</R>\n) {\ncustom int x = 1\n}',
      'r.usda': 'def "R" {\ncustom int x = 2\ncustom int x.timeSamples = {\n0: 3,\n}\ncustom int y = 4\n}',
    };
    expect(await value(files, '/A.x', 0)).toBe(1);
    expect(await value(files, '/A.y', 0)).toBe(4);
  });
});

describe('layer offsets', () => {
  test('move and stretch the samples of sublayers', async () => {
    const files = {
      'root.usda': '(\nsubLayers = [@./anim.usda@ (offset = 10; scale = 2)]\n)',
      'anim.usda': 'def Sphere "A" {\ndouble radius.timeSamples = {\n0: 0,\n10: 10,\n}\n}',
    };
    const stage = await openText(files);
    expect([...attribute(stage, '/A.radius').getTimeSamples()]).toEqual([10, 30]);
    expect(attribute(stage, '/A.radius').getValue(20)?.value).toBe(5);
  });

  test('chain through references, and map time codes', async () => {
    const files = {
      'root.usda': 'def "A" (\nreferences = @./r.usda@</R> (offset = 100)\n) {}',
      'r.usda': 'def "R" (\nreferences = @./s.usda@</S> (scale = 2)\n) {}',
      's.usda': 'def "S" {\ncustom timecode t = 5\ncustom double d.timeSamples = {\n1: 1,\n2: 2,\n}\n}',
    };
    const stage = await openText(files);
    expect(attribute(stage, '/A.t').getValue()?.value).toBe(110);
    expect([...attribute(stage, '/A.d').getTimeSamples()]).toEqual([102, 104]);
  });

  test('scale by the rates of the layers', async () => {
    const files = {
      'root.usda': '(\ntimeCodesPerSecond = 48\nsubLayers = [@./anim.usda@]\n)',
      'anim.usda': '(\ntimeCodesPerSecond = 24\n)\ndef Sphere "A" {\ndouble radius.timeSamples = {\n0: 0,\n24: 1,\n}\n}',
    };
    expect([...attribute(await openText(files), '/A.radius').getTimeSamples()]).toEqual([0, 48]);
  });
});

describe('interpolation', () => {
  test('follows the stage, and holds what has no linear form', async () => {
    const stage = await openText(
      'def Sphere "A" {\ndouble radius.timeSamples = {\n0: 0,\n10: 10,\n}\nuniform token purpose.timeSamples = {\n0: "render",\n10: "proxy",\n}\n}',
    );
    expect(attribute(stage, '/A.radius').getValue(4)?.value).toBe(4);
    expect(attribute(stage, '/A.purpose').getValue(9)?.value).toBe('render');
    stage.interpolation = 'held';
    expect(attribute(stage, '/A.radius').getValue(4)?.value).toBe(0);
  });

  test('an attribute with one sample does not vary', async () => {
    const stage = await openText('def Sphere "A" {\ndouble radius.timeSamples = {\n3: 5,\n}\n}');
    expect(attribute(stage, '/A.radius').valueMightBeTimeVarying).toBe(false);
    expect(attribute(stage, '/A.radius').getValue(-100)?.value).toBe(5);
  });
});

describe('splines', () => {
  const spline = (body: string): string => `def Sphere "A" {\ndouble radius.spline = {\n${body}\n}\n}`;

  test('linear and held segments, held beyond the ends', async () => {
    const text = spline('0: 1; post linear,\n10: 3; post held,\n20: 9,');
    expect(await value(text, '/A.radius', 5)).toBe(2);
    expect(await value(text, '/A.radius', 15)).toBe(3);
    expect(await value(text, '/A.radius', 20)).toBe(9);
    expect(await value(text, '/A.radius', 99)).toBe(9);
    expect(await value(text, '/A.radius', -9)).toBe(1);
  });

  test('a bezier with flat tangents is symmetric', async () => {
    const text = spline('bezier,\n0: 0; post curve (4, 0),\n12: 6; pre (4, 0); post curve (4, 0),');
    expect(await value(text, '/A.radius', 6)).toBeCloseTo(3, 9);
    // u = 1/4: the time cubic with controls at thirds is linear in u.
    expect(await value(text, '/A.radius', 3)).toBeCloseTo(6 * (3 * 0.0625 - 2 * 0.015625), 9);
  });

  test('a blocked segment is no value; a dual value is met from the left', async () => {
    const text = spline('0: 1; post none,\n10: 4 & 3; post linear,\n20: 5,');
    expect(await value(text, '/A.radius', 5)).toBeUndefined();
    expect(await value(text, '/A.radius', 10)).toBe(3);
  });

  test('loops repeat with the offset that joins their ends', async () => {
    const text = spline('post: loop repeat,\n0: 0; post linear,\n10: 5,');
    expect(await value(text, '/A.radius', 25)).toBeCloseTo(12.5, 9);
  });

  test('beat the default of their layer and bend to its offset', async () => {
    const files = {
      'root.usda': '(\nsubLayers = [@./anim.usda@ (offset = 100)]\n)',
      'anim.usda': 'def Sphere "A" {\ndouble radius = 50\ndouble radius.spline = {\n0: 0; post linear,\n10: 10,\n}\n}',
    };
    const stage = await openText(files);
    expect(attribute(stage, '/A.radius').getValue(104)?.value).toBe(4);
    expect(attribute(stage, '/A.radius').valueSource).toBe('spline');
  });
});

describe('just before a time', () => {
  test('held samples have the value that ends there, interpolated ones the value they come to', async () => {
    const stage = await openText(
      'def Mesh "A" {\nuniform token subdivisionScheme.timeSamples = {\n0: "none",\n10: "loop",\n}\ndouble3 xformOp:translate.timeSamples = {\n0: (0, 0, 0),\n10: (1, 1, 1),\n}\nfloat3[] extent.timeSamples = {\n0: [(0, 0, 0)],\n10: [],\n}\n}',
    );
    const before = (name: string): unknown => attribute(stage, `/A.${name}`).getValueBefore(10)?.value;
    expect([before('subdivisionScheme'), before('xformOp:translate'), before('extent')]).toEqual([
      'none',
      [1, 1, 1],
      Float32Array.of(0, 0, 0),
    ]);
    expect(attribute(stage, '/A.subdivisionScheme').getValueBefore(0)?.value).toBe('none');
    expect(attribute(stage, '/A.subdivisionScheme').getValueBefore(5)?.value).toBe('none');
  });

  test('splines have their pre-value', async () => {
    const stage = await openText('def Sphere "A" {\ndouble radius.spline = {\n0: 1; post linear,\n10: 4 & 3; post held,\n20: 5,\n}\n}');
    const radius = attribute(stage, '/A.radius');
    expect([10, 20].map((time) => radius.getValueBefore(time)?.value)).toEqual([4, 3]);
  });
});

describe('array edits', () => {
  const points = async (strong: string, weak: string): Promise<Attribute> => attribute(await openText(SUBLAYERED(strong, weak)), '/A.x');
  const list = (value: unknown): number[] => [...(value as Float64Array)];

  test('run in order over the weaker default, and compose with further edits below', async () => {
    const files = {
      'root.usda': '(\nsubLayers = [@./a.usda@, @./b.usda@]\n)\nover "A" {\ncustom double[] x = edit [append 9; write 7 to [0]]\n}',
      'a.usda': 'over "A" {\ncustom double[] x = edit [insert 5 at [0]]\n}',
      'b.usda': 'def "A" {\ncustom double[] x = [1, 2]\n}',
    };
    expect(list(await value(files, '/A.x'))).toEqual([7, 1, 2, 9]);
  });

  test('apply to an empty array where nothing dense is below', async () => {
    expect(list((await points('custom double[] x = edit [append 3]', '')).getValue()?.value)).toEqual([3]);
    expect(list((await points('custom double[] x = edit [append 3]', 'custom double[] x = None')).getValue()?.value)).toEqual([3]);
  });

  test('of a default let the samples below through, interpolated between the composed ones', async () => {
    const x = await points('custom double[] x = edit [append 100]', 'custom double[] x.timeSamples = {\n0: [0],\n10: [10],\n}');
    expect([...x.getTimeSamples()]).toEqual([0, 10]);
    expect(list(x.getValue(4)?.value)).toEqual([4, 100]);
    expect(x.valueMightBeTimeVarying).toBe(true);
  });

  test('among samples keep the weaker times where they are held', async () => {
    // Sparse from 0 to 10, dense from 10 on: the weaker sample at 5 shows, the one at 15 does not.
    const x = await points(
      'custom double[] x.timeSamples = {\n0: edit [append 100],\n10: [7],\n20: [9],\n}',
      'custom double[] x.timeSamples = {\n0: [0],\n5: [5],\n15: [50],\n}',
    );
    expect([...x.getTimeSamples()]).toEqual([0, 5, 10, 20]);
    expect(list(x.getValue(2.5)?.value)).toEqual([2.5, 100]);
    // Two elements, then one: held.
    expect(list(x.getValue(8)?.value)).toEqual([5, 100]);
    expect(list(x.getValue(15)?.value)).toEqual([8]);
  });

  test('between a dense sample and a sparse one the composed values are interpolated', async () => {
    const x = await points('custom double[] x.timeSamples = {\n0: [0, 0],\n10: edit [write 20 to [0]],\n}', 'custom double[] x = [1, 10]');
    expect(list(x.getValue(5)?.value)).toEqual([10, 5]);
  });

  test('over a blocked sample are no value only where the block itself is the strongest', async () => {
    const x = await points('custom double[] x = edit [append 1]', 'custom double[] x.timeSamples = {\n0: None,\n10: [5],\n}');
    expect(list(x.getValue(0)?.value)).toEqual([1]);
    expect(list(x.getValue(10)?.value)).toEqual([5, 1]);
  });

  test('flatten to dense values', async () => {
    const stage = await openText(
      SUBLAYERED(
        'custom double[] x = edit [append 100]',
        'custom double[] x = [1]\ncustom double[] x.timeSamples = {\n0: [0],\n10: [10],\n}',
      ),
    );
    const { data } = flattenStage(stage);
    expect(data.field('/A.x' as Path, 'default')).toEqual({ type: 'double[]', value: Float64Array.of(1, 100) });
    const samples = valueAs(data.field('/A.x' as Path, 'timeSamples'), 'timeSamples');
    expect([...(samples?.times ?? [])]).toEqual([0, 10]);
    expect(samples?.value(1)).toEqual({ type: 'double[]', value: Float64Array.of(10, 100) });
  });
});

describe('path expressions', () => {
  test('put the weaker opinion in place of %_, each in the namespace of the stage', async () => {
    const files = {
      'root.usda':
        'def "A" (\nreferences = @./r.usda@</R>\nprepend apiSchemas = ["CollectionAPI:c"]\n) {\nuniform pathExpression collection:c:membershipExpression = "%_ - /A/x"\n}',
      'r.usda': 'def "R" {\nuniform pathExpression collection:c:membershipExpression = "/R// + ./y"\n}',
    };
    expect(await value(files, '/A.collection:c:membershipExpression')).toBe('(/A// + /A/y) - /A/x');
  });
});

describe('asset values', () => {
  test('are resolved as the layer that gives them sees them', async () => {
    const files = {
      'root.usda': 'def "A" (\nreferences = @./sub/r.usda@</R>\n) {}',
      'sub/r.usda': 'def "R" {\ncustom asset tex = @./wood.png@\ncustom asset[] many = [@../a.png@, @b.png@]\n}',
    };
    const stage = await openText(files);
    expect(attribute(stage, '/A.tex').getValue()?.value).toEqual({ path: './wood.png', resolvedPath: 'sub/wood.png' });
    expect(
      (attribute(stage, '/A.many').getValue()!.value as readonly { resolvedPath: string }[]).map(({ resolvedPath }) => resolvedPath),
    ).toEqual(['a.png', 'sub/b.png']);
  });
});

describe('types', () => {
  test('numbers of another precision take the type of the schema', async () => {
    const stage = await openText('def Sphere "A" {\nfloat radius = 3\nint[] primvars:displayOpacity = [1, 0]\n}');
    expect(attribute(stage, '/A.radius').getValue()).toEqual({ type: 'double', value: 3 });
    expect(attribute(stage, '/A.primvars:displayOpacity').getValue()).toEqual({ type: 'float[]', value: Float32Array.of(1, 0) });
  });

  test('built-in attributes exist without being authored', async () => {
    const radius = attribute(await openText('def Sphere "A" {}'), '/A.radius');
    expect([radius.isAuthored, radius.typeName, radius.getValue()?.value, radius.valueSource]).toEqual([false, 'double', 1, 'fallback']);
  });

  test('an unknown type falls back to one that the root layer names', async () => {
    const stage = await openText('(\nfallbackPrimTypes = {\ntoken[] FancyBall = ["Gadget", "Sphere"]\n}\n)\ndef FancyBall "A" {}');
    expect(stage.getPrimAtPath('/A' as Path)?.isA('Gprim')).toBe(true);
    expect(attribute(stage, '/A.radius').getValue()?.value).toBe(1);
  });

  test('a prim of an unknown or abstract type is none of the types that schemas know', async () => {
    const stage = await openText('def Gprim "A" {}\ndef Gadget "B" {}\ndef "C" {}\ndef Cube "D" {}');
    const types = ['A', 'B', 'C', 'D'].map((name) =>
      ['Gprim', 'Gadget', 'Imageable', ''].filter((type) => stage.getPrimAtPath(`/${name}` as Path)?.isA(type)),
    );
    expect(types).toEqual([[], [], [], ['Gprim', 'Imageable']]);
  });
});

describe('metadata', () => {
  test('dictionaries merge, lists compose, the rest is the strongest opinion', async () => {
    const files = {
      'root.usda':
        '(\nsubLayers = [@./weak.usda@]\n)\ndef "A" (\nkind = "component"\ncustomData = {\nint a = 1\ndictionary d = {\nint x = 1\n}\n}\nprepend apiSchemas = ["MotionAPI"]\n) {}',
      'weak.usda':
        'def "A" (\nkind = "group"\ncustomData = {\nint a = 2\nint b = 3\ndictionary d = {\nint y = 2\n}\n}\nprepend apiSchemas = ["GeomModelAPI"]\n) {}',
    };
    const prim = (await openText(files)).getPrimAtPath('/A' as Path)!;
    expect(prim.kind).toBe('component');
    const data = prim.getMetadata('customData')?.value as ReadonlyMap<string, { value: unknown }>;
    expect([data.get('a')?.value, data.get('b')?.value]).toEqual([1, 3]);
    expect([...(data.get('d')!.value as ReadonlyMap<string, unknown>).keys()].sort()).toEqual(['x', 'y']);
    expect(prim.appliedSchemas).toEqual(['MotionAPI', 'GeomModelAPI']);
    expect(prim.hasAPI('GeomModelAPI')).toBe(true);
  });

  test('properties come in dictionary order, then as propertyOrder says', async () => {
    const stage = await openText(
      'def "A" {\ncustom int b10 = 0\ncustom int B2 = 0\ncustom int a = 0\n}\ndef "O" {\nreorder properties = ["b", "a"]\ncustom int a = 0\ncustom int b = 0\n}',
    );
    expect(stage.getPrimAtPath('/A' as Path)?.getPropertyNames()).toEqual(['a', 'B2', 'b10']);
    expect(stage.getPrimAtPath('/O' as Path)?.getPropertyNames()).toEqual(['b', 'a']);
  });
});
