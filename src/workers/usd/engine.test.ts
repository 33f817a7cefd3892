import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { writePackage } from 'usd-wasm';
import { EngineClient } from '../../../tests/support/engine-client.ts';
import { InstanceFlag, NONE_ID } from '../../share/protocol/scene.ts';

const QUAD = `
    int[] faceVertexCounts = [4]
    int[] faceVertexIndices = [0, 1, 2, 3]
    point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    uniform token subdivisionScheme = "none"`;

const SCENE = `#usda 1.0
(
    defaultPrim = "World"
    upAxis = "Z"
    metersPerUnit = 1
    startTimeCode = 1
    endTimeCode = 11
)
def Xform "World" (
    variants = { string shape = "quad" }
    prepend variantSets = "shape"
)
{
    variantSet "shape" = {
        "quad" {
            def Mesh "Thing" { ${QUAD}
            }
        }
        "cube" {
            def Cube "Thing" { double size = 4; }
        }
    }
    def Xform "Mover"
    {
        double3 xformOp:translate.timeSamples = { 1: (0, 0, 0), 11: (10, 0, 0) }
        uniform token[] xformOpOrder = ["xformOp:translate"]
        def Sphere "Ball" { color3f[] primvars:displayColor = [(1, 0, 0)]; }
    }
    def Camera "Cam"
    {
        double3 xformOp:translate.timeSamples = { 1: (0, 0, 5), 11: (0, 0, 15) }
        uniform token[] xformOpOrder = ["xformOp:translate"]
        float focalLength = 15.2908
    }
}
`;

async function opened(files: Record<string, string | Uint8Array> = { 'scene.usda': SCENE }, root = 'scene.usda') {
  const client = new EngineClient();
  const summary = await client.open(files, root);
  await client.complete();
  const scene = client.newestScene;
  scene.check();
  return { client, summary, scene };
}

