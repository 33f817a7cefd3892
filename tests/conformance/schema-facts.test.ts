/** What schemas make of composed prims: models, visibility, colour spaces, collections, extents, motion (schemas.md). */
import { describe, expect, test } from 'vitest';
import {
  appliedDrawMode,
  assetInfo,
  cardFacts,
  collectionIncludes,
  collectionQuery,
  computeColorSpaceName,
  computeDrawMode,
  computeEffectiveVisibility,
  computeExtent,
  computeIncludedPaths,
  computeMotionBlurScale,
  computeNonlinearSampleCount,
  computeProxyPrim,
  constraintTargets,
  constraintTargetTransform,
  findColorSpaceDefinition,
  isComponent,
  isGroup,
  isModel,
  isSubComponent,
  localTransform,
  pointsAtTime,
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

const model = (kind: string, body = ''): string => `(kind = "${kind}"\n) { ${body} }`;

describe('the model hierarchy', () => {
  test('is unbroken from the root: models below anything but groups are none', async () => {
    const stage = await openText(
      `def "A" ${model('assembly', `def "G" ${model('group', `def "C" ${model('component', `def "S" ${model('subcomponent')}\ndef "Q" ${model('component')}`)}`)}\ndef "X" { def "Y" ${model('component')} }`)}`,
    );
    const facts = (path: string): boolean[] => [isModel, isGroup, isComponent, isSubComponent].map((ask) => ask(at(stage, path)));
    expect(facts('/A')).toEqual([true, true, false, false]);
    expect(facts('/A/G')).toEqual([true, true, false, false]);
    expect(facts('/A/G/C')).toEqual([true, false, true, false]);
    expect(facts('/A/G/C/S')).toEqual([false, false, false, true]);
    expect(facts('/A/G/C/Q')).toEqual([false, false, false, false]);
    expect(facts('/A/X/Y')).toEqual([false, false, false, false]);
  });

  test('asset info is read from the composed dictionary', async () => {
    const stage = await openText('def "A" (assetInfo = {\nasset identifier = @./a.usd@\nstring name = "a"\nstring version = "3"\n}\n) {}');
    expect(assetInfo(at(stage, '/A'))).toEqual({ identifier: './a.usd', name: 'a', version: '3' });
  });

  test('constraint targets move with their model', async () => {
    const stage = await openText(
      'def Xform "A" {\ndouble3 xformOp:translate = (1, 2, 3)\nuniform token[] xformOpOrder = ["xformOp:translate"]\nmatrix4d constraintTargets:grip = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (10, 0, 0, 1))\n}',
    );
    expect(constraintTargets(at(stage, '/A'))).toEqual(['grip']);
    expect([...(constraintTargetTransform(at(stage, '/A'), 'grip') ?? [])].slice(12, 15)).toEqual([11, 2, 3]);
    expect(constraintTargetTransform(at(stage, '/A'), 'none')).toBeUndefined();
  });
});

describe('draw modes', () => {
  const TEXT = `def "A" (kind = "assembly"\n) {
uniform token model:drawMode = "bounds"
def "C" (kind = "component"\n) { def "D" {} }
def "E" (kind = "component"\n) { uniform token model:drawMode = "default" }
def "F" (kind = "component"\n) { uniform bool model:applyDrawMode = false }
def "G" (kind = "group"\n) { uniform bool model:applyDrawMode = true
uniform token model:drawMode = "inherited" } }`;

  test('are inherited, and replace components where nothing is said', async () => {
    const stage = await openText(TEXT);
    expect(['/A', '/A/C', '/A/C/D', '/A/E', '/A/G'].map((path) => computeDrawMode(at(stage, path)))).toEqual([
      'bounds',
      'bounds',
      'bounds',
      'default',
      'bounds',
    ]);
    expect(['/A', '/A/C', '/A/C/D', '/A/E', '/A/F', '/A/G'].map((path) => appliedDrawMode(at(stage, path)))).toEqual([
      undefined,
      'bounds',
      undefined,
      undefined,
      undefined,
      'bounds',
    ]);
  });

  test('cards have a geometry, a colour and the textures that are there', async () => {
    const stage = await openText(
      'def "A" (prepend apiSchemas = ["GeomModelAPI"]) {\nasset model:cardTextureXPos = @x.png@\nuniform token model:cardGeometry = "box"\n}',
    );
    const { geometry, color, textures } = cardFacts(at(stage, '/A'));
    expect([geometry, color.map((c) => Math.round(c * 100)), [...textures.keys()]]).toEqual(['box', [18, 18, 18], ['XPos']]);
  });
});

describe('visibility by purpose', () => {
  test('follows the nearest VisibilityAPI, below what is invisible altogether', async () => {
    const stage = await openText(`def Xform "A" (prepend apiSchemas = ["VisibilityAPI"]) { uniform token guideVisibility = "visible"
uniform token renderVisibility = "invisible"
def Xform "B" { def Mesh "C" (prepend apiSchemas = ["VisibilityAPI"]) {} }
def Mesh "H" { token visibility = "invisible" } }
def Mesh "N" {}`);
    const facts = (path: string): string[] =>
      (['default', 'render', 'proxy', 'guide'] as const).map((purpose) => computeEffectiveVisibility(at(stage, path), purpose));
    expect(facts('/A/B')).toEqual(['visible', 'invisible', 'inherited', 'visible']);
    // The fallback of an applied API hides guides; the others go on to the ancestor.
    expect(facts('/A/B/C')).toEqual(['visible', 'invisible', 'inherited', 'invisible']);
    expect(facts('/A/H')).toEqual(['invisible', 'invisible', 'invisible', 'invisible']);
    expect(facts('/N')).toEqual(['visible', 'inherited', 'inherited', 'invisible']);
  });

  test('a proxy is found from the top of what is for rendering, and has to be one', async () => {
    const stage = await openText(`def Xform "R" { uniform token purpose = "render"
rel proxyPrim = </P>
def Mesh "M" {} }
def Mesh "P" { uniform token purpose = "proxy" }
def Mesh "Q" { uniform token purpose = "render"
rel proxyPrim = </N> }
def Mesh "N" {}`);
    expect(computeProxyPrim(at(stage, '/R/M'))?.path).toBe('/P');
    expect(computeProxyPrim(at(stage, '/Q'))).toBeUndefined();
    expect(computeProxyPrim(at(stage, '/N'))).toBeUndefined();
  });
});

describe('colour spaces', () => {
  const TEXT = `def "A" (prepend apiSchemas = ["ColorSpaceAPI", "ColorSpaceDefinitionAPI:mine"]) {
uniform token colorSpace:name = "lin_ap1_scene"
uniform token colorSpaceDefinition:mine:name = "wide"
float2 colorSpaceDefinition:mine:redChroma = (0.75, 0.25)
color3f own = (1, 1, 1) (\ncolorSpace = "srgb_rec709_scene"\n)
def "B" { color3f below = (1, 1, 1)
uniform token colorSpace:name = "not applied" } }
def "C" { color3f alone = (1, 1, 1) }`;

  test('are those of the attribute, of the nearest prim that has one, else linear Rec. 709', async () => {
    const stage = await openText(TEXT);
    const name = (prim: string, attribute: string): string | undefined => {
      const found = at(stage, prim).getAttribute(attribute);
      return found === undefined ? undefined : computeColorSpaceName(found);
    };
    expect([name('/A', 'own'), name('/A/B', 'below'), name('/C', 'alone')]).toEqual([
      'srgb_rec709_scene',
      'lin_ap1_scene',
      'lin_rec709_scene',
    ]);
  });

  test('that a prim defines are known below it', async () => {
    const stage = await openText(TEXT);
    expect(findColorSpaceDefinition(at(stage, '/A/B'), 'wide')).toMatchObject({ redChroma: [0.75, 0.25], gamma: 1, linearBias: 0 });
    expect(findColorSpaceDefinition(at(stage, '/C'), 'wide')).toBeUndefined();
  });
});

describe('collections', () => {
  const SCENE = `def Xform "G" { def Mesh "M" { custom int x = 1 }
def Mesh "N" {} }`;
  const collection = (body: string): string =>
    `def "Col" (prepend apiSchemas = ["CollectionAPI:c", "CollectionAPI:d"]) { ${body} }\n${SCENE}`;
  const members = async (body: string): Promise<readonly string[]> => {
    const stage = await openText(collection(body));
    return computeIncludedPaths(collectionQuery(at(stage, '/Col'), 'c'), at(stage, '/G'));
  };

  test.each([
    ['expandPrims', ['/G', '/G/M', '/G/N']],
    ['explicitOnly', ['/G']],
  ])('%s: %j', async (rule, expected) => {
    expect(await members(`uniform token collection:c:expansionRule = "${rule}"\nrel collection:c:includes = </G>`)).toEqual(expected);
  });

  test('expandPrimsAndProperties takes properties too; excludes below take their part away', async () => {
    const paths = await members(
      'uniform token collection:c:expansionRule = "expandPrimsAndProperties"\nrel collection:c:includes = </G>\nrel collection:c:excludes = </G/N>',
    );
    expect(paths).toContain('/G/M.x');
    expect(paths).not.toContain('/G/N');
    expect(paths).not.toContain('/G/N.points');
  });

  test('includeRoot means everything; excludes alone include nothing', async () => {
    expect(await members('uniform bool collection:c:includeRoot = true\nrel collection:c:excludes = </G/M>')).toEqual(['/G', '/G/N']);
    expect(await members('rel collection:c:excludes = </G/M>')).toEqual([]);
  });

  test('include each other, also in a circle', async () => {
    expect(
      await members('rel collection:c:includes = [</Col.collection:d>, </G/N>]\nrel collection:d:includes = [</G/M>, </Col.collection:c>]'),
    ).toEqual(['/G/M', '/G/N']);
  });

  test('expressions refer to those beside them and of other prims, also in a circle', async () => {
    expect(
      await members(
        'uniform pathExpression collection:c:membershipExpression = "%:d + /G/N"\nuniform pathExpression collection:d:membershipExpression = "%/Col:c + /G/M"',
      ),
    ).toEqual(['/G/M', '/G/N']);
  });

  test('membership of one path needs no traversal', async () => {
    const stage = await openText(collection('rel collection:c:includes = </G/M.x>'));
    const query = collectionQuery(at(stage, '/Col'), 'c');
    expect(collectionIncludes(query, at(stage, '/G/M'), '/G/M.x' as Path)).toBe(true);
    expect(collectionIncludes(query, at(stage, '/G/M'))).toBe(false);
  });
});

describe('extents', () => {
  const extent = async (type: string, body: string, time?: number): Promise<unknown> => {
    const range = computeExtent(at(await openText(`def ${type} "A" {\n${body}\n}`), '/A'), time);
    return range === undefined ? undefined : [range.min, range.max];
  };

  test.each([
    [
      'Cube',
      'double size = 4',
      [
        [-2, -2, -2],
        [2, 2, 2],
      ],
    ],
    [
      'Cone',
      'double radius = 3\nuniform token axis = "X"',
      [
        [-1, -3, -3],
        [1, 3, 3],
      ],
    ],
    [
      'Capsule',
      'double radius = 2\ndouble height = 6',
      [
        [-2, -2, -5],
        [2, 2, 5],
      ],
    ],
    [
      'Cylinder_1',
      'double radiusTop = 3\nuniform token axis = "Y"',
      [
        [-3, -1, -3],
        [3, 1, 3],
      ],
    ],
    [
      'Plane',
      'double width = 6\nuniform token axis = "X"',
      [
        [-0, -1, -3],
        [0, 1, 3],
      ],
    ],
    [
      'RectLight',
      'float inputs:width = 4',
      [
        [-2, -0.5, -0],
        [2, 0.5, 0],
      ],
    ],
    [
      'DiskLight',
      'float inputs:radius = 3',
      [
        [-3, -3, -0],
        [3, 3, 0],
      ],
    ],
    [
      'SphereLight',
      '',
      [
        [-0.5, -0.5, -0.5],
        [0.5, 0.5, 0.5],
      ],
    ],
    [
      'CylinderLight',
      'float inputs:length = 8',
      [
        [-4, -0.5, -0.5],
        [4, 0.5, 0.5],
      ],
    ],
    [
      'BasisCurves',
      'point3f[] points = [(0, 0, 0), (10, 0, 0)]\nfloat[] widths = [2, 4]',
      [
        [-2, -2, -2],
        [12, 2, 2],
      ],
    ],
    [
      'Points',
      'point3f[] points = [(0, 0, 0), (10, 0, 0)]\nfloat[] widths = [2, 4]',
      [
        [-1, -2, -2],
        [12, 2, 2],
      ],
    ],
    [
      'Points',
      'point3f[] points = [(0, 0, 0), (10, 0, 0)]\nfloat[] widths = [2]',
      [
        [0, 0, 0],
        [10, 0, 0],
      ],
    ],
    ['DistantLight', '', undefined],
  ])('of a %s with %j', async (type, body, expected) => {
    expect(await extent(type, body)).toEqual(expected);
  });

  test('authored ones of two points win, others do not count', async () => {
    expect(await extent('Cube', 'float3[] extent = [(0, 0, 0), (9, 9, 9)]')).toEqual([
      [0, 0, 0],
      [9, 9, 9],
    ]);
    expect(await extent('Cube', 'float3[] extent = [(0, 0, 0)]')).toEqual([
      [-1, -1, -1],
      [1, 1, 1],
    ]);
  });
});

describe('points in motion', () => {
  const points = async (rates: string, time: number): Promise<number[]> => {
    const stage = await openText(
      `(\ntimeCodesPerSecond = 10\n)\ndef Points "A" {\npoint3f[] points.timeSamples = {\n0: [(0, 0, 0)],\n10: [(5, 0, 0)],\n}\n${rates}\n}`,
    );
    return [...(pointsAtTime(at(stage, '/A'), time) as ArrayLike<number> as Float32Array)];
  };

  test('go on by velocity and acceleration, in seconds, from the sample before', async () => {
    const velocities = 'vector3f[] velocities.timeSamples = {\n0: [(2, 0, 0)],\n10: [(0, 0, 0)],\n}';
    expect(await points(velocities, 5)).toEqual([1, 0, 0]);
    expect(await points(`${velocities}\nvector3f[] accelerations.timeSamples = {\n0: [(8, 0, 0)],\n}`, 5)).toEqual([2, 0, 0]);
  });

  test('are interpolated where velocities are sampled at other times, or are not as many', async () => {
    expect(await points('vector3f[] velocities.timeSamples = {\n3: [(2, 0, 0)],\n}', 5)).toEqual([2.5, 0, 0]);
    expect(await points('vector3f[] velocities.timeSamples = {\n0: [(2, 0, 0), (1, 1, 1)],\n}', 5)).toEqual([2.5, 0, 0]);
    expect(await points('', 5)).toEqual([2.5, 0, 0]);
  });
});

describe('motion blur', () => {
  test('is scaled and sampled as the nearest prim says', async () => {
    const stage = await openText('def "A" { float motion:blurScale = 0.5\ndef "B" { int motion:nonlinearSampleCount = 7 } }');
    expect([computeMotionBlurScale(at(stage, '/A/B')), computeNonlinearSampleCount(at(stage, '/A/B'))]).toEqual([0.5, 7]);
    expect([computeMotionBlurScale(at(stage, '/A')), computeNonlinearSampleCount(at(stage, '/A'))]).toEqual([0.5, 3]);
  });
});

describe('rotations about three axes', () => {
  /** Where one after another, in degrees and right-handed, takes (1, 2, 3). */
  function turned(order: string, angles: readonly number[]): number[] {
    const p = [1, 2, 3];
    for (const letter of order) {
      const axis = 'XYZ'.indexOf(letter);
      const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
      const angle = (angles[axis]! * Math.PI) / 180;
      const [pa, pb] = [p[a]!, p[b]!];
      p[a] = pa * Math.cos(angle) - pb * Math.sin(angle);
      p[b] = pa * Math.sin(angle) + pb * Math.cos(angle);
    }
    return p;
  }

  test.each(['XYZ', 'XZY', 'YXZ', 'YZX', 'ZXY', 'ZYX'])('rotate%s turns in the order of its name', async (order) => {
    const stage = await openText(
      `def Xform "A" { float3 xformOp:rotate${order} = (10, 20, 30)\nuniform token[] xformOpOrder = ["xformOp:rotate${order}"] }`,
    );
    const { matrix } = localTransform(at(stage, '/A'));
    const moved = [0, 1, 2].map((c) => matrix[c]! + 2 * matrix[4 + c]! + 3 * matrix[8 + c]!);
    turned(order, [10, 20, 30]).forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 6));
  });

  test.each([
    ['translateX', 5, [6, 2, 3]],
    ['scaleZ', 2, [1, 2, 6]],
  ] as const)('%s works on one axis', async (op, amount, expected) => {
    const stage = await openText(`def Xform "A" { double xformOp:${op} = ${amount}\nuniform token[] xformOpOrder = ["xformOp:${op}"] }`);
    const { matrix } = localTransform(at(stage, '/A'));
    expect([0, 1, 2].map((c) => matrix[c]! + 2 * matrix[4 + c]! + 3 * matrix[8 + c]! + matrix[12 + c]!)).toEqual(expected);
  });
});
