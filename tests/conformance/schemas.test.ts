/** Views of schemas over composed prims (schemas.md). */
import { describe, expect, test } from 'vitest';
import {
  cameraFacts,
  collectionIncludes,
  collectionQuery,
  computeBoundMaterial,
  computeExtent,
  computePurpose,
  computeVisibility,
  findPrimvar,
  flattenPrimvar,
  inputValue,
  lightFacts,
  lightSizeFactor,
  listPrimvars,
  listSubsets,
  localTransform,
  pointInstances,
  resolveInput,
  skelBinding,
  subsetIndices,
  surfaceShader,
  TransformCache,
  worldBounds,
  worldTransform,
  type Path,
  type Prim,
  type Stage,
} from 'usd-wasm';
import { openText } from '../support/open-text.ts';

function at(stage: Stage, path: string): Prim {
  const prim = stage.getPrimAtPath(path as Path);
  if (prim === undefined) throw new Error(`no prim <${path}>`);
  return prim;
}

function close(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i], `component ${i}`).toBeCloseTo(value, 5));
}

/** Where a transform takes the origin and the x axis' end. */
function moved(matrix: ArrayLike<number>, x: number, y: number, z: number): number[] {
  return [0, 1, 2].map((c) => x * matrix[c]! + y * matrix[c + 4]! + z * matrix[c + 8]! + matrix[c + 12]!);
}

async function xform(body: string): Promise<Prim> {
  return at(await openText(`def Xform "X" {\n${body}\n}`), '/X');
}

describe('xform ops', () => {
  test('the last op listed is the most local one', async () => {
    const prim = await xform(
      'double3 xformOp:translate = (10, 0, 0)\nfloat3 xformOp:scale = (2, 2, 2)\nuniform token[] xformOpOrder = ["xformOp:translate", "xformOp:scale"]',
    );
    close(moved(localTransform(prim).matrix, 1, 0, 0), [12, 0, 0]);
  });

  test.each([
    ['rotateX', 90, [0, 0, 1], [0, -1, 0]],
    ['rotateY', 90, [1, 0, 0], [0, 0, -1]],
    ['rotateZ', 90, [1, 0, 0], [0, 1, 0]],
  ])('%s turns right-handed, in degrees', async (op, angle, from, to) => {
    const prim = await xform(`double xformOp:${op} = ${angle}\nuniform token[] xformOpOrder = ["xformOp:${op}"]`);
    close(moved(localTransform(prim).matrix, from[0]!, from[1]!, from[2]!), to);
  });

  test('rotateXYZ turns about X first', async () => {
    const prim = await xform('float3 xformOp:rotateXYZ = (90, 0, 90)\nuniform token[] xformOpOrder = ["xformOp:rotateXYZ"]');
    // y goes to z by X, and stays there by Z; x goes to y by Z.
    close(moved(localTransform(prim).matrix, 0, 1, 0), [0, 0, 1]);
    close(moved(localTransform(prim).matrix, 1, 0, 0), [0, 1, 0]);
  });

  test('orient is read with its real part first', async () => {
    const prim = await xform('quatf xformOp:orient = (0.70710677, 0, 0, 0.70710677)\nuniform token[] xformOpOrder = ["xformOp:orient"]');
    close(moved(localTransform(prim).matrix, 1, 0, 0), [0, 1, 0]);
  });

  test('an inverted op undoes its like, also with a pivot between', async () => {
    const prim = await xform(`float3 xformOp:translate:pivot = (1, 0, 0)
double xformOp:rotateZ = 180
uniform token[] xformOpOrder = ["xformOp:translate:pivot", "xformOp:rotateZ", "!invert!xformOp:translate:pivot"]`);
    close(moved(localTransform(prim).matrix, 0, 0, 0), [2, 0, 0]);
    const three = await xform(`float3 xformOp:rotateXYZ = (10, 20, 30)
double3 xformOp:translate = (0, 0, 0)
uniform token[] xformOpOrder = ["xformOp:rotateXYZ", "xformOp:translate", "!invert!xformOp:rotateXYZ"]`);
    close(moved(localTransform(three).matrix, 1, 2, 3), [1, 2, 3]);
  });

  test('ops that are not listed have no effect, listed ones without attribute are skipped', async () => {
    const prim = await xform('double3 xformOp:translate = (1, 2, 3)\nuniform token[] xformOpOrder = ["xformOp:scale"]');
    close(moved(localTransform(prim).matrix, 1, 1, 1), [1, 1, 1]);
  });

  test('reset drops the ops before it and all ancestors', async () => {
    const stage = await openText(`def Xform "P" { double3 xformOp:translate = (100, 0, 0)
uniform token[] xformOpOrder = ["xformOp:translate"]
def Xform "C" { double3 xformOp:translate = (1, 0, 0)
double3 xformOp:translate:b = (5, 0, 0)
uniform token[] xformOpOrder = ["xformOp:translate:b", "!resetXformStack!", "xformOp:translate"] }
def Xform "D" { double3 xformOp:translate = (1, 0, 0)
uniform token[] xformOpOrder = ["xformOp:translate"] } }`);
    expect(localTransform(at(stage, '/P/C')).resetsStack).toBe(true);
    close(moved(worldTransform(at(stage, '/P/C')), 0, 0, 0), [1, 0, 0]);
    close(moved(worldTransform(at(stage, '/P/D')), 0, 0, 0), [101, 0, 0]);
    close(new TransformCache().worldTransform(at(stage, '/P/D')), [...worldTransform(at(stage, '/P/D'))]);
  });

  test('each op is interpolated on its own', async () => {
    const prim = await xform(
      'double xformOp:rotateZ.timeSamples = {\n0: 0,\n10: 180,\n}\nuniform token[] xformOpOrder = ["xformOp:rotateZ"]',
    );
    expect(localTransform(prim).mightBeTimeVarying).toBe(true);
    close(moved(localTransform(prim, 5).matrix, 1, 0, 0), [0, 1, 0]);
  });

  test('an instance proxy is placed by its instance', async () => {
    const stage = await openText(`class "K" { def Xform "C" { double3 xformOp:translate = (0, 1, 0)
uniform token[] xformOpOrder = ["xformOp:translate"] } }
def Xform "I" (instanceable = true
inherits = </K>) { double3 xformOp:translate = (7, 0, 0)
uniform token[] xformOpOrder = ["xformOp:translate"] }`);
    close(moved(worldTransform(at(stage, '/I/C')), 0, 0, 0), [7, 1, 0]);
    close(moved(worldTransform(at(stage, '/__Prototype_1/C')), 0, 0, 0), [0, 1, 0]);
  });
});