describe('Engine', () => {
  test('opens a stage, sends its scene and says what it holds', async () => {
    const { client, summary, scene } = await opened();
    expect(summary).toMatchObject({
      name: 'scene.usda',
      upAxis: 'Z',
      metersPerUnit: 1,
      startTimeCode: 1,
      endTimeCode: 11,
      isAnimated: true,
      defaultPrim: '/World',
      primCount: 5,
    });
    expect(summary.cameras).toEqual([{ path: '/World/Cam', name: 'Cam' }]);
    expect(summary.variantSets).toEqual([{ primPath: '/World', set: 'shape', variants: ['cube', 'quad'], selection: 'quad' }]);
    expect(summary.bounds).toEqual([-1, -1, -1, 1, 1, 1]);
    expect(scene.info).toEqual({ upAxis: 'Z', metersPerUnit: 1 });
    expect(scene.rows.size).toBe(2);
    expect(scene.milestones).toEqual(['geometry', 'complete']);
    expect(client.events.filter((event) => event.kind === 'milestone').map((event) => event.what)).toEqual([
      'bytes',
      'stage',
      'geometry',
      'complete',
    ]);
    expect(client.problems).toEqual([]);
  });

  test('moves only what moves when the time changes', async () => {
    const { client, scene } = await opened();
    scene.messages = [];
    await client.calls.call('setTime', { timeCode: 6 });
    expect(scene.messages).toHaveLength(1);
    const [changes] = scene.messages;
    expect(Object.keys(changes!).sort()).toEqual(['kind', 'sequence', 'stage', 'transforms']);
    expect(changes!.transforms!.ids).toHaveLength(1);
    expect([...changes!.transforms!.worldFromLocal.subarray(12, 15)]).toEqual([5, 0, 0]);
  });

  test('follows the camera that was asked for', async () => {
    const { client } = await opened();
    const { pose } = await client.calls.call('cameraPose', { path: '/World/Cam' });
    expect(pose).toMatchObject({ eye: [0, 0, 5], up: [0, 1, 0], near: 1 });
    expect(pose.fovYRadians).toBeCloseTo(2 * Math.atan(0.5), 6);
    await client.calls.call('setTime', { timeCode: 11 });
    const moved = client.events.find((event) => event.kind === 'cameraMoved');
    expect(moved).toMatchObject({ path: '/World/Cam', pose: { eye: [0, 0, 15] } });
  });

  test('recomposes a variant and replaces only its geometry', async () => {
    const { client, scene } = await opened();
    client.events.length = 0;
    const summary = await client.calls.call('setVariant', { primPath: '/World', set: 'shape', selection: 'cube' });
    expect(summary.variantSets[0]!.selection).toBe('cube');
    await client.complete();
    expect(client.events.find((event) => event.kind === 'bounds')).toEqual({ kind: 'bounds', bounds: [-2, -2, -2, 2, 2, 2] });
    scene.check();
    expect(scene.rows.size).toBe(2);
    expect([...scene.meshes.values()].map((mesh) => mesh.indices.length / 3).sort((a, b) => a - b)[0]).toBe(12);
    expect([scene.meshes.size, scene.materials.size]).toEqual([2, 2]);
  });

  test('takes several variants at once, also of prims that only another choice brings', async () => {
    const inner = `def Xform "Part" ( prepend variantSets = "size"; variants = { string size = "small" } ) {
      variantSet "size" = {
        "small" { def Cube "Box" { double size = 1; } }
        "large" { def Cube "Box" { double size = 8; } }
      }
    }`;
    const { client } = await opened({
      'scene.usda': `#usda 1.0
def Xform "Car" ( prepend variantSets = "trim"; variants = { string trim = "bare" } )
{
  variantSet "trim" = {
    "bare" { def Sphere "Ball" {}
    }
    "full" { ${inner}
    }
  }
}
`,
    });
    client.events.length = 0;
    const summary = await client.calls.call('setVariants', {
      choices: [
        { primPath: '/Car', set: 'trim', selection: 'full' },
        { primPath: '/Car/Part', set: 'size', selection: 'large' },
        { primPath: '/Car', set: 'paint', selection: 'red' },
      ],
    });
    expect(summary.variantSets.map(({ primPath, selection }) => [primPath, selection])).toEqual([
      ['/Car', 'full'],
      ['/Car/Part', 'large'],
    ]);
    await client.complete();
    expect(client.events.findLast((event) => event.kind === 'bounds')).toEqual({ kind: 'bounds', bounds: [-4, -4, -4, 4, 4, 4] });
    expect(client.problems).toEqual(['variant-not-found']);
  });

  test('leaves payloads out where that is asked for', async () => {
    const files = {
      'scene.usda': '#usda 1.0\ndef Cube "Here" {}\ndef "There" ( payload = @far.usda@</Far> ) {}\n',
      'far.usda': '#usda 1.0\ndef Sphere "Far" { double radius = 9; }\n',
    };
    const client = new EngineClient();
    const summary = await client.open(files, 'scene.usda', { payloads: 'none' });
    await client.complete();
    expect([summary.layerCount, summary.bounds]).toEqual([1, [-1, -1, -1, 1, 1, 1]]);
    expect(client.newestScene.rows.size).toBe(1);
  });

  test('opens a layer inside a package that is not its first', async () => {
    const text = (content: string): Uint8Array => new TextEncoder().encode(`#usda 1.0\n${content}\n`);
    const bytes = writePackage([
      { name: 'first.usda', bytes: text('def Cube "Box" {}') },
      { name: 'other.usda', bytes: text('def Sphere "Ball" { double radius = 3; }') },
    ]);
    const { client, summary } = await opened({ 'pkg.usdz': bytes }, 'pkg.usdz[other.usda]');
    expect(summary.bounds).toEqual([-3, -3, -3, 3, 3, 3]);
    expect(client.events.some((event) => event.kind === 'milestone' && event.what === 'bytes')).toBe(true);
  });

  test('draws round shapes as finely as it is asked to', async () => {
    const trianglesAt = async (complexity: 'low' | 'veryhigh'): Promise<number> => {
      const client = new EngineClient();
      await client.open({ 'scene.usda': '#usda 1.0\ndef Sphere "Ball" {}\n' }, 'scene.usda', { complexity });
      await client.complete();
      return [...client.newestScene.meshes.values()][0]!.indices.length / 3;
    };
    expect([await trianglesAt('low'), await trianglesAt('veryhigh')]).toEqual([48 * 46, 192 * 190]);
  });

  test('says what the default prim tells who cannot see it', async () => {
    const { summary } = await opened({
      'scene.usda': `#usda 1.0
( defaultPrim = "Chair" )
def Xform "Chair" ( prepend apiSchemas = ["AccessibilityAPI:legs", "AccessibilityAPI:default", "AccessibilityAPI:none"] )
{
  string accessibility:legs:label = "Four legs"
  uniform token accessibility:legs:priority = "low"
  string accessibility:default:label = "A chair"
  string accessibility:default:description = "Made of oak"
}
`,
    });
    expect(summary.accessibility).toEqual([
      { name: 'default', label: 'A chair', description: 'Made of oak' },
      { name: 'legs', label: 'Four legs' },
    ]);
  });

  test('stops and lets go when its view ends', async () => {
    const client = new EngineClient();
    const opening = client.open({ 'scene.usda': SCENE }, 'scene.usda');
    client.dispose();
    const late = await Promise.race([opening.then(() => 'opened'), new Promise((resolve) => setTimeout(() => resolve('silent'), 100))]);
    expect([late, client.scene.size]).toEqual(['silent', 0]);
  });

  test('hides and shows a prim by flags alone', async () => {
    const { client, scene } = await opened();
    scene.messages = [];
    await client.calls.call('setVisibility', { primPath: '/World/Mover', isVisible: false });
    expect(scene.messages.flatMap((message) => [...(message.flags?.flags ?? [])])).toEqual([InstanceFlag.purposeDefault]);
    const { rows } = await client.calls.call('treeRows', { first: 0, count: 100 });
    expect(rows.map(({ name, visibility }) => [name, visibility])).toEqual([
      ['World', 'visible'],
      ['Thing', 'visible'],
      ['Mover', 'invisible'],
      ['Ball', 'hiddenByAncestor'],
      ['Cam', 'visible'],
    ]);
    await client.calls.call('setVisibility', { primPath: '/World/Mover', isVisible: true });
    expect([...scene.rows.values()].every((row) => (row.flags & InstanceFlag.visible) !== 0)).toBe(true);
  });

  test('opens with variants chosen beforehand', async () => {
    const client = new EngineClient();
    const summary = await client.open({ 'scene.usda': SCENE }, 'scene.usda', {
      variants: [{ primPath: '/World', set: 'shape', selection: 'cube' }],
    });
    expect(summary.variantSets[0]!.selection).toBe('cube');
  });

  test('draws native instances and point instancers as rows of shared meshes', async () => {
    const { scene } = await opened({
      'scene.usda': `#usda 1.0
def "Asset" {
    def Mesh "A" { ${QUAD}
    }
    def Cube "B" {
        double3 xformOp:translate = (0, 0, 3)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
}
over "Hidden" {
    def Xform "Proto" ( instanceable = true; references = </Asset> ) {
        double3 xformOp:translate = (100, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
}
def Xform "World" {
    def Xform "I1" ( instanceable = true; references = </Asset> ) {}
    def Xform "I2" ( instanceable = true; references = </Asset> ) {
        double3 xformOp:translate = (5, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
        token visibility = "invisible"
    }
    def PointInstancer "P" {
        rel prototypes = </Hidden/Proto>
        int[] protoIndices = [0, 0, 0]
        point3f[] positions = [(0, 1, 0), (0, 2, 0), (0, 3, 0)]
        int64[] invisibleIds = [1]
    }
}
`,
    });
    // /Asset itself draws 2; I1, I2 and two of three points draw 2 each.
    expect(scene.rows.size).toBe(2 + 4 * 2);
    expect([...scene.meshes.values()].filter((mesh) => mesh.indices.length === 6)).toHaveLength(2); // the original, and one for all instances
    const positions = [...scene.rows.values()].map((row) => row.matrix.slice(12, 15).join(' ')).sort();
    expect(positions).toEqual(['0 0 0', '0 0 0', '0 0 3', '0 0 3', '100 1 0', '100 1 3', '100 3 0', '100 3 3', '5 0 0', '5 0 3']);
    expect([...scene.rows.values()].filter((row) => (row.flags & 1) === 0)).toHaveLength(2);
  });

  test('gives subsets their materials and textures their settings', async () => {
    const { client, scene } = await opened(
      {
        'dir/scene.usda': `#usda 1.0
def Mesh "M" ( prepend apiSchemas = ["MaterialBindingAPI"] ) {
    int[] faceVertexCounts = [3, 3]
    int[] faceVertexIndices = [0, 1, 2, 0, 2, 3]
    point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    texCoord2f[] primvars:st = [(0, 0), (1, 0), (1, 1), (0, 1)] ( interpolation = "vertex" )
    rel material:binding = </Looks/Plain>
    def GeomSubset "S" ( prepend apiSchemas = ["MaterialBindingAPI"] ) {
        uniform token familyName = "materialBind"
        int[] indices = [0]
        rel material:binding = </Looks/Textured>
    }
}
def Scope "Looks" {
    def Material "Plain" {
        token outputs:surface.connect = </Looks/Plain/S.outputs:surface>
        def Shader "S" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor = (1, 0, 0)
            token outputs:surface
        }
    }
    def Material "Textured" {
        token outputs:surface.connect = </Looks/Textured/S.outputs:surface>
        def Shader "S" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </Looks/Textured/T.outputs:rgb>
            float inputs:roughness.connect = </Looks/Textured/Missing.outputs:g>
            token outputs:surface
        }
        def Shader "T" {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @tex/one.png@
            token inputs:wrapS = "repeat"
            float4 inputs:scale = (0.5, 1, 1, 1)
            float2 inputs:st.connect = </Looks/Textured/X.outputs:result>
            float3 outputs:rgb
        }
        def Shader "Missing" {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @tex/none.png@
            float2 inputs:st.connect = </Looks/Textured/R.outputs:result>
            float outputs:g
        }
        def Shader "X" {
            uniform token info:id = "UsdTransform2d"
            float2 inputs:in.connect = </Looks/Textured/R.outputs:result>
            float inputs:rotation = 90
            float2 inputs:scale = (2, 3)
            float2 inputs:translation = (0.25, 0)
            float2 outputs:result
        }
        def Shader "R" {
            uniform token info:id = "UsdPrimvarReader_float2"
            string inputs:varname = "st"
            float2 outputs:result
        }
    }
}
`,
        'dir/tex/one.png': encode({ width: 1, height: 1, data: Uint8Array.of(10, 20, 30, 0), channels: 4, depth: 8 }),
      },
      'dir/scene.usda',
    );
    const [mesh] = scene.meshes.values();
    const [row] = scene.rows.values();
    const byLabel = new Map([...scene.materials.values()].map((material) => [material.label, material]));
    const textured = byLabel.get('/Looks/Textured')!;
    expect(row!.material).toBe(byLabel.get('/Looks/Plain')!.id);
    expect(mesh!.subsets).toEqual([
      { firstTriangle: 0, triangleCount: 1, material: NONE_ID }, // the second face, in no subset
      { firstTriangle: 1, triangleCount: 1, material: textured.id },
    ]);
    const { texture } = textured.diffuseColor;
    expect(texture).toMatchObject({
      uvSet: 0,
      channels: 'rgb',
      scale: [0.5, 1, 1, 1],
      bias: [0, 0, 0, 0],
      wrapS: 'repeat',
      wrapT: 'black',
    });
    // in (u, v) → (2u, 3v), turned by 90 degrees → (-3v, 2u), moved
    expect(texture!.uvTransform!.map((x) => Math.round(x * 1e6) / 1e6 + 0)).toEqual([0, 2, -3, 0, 0.25, 0]);
    expect(scene.textures.get(texture!.texture)).toMatchObject({ width: 1, colorSpace: 'srgb' });
    expect([...scene.textures.get(texture!.texture)!.data]).toEqual([10, 20, 30, 0]);
    expect(client.problems).toEqual(['missing-texture']);

    const imageOf = (path: string) => client.calls.call('textureOfShader', { path });
    expect(await imageOf('/Looks/Textured/T')).toEqual({ texture: texture!.texture });
    // A file that is missing, a shader that reads none, no shader at all.
    for (const path of ['/Looks/Textured/Missing', '/Looks/Textured/X', '/Looks/Plain', '/M', '/']) expect(await imageOf(path)).toEqual({});
  });

  test('finds the image of a shader that is seen through instances, and refuses paths that name nothing', async () => {
    const { client } = await opened({
      'scene.usda': `#usda 1.0
def Xform "Asset" {
    def Mesh "M" ( prepend apiSchemas = ["MaterialBindingAPI"] ) { ${QUAD}
        rel material:binding = </Asset/Mat>
    }
    def Material "Mat" {
        token outputs:surface.connect = </Asset/Mat/S.outputs:surface>
        def Shader "S" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </Asset/Mat/T.outputs:rgb>
            token outputs:surface
        }
        def Shader "T" {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @one.png@
            float3 outputs:rgb
        }
    }
}
def Xform "I1" ( instanceable = true; references = </Asset> ) {}
def Xform "I2" ( instanceable = true; references = </Asset> ) {}
`,
      'one.png': encode({ width: 1, height: 1, data: Uint8Array.of(10, 20, 30, 255), channels: 4, depth: 8 }),
    });
    const imageOf = (path: string) => client.calls.call('textureOfShader', { path });
    const { texture } = await imageOf('/Asset/Mat/T');
    expect(texture).toBeTypeOf('number');
    expect([await imageOf('/I1/Mat/T'), await imageOf('/I2/Mat/T'), await imageOf('/I2/Mat/S')]).toEqual([{ texture }, { texture }, {}]);
    const hostile = [
      '',
      'Asset/Mat/T',
      '/Asset/Mat/T.inputs:file',
      '/Asset//Mat',
      '/Asset/../Asset/Mat/T',
      '/__proto__',
      '/'.repeat(100_000),
      '/I1/Mat/T/Nope',
    ];
    const wrong = [undefined, null, 7, {}, ['/Asset/Mat/T'], { toString: () => '/Asset/Mat/T' }] as unknown as string[];
    for (const path of hostile) await expect(imageOf(path), path.slice(0, 40)).rejects.toMatchObject({ info: { code: 'no-prim' } });
    for (const path of wrong) await expect(imageOf(path)).rejects.toThrow();
    expect(client.problems).toEqual([]);
  });

  test('cancels a load when another file is opened', async () => {
    const client = new EngineClient();
    const first = client.open({ 'a.usda': SCENE }, 'a.usda');
    const second = client.open({ 'b.usda': SCENE }, 'b.usda');
    await expect(first).rejects.toMatchObject({ info: { code: 'cancelled' } });
    expect((await second).name).toBe('b.usda');
  });

  test('cancels on the abort of the caller', async () => {
    const client = new EngineClient();
    const controller = new AbortController();
    const opening = client.open({ 'a.usda': SCENE }, 'a.usda', { signal: controller.signal });
    controller.abort();
    await expect(opening).rejects.toMatchObject({ info: { code: 'cancelled' } });
    expect((await client.open({ 'b.usda': SCENE }, 'b.usda')).name).toBe('b.usda');
  });

  test('says what is wrong with files that cannot be opened, and keeps the scene before', async () => {
    const { client } = await opened();
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16);
    await expect(client.open({ 'a.usdz': jpeg }, 'a.usdz')).rejects.toMatchObject({ info: { code: 'unknown-format', asset: 'a.usdz' } });
    await expect(client.open({ 'a.usd': new Uint8Array(0) }, 'a.usd')).rejects.toThrow('the file is empty');
    await expect(client.open({ 'a.usd': '#usda 1.0\ndef "X" {' }, 'a.usd')).rejects.toMatchObject({
      info: { asset: 'a.usd', severity: 'error' },
    });
    await expect(client.open({ 'a.usd': SCENE }, 'b.usd')).rejects.toMatchObject({ info: { code: 'resolve-error' } });
    await expect(client.open({ 'a.usdc': 'PXR-USDC' }, 'a.usdc')).rejects.toMatchObject({ info: { severity: 'error' } });
    const { totalRows } = await client.calls.call('treeRows', { first: 0, count: 1 });
    expect(totalRows).toBe(5);
  });

  test('reports a stage with nothing to draw', async () => {
    const { client } = await opened({ 'a.usda': '#usda 1.0\ndef Xform "X" {}\n' }, 'a.usda');
    expect(client.problems).toEqual(['nothing-to-draw']);
  });

  test('reports prims that are not drawn yet', async () => {
    const { client } = await opened(
      { 'a.usda': `#usda 1.0\ndef Cube "C" {}\ndef Points "P" { point3f[] points = [(0, 0, 0)]; }\n` },
      'a.usda',
    );
    expect(client.problems).toEqual(['unsupported-prim']);
    const { rows } = await client.calls.call('treeRows', { first: 0, count: 10 });
    expect(rows.map((row) => row.problemCount)).toEqual([0, 1]);
  });

  test('finds, expands and reveals rows of the tree', async () => {
    const { client } = await opened();
    expect(await client.calls.call('setTreeFilter', { text: 'BALL' })).toEqual({ totalRows: 3 });
    expect((await client.calls.call('treeRows', { first: 0, count: 9 })).rows.map((row) => row.name)).toEqual(['World', 'Mover', 'Ball']);
    await client.calls.call('setTreeFilter', { text: '' });
    expect(await client.calls.call('setExpanded', { path: '/World', isExpanded: false })).toEqual({ totalRows: 1 });
    const { revealedRow, rows } = await client.calls.call('treeRows', { first: 0, count: 9, reveal: '/World/Mover/Ball' });
    expect(rows[revealedRow!]!.path).toBe('/World/Mover/Ball');
  });

  test('formats the properties of a prim at the current time', async () => {
    const { client } = await opened();
    await client.calls.call('setTime', { timeCode: 3 });
    const details = await client.calls.call('primDetails', { path: '/World/Mover' });
    expect(details.properties.find((row) => row.name === 'xformOp:translate')).toMatchObject({
      typeName: 'double3',
      value: '(2, 0, 0)',
      source: 'timeSamples',
      isAuthored: true,
    });
    await expect(client.calls.call('primDetails', { path: '/Nope' })).rejects.toMatchObject({ info: { code: 'no-prim' } });
  });

  test('clears the picture on close', async () => {
    const { client } = await opened();
    await client.calls.call('closeStage', {});
    expect(client.scene.size).toBe(2);
    expect(client.newestScene.info).toBeDefined();
    await expect(client.calls.call('setTime', { timeCode: 1 })).rejects.toMatchObject({ info: { code: 'no-stage' } });
  });

  test('guesses the root among several files', async () => {
    const client = new EngineClient();
    const layer = '#usda 1.0\n(\n    subLayers = [@./parts/base.usda@]\n)\n';
    const { fileEntries } = await import('../../../tests/support/engine-client.ts');
    const files = fileEntries({
      'show/parts/base.usda': SCENE,
      'show/top.usd': layer,
      'show/readme.txt': 'no layer',
      'show/pic.usda': Uint8Array.of(1, 2, 3),
    });
    const { candidates } = await client.calls.call('findRoots', { files });
    expect(candidates.map(({ path, format, isReferenced }) => [path, format, isReferenced])).toEqual([
      ['show/top.usd', 'usda', false],
      ['show/parts/base.usda', 'usda', true],
    ]);
  });
});
