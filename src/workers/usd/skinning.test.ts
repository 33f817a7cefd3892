import { describe, expect, test } from 'vitest';
import { EngineClient } from '../../../tests/support/engine-client.ts';
import type { RecordedScene } from '../../../tests/support/recorded-scene.ts';

const MATRIX = (x: number): string => `((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (${x}, 0, 0, 1))`;
/** A slide along x: from 0 at time 0 to `to` at time 10. */
const SLIDE = (name: string, to: number): string => `
  def SkelAnimation "${name}" {
    uniform token[] joints = ["Joint"]
    float3[] translations.timeSamples = { 0: [(0, 0, 0)], 10: [(${to}, 0, 0)] }
    quatf[] rotations = [(1, 0, 0, 0)]
    half3[] scales = [(1, 1, 1)]
  }`;
const SKELETON = (source: string): string => `
  def Skeleton "Skeleton" ( prepend apiSchemas = ["SkelBindingAPI"] ) {
    uniform token[] joints = ["Joint"]
    uniform matrix4d[] bindTransforms = [${MATRIX(0)}]
    uniform matrix4d[] restTransforms = [${MATRIX(0)}]
    ${source}
  }`;
/** A quad one wide that sticks to the joint. */
const QUAD = (more = ''): string => `
  def Mesh "Quad" ( prepend apiSchemas = ["SkelBindingAPI"] ) {
    int[] faceVertexCounts = [4]
    int[] faceVertexIndices = [0, 1, 2, 3]
    point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    uniform token subdivisionScheme = "none"
    int[] primvars:skel:jointIndices = [0, 0, 0, 0] ( interpolation = "vertex" )
    float[] primvars:skel:jointWeights = [1, 1, 1, 1] ( interpolation = "vertex" )
    ${more}
  }`;
const ROOT = (body: string): string =>
  `def SkelRoot "Root" ( prepend apiSchemas = ["SkelBindingAPI"] ) { rel skel:skeleton = </Root/Skeleton>\n${body}\n}`;
const HEADER = '#usda 1.0\n( startTimeCode = 0\n endTimeCode = 10 )\n';

async function opened(text: string) {
  const client = new EngineClient();
  // Statements end at a closing brace, too.
  const usda = HEADER + text.replaceAll(/"[^"]*"|\}/g, (part) => (part === '}' ? '\n}\n' : part));
  await client.open({ 'scene.usda': usda.replaceAll(' )', '\n)').replaceAll('( ', '(\n') }, 'scene.usda');
  await client.complete();
  return { client, scene: client.newestScene };
}

/** From where to where each row reaches along x in the world, in order. */
function reaches(scene: RecordedScene): string[] {
  const found = [...scene.rows.values()].map(({ mesh, matrix }) => {
    const positions = scene.meshes.get(mesh)?.positions ?? new Float32Array(0);
    const xs: number[] = [];
    for (let i = 0; i < positions.length; i += 3)
      xs.push(positions[i]! * matrix[0]! + positions[i + 1]! * matrix[4]! + positions[i + 2]! * matrix[8]! + matrix[12]!);
    return `${Math.min(...xs)} to ${Math.max(...xs)}`;
  });
  return found.sort();
}