describe('imageable', () => {
  test('invisible ancestors hide, an authored purpose stops inheritance', async () => {
    const stage = await openText(`def Xform "A" { token visibility = "invisible"
uniform token purpose = "render"
def "T" { def Xform "B" { token visibility = "inherited" }
def Xform "C" { uniform token purpose = "default" } } }`);
    expect(computeVisibility(at(stage, '/A/T/B'))).toBe('invisible');
    expect(computePurpose(at(stage, '/A/T/B'))).toBe('render');
    expect(computePurpose(at(stage, '/A/T/C'))).toBe('default');
  });
});

describe('primvars', () => {
  const TEXT = `def Xform "A" { color3f[] primvars:displayColor = [(1, 0, 0)] (
interpolation = "constant"
)
float[] primvars:w = [1, 2] (
interpolation = "vertex"
)
def Mesh "M" { float2[] primvars:st = [(0, 0), (1, 0), (1, 1)] (
interpolation = "faceVarying"
)
int[] primvars:st:indices = [2, 0, 1, 2, 9] } }`;

  test('constant ones are inherited, others end the search', async () => {
    const mesh = at(await openText(TEXT), '/A/M');
    expect(findPrimvar(mesh, 'displayColor')?.attribute.path).toBe('/A.primvars:displayColor');
    expect(findPrimvar(mesh, 'w')).toBeUndefined();
    expect(
      listPrimvars(mesh)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['displayColor', 'st']);
  });

  test('indices are applied; those outside leave zero and are counted', async () => {
    const st = findPrimvar(at(await openText(TEXT), '/A/M'), 'st');
    expect(st?.interpolation).toBe('faceVarying');
    const flat = flattenPrimvar(st!);
    expect(flat?.invalidIndexCount).toBe(1);
    expect([...(flat!.value.value as Float32Array)]).toEqual([1, 1, 0, 0, 1, 0, 1, 1, 0, 0]);
  });
});

