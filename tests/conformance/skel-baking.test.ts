/** Baking of skinning: times, what is written, what is refused. */
import { describe, expect, test } from 'vitest';
import { bakeSkinning, Layer, valueAs, type Path, type Stage } from 'usd-wasm';
import { openText } from '../support/open-text.ts';

const IDENTITY = '((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))';
const RIGID = 'int[] primvars:skel:jointIndices = [0]\nfloat[] primvars:skel:jointWeights = [1]';
const ONE_EACH = `
  int[] primvars:skel:jointIndices = [0, 0] (\ninterpolation = "vertex"\n)
  float[] primvars:skel:jointWeights = [1, 1] (\ninterpolation = "vertex"\n)`;
const POINTS = `point3f[] points = [(0, 0, 0), (1, 0, 0)]\n${ONE_EACH}`;

/** One joint that slides along x as `translations` says; what it moves is named by `body`. */
function scene(translations: string, body: string, header = ''): string {
  return `${header}
    def SkelRoot "Root" (\nprepend apiSchemas = ["SkelBindingAPI"]\nkind = "component"\n) {
      rel skel:skeleton = </Root/Skeleton>
      def Skeleton "Skeleton" (prepend apiSchemas = ["SkelBindingAPI"]) {
        uniform token[] joints = ["Joint"]
        uniform matrix4d[] bindTransforms = [${IDENTITY}]
        uniform matrix4d[] restTransforms = [${IDENTITY}]
        rel skel:animationSource = <Slide>
        def SkelAnimation "Slide" {
          uniform token[] joints = ["Joint"]
          float3[] translations${translations}
          quatf[] rotations = [(1, 0, 0, 0)]
          half3[] scales = [(1, 1, 1)]
        }
      }
      ${body}
    }`;
}

const MESH = `def Mesh "Mesh" (prepend apiSchemas = ["SkelBindingAPI"]) {\n${POINTS}\n}`;
const SLIDING = '.timeSamples = {\n1: [(1, 0, 0)],\n4: [(4, 0, 0)],\n}';

/** Samples as `time: numbers`. */
function samples(layer: Layer, path: string): Record<string, number[]> {
  const field = valueAs(layer.field(path as Path, 'timeSamples'), 'timeSamples');
  if (field === undefined) return {};
  return Object.fromEntries([...field.times].map((time, i) => [String(time), Array.from(field.value(i).value as ArrayLike<number>)]));
}

async function open(text: string): Promise<Stage> {
  return openText(text);
}

describe('times', () => {
  test('are those of the animation, without a range of playback', async () => {
    const { layer, prims } = bakeSkinning(await open(scene(SLIDING, MESH)));
    expect(prims).toEqual(['/Root/Mesh']);
    expect(samples(layer, '/Root/Mesh.points')).toEqual({ 1: [1, 0, 0, 2, 0, 0], 4: [4, 0, 0, 5, 0, 0] });
    expect(samples(layer, '/Root/Mesh.extent')).toEqual({ 1: [1, 0, 0, 2, 0, 0], 4: [4, 0, 0, 5, 0, 0] });
  });

  test('are the frames of playback in between, too', async () => {
    const header = '(\nstartTimeCode = 0\nendTimeCode = 10\ntimeCodesPerSecond = 24\n)';
    const { layer } = bakeSkinning(await open(scene(SLIDING, MESH, header)));
    expect(Object.keys(samples(layer, '/Root/Mesh.points'))).toEqual(['1', '2', '3', '4']);
  });

  test('lie in the interval', async () => {
    const header = '(\nstartTimeCode = 0\nendTimeCode = 10\n)';
    const sliding = SLIDING.replace('4: ', '2.5: [(2.5, 0, 0)],\n4: ');
    const { layer } = bakeSkinning(await open(scene(sliding, MESH, header)), { interval: { min: 2, max: 4 } });
    expect(samples(layer, '/Root/Mesh.points')).toEqual({ 2.5: [2.5, 0, 0, 3.5, 0, 0], 3: [3, 0, 0, 4, 0, 0], 4: [4, 0, 0, 5, 0, 0] });
  });

  test('are not filled with frames that cannot be told apart', async () => {
    const header = '(\nstartTimeCode = -1e300\nendTimeCode = 1e300\n)';
    const { layer } = bakeSkinning(await open(scene(SLIDING, MESH, header)));
    expect(Object.keys(samples(layer, '/Root/Mesh.points'))).toEqual(['1', '4']);
  });

  test('are the default where nothing is animated', async () => {
    const { layer } = bakeSkinning(await open(scene(' = [(3, 0, 0)]', MESH)));
    expect(samples(layer, '/Root/Mesh.points')).toEqual({});
    expect(layer.field('/Root/Mesh.points' as Path, 'default')?.value).toEqual(Float32Array.of(3, 0, 0, 4, 0, 0));
  });

  test('of what moves a parent count for the transform of a rigid prim', async () => {
    const group = `
      def Xform "Group" {
        double3 xformOp:translate.timeSamples = {\n2: (10, 0, 0),\n}
        uniform token[] xformOpOrder = ["xformOp:translate"]
        def Cube "Cube" (prepend apiSchemas = ["SkelBindingAPI"]) {\n${RIGID}\n}
      }`;
    const { layer } = bakeSkinning(await open(scene(SLIDING, group)));
    const moved = samples(layer, '/Root/Group/Cube.xformOp:transform');
    expect(Object.entries(moved).map(([time, matrix]) => [time, matrix[12]])).toEqual([
      ['1', -9],
      ['2', -8],
      ['4', -6],
    ]);
    expect(layer.field('/Root/Group/Cube.xformOpOrder' as Path, 'default')?.value).toEqual(['xformOp:transform']);
    expect(layer.field('/Root/Group/Cube.xformOpOrder' as Path, 'variability')?.value).toBe('uniform');
  });
});