describe('Skinning', () => {
  test('draws points where the skeleton moves them at each time', async () => {
    const { client, scene } = await opened(ROOT(`${SKELETON('rel skel:animationSource = </Root/Slide>')}${SLIDE('Slide', 5)}${QUAD()}`));
    expect(reaches(scene)).toEqual(['0 to 1']);
    await client.calls.call('setTime', { timeCode: 10 });
    expect(reaches(scene)).toEqual(['5 to 6']);
    expect(scene.meshes.size).toBe(1);
    expect(client.problems).toEqual([]);
  });

  test("leaves the mesh's own transform aside", async () => {
    const place = 'double3 xformOp:translate = (100, 0, 0)\nuniform token[] xformOpOrder = ["xformOp:translate"]';
    const { client, scene } = await opened(
      ROOT(`${SKELETON('rel skel:animationSource = </Root/Slide>')}${SLIDE('Slide', 5)}${QUAD(place)}`),
    );
    await client.calls.call('setTime', { timeCode: 10 });
    expect(reaches(scene)).toEqual(['5 to 6']);
  });

  test('moves rigid shapes by their matrix alone', async () => {
    const cube = `
      def Cube "Cube" ( prepend apiSchemas = ["SkelBindingAPI"] ) {
        matrix4d primvars:skel:geomBindTransform = ${MATRIX(3)}
        int[] primvars:skel:jointIndices = [0]
        float[] primvars:skel:jointWeights = [1]
      }`;
    const { client, scene } = await opened(ROOT(`${SKELETON('rel skel:animationSource = </Root/Slide>')}${SLIDE('Slide', 5)}${cube}`));
    expect(reaches(scene)).toEqual(['2 to 4']);
    scene.messages = [];
    await client.calls.call('setTime', { timeCode: 10 });
    expect(reaches(scene)).toEqual(['7 to 9']);
    expect(scene.messages.flatMap((message) => message.meshes ?? [])).toEqual([]);
  });

  test('follows a variant that changes the animation', async () => {
    const skeleton = `
      def Skeleton "Skeleton" ( variants = { string pace = "slow" }
        prepend variantSets = "pace"
        prepend apiSchemas = ["SkelBindingAPI"] ) {
        uniform token[] joints = ["Joint"]
        uniform matrix4d[] bindTransforms = [${MATRIX(0)}]
        uniform matrix4d[] restTransforms = [${MATRIX(0)}]
        variantSet "pace" = {
          "slow" { rel skel:animationSource = </Root/Slow> }
          "fast" { rel skel:animationSource = </Root/Fast> }
        }
      }`;
    const { client, scene } = await opened(ROOT(`${skeleton}${SLIDE('Slow', 5)}${SLIDE('Fast', 50)}${QUAD()}`));
    await client.calls.call('setTime', { timeCode: 10 });
    expect(reaches(scene)).toEqual(['5 to 6']);
    client.events.length = 0;
    await client.calls.call('setVariant', { primPath: '/Root/Skeleton', set: 'pace', selection: 'fast' });
    await client.complete();
    expect(reaches(scene)).toEqual(['50 to 51']);
  });

  test('tells what cannot be skinned, and draws it as it is', async () => {
    const { client, scene } = await opened(ROOT(QUAD()));
    expect(reaches(scene)).toEqual(['0 to 1']);
    expect(client.problems).toEqual(['skinning-failed']);
  });
});

describe('Skinning in instances', () => {
  const CHARACTER = `class SkelRoot "Character" ( prepend apiSchemas = ["SkelBindingAPI"] ) {
    rel skel:skeleton = </Character/Skeleton>
    ${SKELETON('')}${QUAD()}
  }`;
  const INSTANCE = (name: string, source: string): string => `
    def "${name}" ( instanceable = true
      prepend apiSchemas = ["SkelBindingAPI"]
      references = </Character> ) { rel skel:animationSource = <${source}> }`;

  test('each moves as the animation around it says; those that move alike share their mesh', async () => {
    const { client, scene } = await opened(
      `${CHARACTER}${SLIDE('Slow', 5)}${SLIDE('Fast', 50)}${INSTANCE('A', '/Slow')}${INSTANCE('B', '/Fast')}${INSTANCE('C', '/Slow')}`,
    );
    expect(reaches(scene)).toEqual(['0 to 1', '0 to 1', '0 to 1']);
    expect(scene.meshes.size).toBe(2);
    await client.calls.call('setTime', { timeCode: 10 });
    expect(reaches(scene)).toEqual(['5 to 6', '5 to 6', '50 to 51']);
    expect(client.problems).toEqual([]);
  });
});