describe('subsets', () => {
  test('are the GeomSubset children of a family', async () => {
    const stage = await openText(`def Mesh "M" { def GeomSubset "a" { uniform token familyName = "materialBind"
int[] indices = [0, 2] }
def GeomSubset "b" { uniform token elementType = "point" }
def Xform "c" {} }`);
    const subsets = listSubsets(at(stage, '/M'), 'materialBind');
    expect(subsets.map(({ prim }) => prim.name)).toEqual(['a']);
    expect([...subsetIndices(subsets[0]!)]).toEqual([0, 2]);
  });
});

describe('bounds', () => {
  test.each([
    ['Cube', 'double size = 4', [-2, -2, -2], [2, 2, 2]],
    ['Sphere', 'double radius = 3', [-3, -3, -3], [3, 3, 3]],
    ['Cylinder', 'uniform token axis = "X"', [-1, -1, -1], [1, 1, 1]],
    ['Capsule', 'uniform token axis = "Y"', [-0.5, -1, -0.5], [0.5, 1, 0.5]],
    ['Plane', 'double width = 6\nuniform token axis = "Y"', [-3, 0, -1], [3, 0, 1]],
    ['Points', 'point3f[] points = [(0, 0, 0), (1, 2, 3)]\nfloat[] widths = [1, 2]', [-0.5, -0.5, -0.5], [2, 3, 4]],
    ['Mesh', 'point3f[] points = [(0, 0, 0), (1, 2, 3)]\nfloat3[] extent = [(-9, -9, -9), (9, 9, 9)]', [-9, -9, -9], [9, 9, 9]],
  ])('of a %s', async (type, body, min, max) => {
    const range = computeExtent(at(await openText(`def ${type} "P" {\n${body}\n}`), '/P'));
    close(range!.min, min);
    close(range!.max, max);
  });

  test('of a stage count transforms, instances and visible purposes', async () => {
    const stage = await openText(`class "K" { def Cube "C" {} }
def Xform "I" (instanceable = true
inherits = </K>) { double3 xformOp:translate = (10, 0, 0)
uniform token[] xformOpOrder = ["xformOp:translate"] }
def Cube "Guide" { double size = 100
uniform token purpose = "guide" }
def Cube "Hidden" { double size = 100
token visibility = "invisible" }`);
    expect(worldBounds(stage.pseudoRoot)).toEqual({ min: [9, -1, -1], max: [11, 1, 1] });
  });
});

describe('cameras', () => {
  test('have fields of view by aperture and focal length', async () => {
    const camera = cameraFacts(
      at(await openText('def Camera "C" { float focalLength = 10.4775\nfloat2 clippingRange = (0.1, 500) }'), '/C'),
    );
    expect(camera.horizontalFovRadians).toBeCloseTo(Math.PI / 2, 6);
    expect(camera.near).toBeCloseTo(0.1, 6);
    expect(camera.window.right).toBeCloseTo(1, 6);
    expect(camera.exposureScale).toBe(1);
  });

  test('orthographic ones show apertures in tenths of a unit', async () => {
    const camera = cameraFacts(
      at(await openText('def Camera "C" { token projection = "orthographic"\nfloat horizontalAperture = 40 }'), '/C'),
    );
    expect(camera.projection).toBe('orthographic');
    expect(camera.window.right).toBeCloseTo(2, 6);
  });
});