describe('what is written', () => {
  test('makes the SkelRoot a plain Xform', async () => {
    const { layer } = bakeSkinning(await open(scene(SLIDING, MESH)));
    expect(layer.field('/Root' as Path, 'typeName')?.value).toBe('Xform');
    expect(layer.field('/Root' as Path, 'specifier')?.value).toBe('def');
  });

  test('opens as the same scene without skeletons', async () => {
    const stage = await open(scene(SLIDING, MESH));
    bakeSkinning(stage, { layer: stage.rootLayer });
    await stage.settle();
    const mesh = stage.getPrimAtPath('/Root/Mesh' as Path);
    expect(mesh?.getAttribute('points')?.get(2.5)).toEqual(Float32Array.of(2.5, 0, 0, 3.5, 0, 0));
    expect(stage.getPrimAtPath('/Root' as Path)?.typeName).toBe('Xform');
    expect(bakeSkinning(stage).prims).toEqual([]);
  });

  test('replaces older samples, and keeps the reset of the transform stack', async () => {
    const cube = `
      def Cube "Cube" (prepend apiSchemas = ["SkelBindingAPI"]) {
        ${RIGID}
        matrix4d xformOp:transform.timeSamples = {\n77: ${IDENTITY},\n}
        uniform token[] xformOpOrder = ["!resetXformStack!", "xformOp:transform"]
      }`;
    const stage = await open(scene(SLIDING, cube));
    bakeSkinning(stage, { layer: stage.rootLayer });
    expect(Object.keys(samples(stage.rootLayer, '/Root/Cube.xformOp:transform'))).toEqual(['1', '4']);
    expect(stage.rootLayer.field('/Root/Cube.xformOpOrder' as Path, 'default')?.value).toEqual(['!resetXformStack!', 'xformOp:transform']);
  });

  test('renews extents hints of models', async () => {
    const hint = 'float3[] extentsHint = [(0, 0, 0), (9, 9, 9)]';
    const { layer } = bakeSkinning(await open(scene(SLIDING, `${hint}\n${MESH}`)));
    // The joint itself counts, too: it is at the left end of the mesh.
    expect(samples(layer, '/Root.extentsHint')).toEqual({ 1: [1, 0, 0, 2, 0, 0], 4: [4, 0, 0, 5, 0, 0] });
  });

  test('is nothing for what cannot be skinned, with a reason', async () => {
    const broken = MESH.replace('[0, 0]', '[0, 7]');
    const { layer, problems } = bakeSkinning(await open(scene(SLIDING, broken)));
    expect(samples(layer, '/Root/Mesh.points')).toEqual({});
    expect(problems).toEqual(['/Root/Mesh: joint index 7 at 1 names none of the 1 joints']);
  });

  test('is refused by a layer that may not be edited', async () => {
    const layer = Layer.inMemory('locked');
    layer.permissionToEdit = false;
    const stage = await open(scene(SLIDING, MESH));
    expect(() => bakeSkinning(stage, { layer })).toThrow('may not be edited');
  });
});