describe('point instancers', () => {
  const TEXT = (body: string): string => `def PointInstancer "P" { rel prototypes = [</P/A>, </P/B>]
int[] protoIndices = [0, 1, 0]
point3f[] positions = [(1, 0, 0), (2, 0, 0), (3, 0, 0)]
${body}
def Cube "A" { double3 xformOp:translate = (0, 5, 0)
uniform token[] xformOpOrder = ["xformOp:translate"] }
def Cube "B" {} }`;

  test('place prototypes by scale, rotation, position', async () => {
    const instances = pointInstances(
      at(
        await openText(
          TEXT(
            'float3[] scales = [(2, 2, 2), (1, 1, 1), (1, 1, 1)]\nquath[] orientations = [(0.70710677, 0, 0, 0.70710677), (1, 0, 0, 0), (1, 0, 0, 0)]',
          ),
        ),
        '/P',
      ),
    );
    expect([...instances.prototypeIndices]).toEqual([0, 1, 0]);
    // 5 up by the prototype's own transform, twice as far by scale, turned to -x, then moved.
    const [x, y] = moved(instances.transforms.subarray(0, 16), 0, 0, 0);
    expect(x).toBeCloseTo(1 - 10, 2); // half precision quaternion
    expect(y).toBeCloseTo(0, 2);
  });

  test('leave out invisible and inactive ids', async () => {
    const stage = await openText(
      TEXT('int64[] ids = [7, 8, 9]\nint64[] invisibleIds = [8]').replace('"P" {', '"P" (\ninactiveIds = [9]\n) {'),
    );
    expect([...pointInstances(at(stage, '/P')).sourceIndices]).toEqual([0]);
  });

  test('extrapolate by velocities, in units per second', async () => {
    const stage = await openText(
      TEXT('').replace(
        'point3f[] positions = [(1, 0, 0), (2, 0, 0), (3, 0, 0)]',
        'point3f[] positions.timeSamples = {\n0: [(0, 0, 0), (0, 0, 0), (0, 0, 0)],\n24: [(9, 9, 9), (9, 9, 9), (9, 9, 9)],\n}\nvector3f[] velocities.timeSamples = {\n0: [(2, 0, 0), (2, 0, 0), (2, 0, 0)],\n}',
      ),
    );
    const { transforms } = pointInstances(at(stage, '/P'), 12);
    expect(transforms[16 + 12]).toBeCloseTo(1, 6);
  });

  test('say what is wrong with their arrays', async () => {
    const stage = await openText(TEXT('float3[] scales = [(2, 2, 2)]').replace('[0, 1, 0]', '[0, 5, 0]'));
    const instances = pointInstances(at(stage, '/P'));
    expect(instances.count).toBe(2);
    expect(instances.warnings).toHaveLength(2);
  });
});

describe('material bindings', () => {
  const LOOKS = 'def Scope "Looks" { def Material "M" {}\ndef Material "N" {}\ndef Material "O" {} }';
  const bound = async (body: string, path: string, purpose: 'full' | 'preview' | '' = ''): Promise<string | undefined> =>
    computeBoundMaterial(at(await openText(`${LOOKS}\n${body}`), path), purpose)?.name;

  test('the nearest binding wins', async () => {
    expect(
      await bound('def Xform "A" { rel material:binding = </Looks/M>\ndef Mesh "B" { rel material:binding = </Looks/N> } }', '/A/B'),
    ).toBe('N');
  });

  test('an ancestor that is stronger than descendants wins', async () => {
    expect(
      await bound(
        'def Xform "A" { rel material:binding = </Looks/M> (\nbindMaterialAs = "strongerThanDescendants"\n)\ndef Mesh "B" { rel material:binding = </Looks/N> } }',
        '/A/B',
      ),
    ).toBe('M');
  });

  test('a binding for the purpose beats any other, wherever it is', async () => {
    const text = 'def Xform "A" { rel material:binding:preview = </Looks/M>\ndef Mesh "B" { rel material:binding = </Looks/N> } }';
    expect(await bound(text, '/A/B', 'preview')).toBe('M');
    expect(await bound(text, '/A/B', 'full')).toBe('N');
  });

  test('a collection that holds the prim beats the direct binding beside it', async () => {
    const text = `def Xform "A" (
prepend apiSchemas = ["CollectionAPI:c"]
) { rel material:binding = </Looks/M>
rel collection:c:includes = </A/B>
rel collection:c:excludes = </A/B/D>
rel material:binding:collection:c = [</A.collection:c>, </Looks/O>]
def Xform "B" { def Mesh "C" {}
def Mesh "D" {} } }`;
    expect(await bound(text, '/A/B/C')).toBe('O');
    expect(await bound(text, '/A/B/D')).toBe('M');
  });

  test('an empty binding does not stop inheritance; a target that is no material binds nothing', async () => {
    expect(await bound('def Xform "A" { rel material:binding = </Looks/M>\ndef Mesh "B" { rel material:binding = None } }', '/A/B')).toBe(
      'M',
    );
    expect(await bound('def Xform "A" { rel material:binding = </A> }', '/A')).toBeUndefined();
  });

  test('bindings above an instance reach what is inside it', async () => {
    expect(
      await bound(
        'class "K" { def Mesh "C" {} }\ndef Xform "I" (instanceable = true\ninherits = </K>) { rel material:binding = </Looks/N> }',
        '/I/C',
      ),
    ).toBe('N');
  });
});

describe('collections', () => {
  test('in expression mode match patterns, predicates and set operators', async () => {
    const stage = await openText(`def Xform "A" (
prepend apiSchemas = ["CollectionAPI:c"]
) { uniform pathExpression collection:c:membershipExpression = "/A//{isa:Mesh} - /A/G/*"
def Mesh "M" {}
def Cube "Q" {}
def Xform "G" { def Mesh "N" {} } }`);
    const query = collectionQuery(at(stage, '/A'), 'c');
    expect(['/A', '/A/M', '/A/Q', '/A/G/N'].filter((path) => collectionIncludes(query, at(stage, path)))).toEqual(['/A/M']);
  });
});

describe('shading networks', () => {
  const TEXT = `def Material "M" { color3f inputs:tint = (1, 0, 0)
token outputs:surface.connect = </M/G.outputs:out>
def NodeGraph "G" { color3f inputs:color.connect = </M.inputs:tint>
token outputs:out.connect = </M/G/S.outputs:surface>
def Shader "S" { uniform token info:id = "UsdPreviewSurface"
color3f inputs:diffuseColor = (0, 0, 1)
color3f inputs:diffuseColor.connect = </M/G.inputs:color>
float inputs:roughness.connect = </M/G/T.outputs:r>
float inputs:metallic = 0.25
float inputs:loop.connect = </M/G/S.inputs:loop>
token outputs:surface }
def Shader "T" { float outputs:r } } }`;

  test('terminals and inputs are followed through node graphs', async () => {
    const stage = await openText(TEXT);
    const surface = surfaceShader(at(stage, '/M'), ['mtlx']);
    expect(surface?.shader.path).toBe('/M/G/S');
    expect(inputValue(surface!.shader, 'diffuseColor')?.value).toEqual([1, 0, 0]);
    expect(resolveInput(surface!.shader, 'roughness')).toMatchObject({ kind: 'output', output: 'r' });
    expect(inputValue(surface!.shader, 'metallic')?.value).toBe(0.25);
    expect(resolveInput(surface!.shader, 'opacity')).toBeUndefined();
    expect(resolveInput(surface!.shader, 'loop')).toBeUndefined();
  });
});

describe('lights', () => {
  test('have radiance by colour, intensity and exposure, old names too', async () => {
    const stage = await openText(`def SphereLight "A" { float inputs:intensity = 2
float inputs:exposure = 3
color3f inputs:color = (1, 0.5, 0)
bool inputs:normalize = true }
def RectLight "B" { float intensity = 4
float width = 2 }
def DistantLight "C" {}`);
    const a = lightFacts(at(stage, '/A'))!;
    close(a.radiance, [16, 8, 0]);
    expect(lightSizeFactor(a)).toBeCloseTo(Math.PI, 6);
    const b = lightFacts(at(stage, '/B'))!;
    expect([b.kind, b.radiance[0], b.width]).toEqual(['rect', 4, 2]);
    const c = lightFacts(at(stage, '/C'))!;
    expect(c.radiance[0] * lightSizeFactor(c)).toBeCloseTo(3.36, 1);
  });

  test('6500 K is nearly white', async () => {
    const light = lightFacts(at(await openText('def SphereLight "A" { bool inputs:enableColorTemperature = true }'), '/A'))!;
    light.radiance.forEach((component) => expect(component).toBeCloseTo(1, 1));
  });
});

describe('skinning', () => {
  test('a mesh with influences below a SkelRoot is bound', async () => {
    const stage = await openText(`def SkelRoot "R" { def Skeleton "S" {}
def Mesh "M" (
prepend apiSchemas = ["SkelBindingAPI"]
) { rel skel:skeleton = </R/S>
int[] primvars:skel:jointIndices = [0] }
def Mesh "N" {} }`);
    expect(skelBinding(at(stage, '/R/M'))?.skeleton?.path).toBe('/R/S');
    expect(skelBinding(at(stage, '/R/N'))).toBeUndefined();
  });
});
