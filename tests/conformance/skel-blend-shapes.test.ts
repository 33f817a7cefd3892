/** Blend shapes and in-betweens (schemas.md 4.6). */
import { describe, expect, test } from 'vitest';
import { SkelCache, type Path, type SkinningQuery } from 'usd-wasm';
import { openText } from '../support/open-text.ts';

/** Two points at the origin; `Smile` takes the second through (0, 4, 0) at half weight to (0, 0, 1). */
const SMILE = `
  def BlendShape "Smile" {
    uniform int[] pointIndices = [1]
    uniform vector3f[] offsets = [(0, 0, 1)]
    uniform vector3f[] normalOffsets = [(0, 1, 0)]
    uniform vector3f[] inbetweens:half = [(0, 4, 0)] (\nweight = 0.5\n)
    uniform vector3f[] inbetweens:half:normalOffsets = [(0, 0, 0)]
    uniform vector3f[] inbetweens:unweighted = [(100, 100, 100)]
  }`;
const WIDE = `
  def BlendShape "Wide" {
    uniform vector3f[] offsets = [(1, 0, 0), (-1, 0, 0)]
  }`;

async function face(weights: string, body = `${SMILE}${WIDE}`, more = ''): Promise<SkinningQuery> {
  const stage = await openText(`
    def SkelRoot "Root" (prepend apiSchemas = ["SkelBindingAPI"]) {
      rel skel:skeleton = </Root/Skeleton>
      def Skeleton "Skeleton" (prepend apiSchemas = ["SkelBindingAPI"]) {
        rel skel:animationSource = <Talk>
        def SkelAnimation "Talk" {
          uniform token[] blendShapes = ["wide", "unused", "smile"]
          float[] blendShapeWeights = ${weights}
        }
      }
      def Mesh "Face" (prepend apiSchemas = ["SkelBindingAPI"]) {
        point3f[] points = [(0, 0, 0), (0, 0, 0)]
        int[] faceVertexCounts = [3]
        int[] faceVertexIndices = [0, 1, 1]
        uniform token[] skel:blendShapes = ["smile", "wide"]
        rel skel:blendShapeTargets = [<Smile>, <Wide>]
        ${more}
        ${body}
      }
    }`);
  const prim = stage.getPrimAtPath('/Root/Face' as Path);
  const query = prim === undefined ? undefined : new SkelCache().skinningQuery(prim);
  if (query === undefined) throw new Error('nothing is bound');
  return query;
}

function rounded(values: ArrayLike<number> | undefined): number[] {
  return Array.from(values ?? [], (value) => Math.round(value * 1000) / 1000 + 0);
}

describe('weights', () => {
  test.each([
    // weight, where the second point goes
    [0, [0, 0, 0]],
    [0.25, [0, 2, 0]],
    [0.5, [0, 4, 0]],
    [0.75, [0, 2, 0.5]],
    [1, [0, 0, 1]],
    // Beyond the ends it goes on straight: 3 parts of the shape less 2 of the in-between; minus 2 of the in-between.
    [2, [0, -8, 3]],
    [-1, [0, -8, 0]],
  ])('%d lies between two sub-shapes', async (weight, second) => {
    const query = await face(`[0, 9, ${weight}]`);
    expect(rounded(query.skinnedPoints())).toEqual([0, 0, 0, ...second]);
  });

  test('go to shapes by name, and shapes add up', async () => {
    const query = await face('[0.5, 9, 1]');
    expect(rounded(query.skinnedPoints())).toEqual([0.5, 0, 0, -0.5, 0, 1]);
  });

  test('that the animation lacks are zero', async () => {
    const query = await face('[0.5]');
    expect(rounded(query.skinnedPoints())).toEqual([0.5, 0, 0, -0.5, 0, 0]);
  });
});

describe('normals', () => {
  test('of points are moved and made unit length', async () => {
    const query = await face('[0, 0, 1]');
    const out = new Float32Array(6);
    expect(query.skinNormalsInto(out, Float32Array.of(1, 0, 0, 1, 0, 0), 'vertex')).toBe(true);
    expect(rounded(out)).toEqual([1, 0, 0, 0.707, 0.707, 0]);
  });

  test('of corners take the offset of their point', async () => {
    const query = await face('[0, 0, 1]');
    const out = new Float32Array(9);
    expect(query.skinNormalsInto(out, Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0, 1), 'faceVarying')).toBe(true);
    expect(rounded(out)).toEqual([1, 0, 0, 0.707, 0.707, 0, 0, 0.707, 0.707]);
  });
});

describe('what does not fit', () => {
  test('leaves the points alone: an index that names no point', async () => {
    const query = await face('[0, 0, 1]', `${SMILE.replace('[1]', '[2]')}${WIDE}`);
    const out = new Float32Array(6);
    expect(query.skinPointsInto(out, new Float32Array(6).fill(3))).toBe(false);
    expect([...out]).toEqual([3, 3, 3, 3, 3, 3]);
    expect(query.problems).toEqual(['a blend shape has other sizes than the points, or names points that do not exist']);
  });

  test('leaves the points alone: another number of targets', async () => {
    const query = await face('[0, 0, 1]', SMILE, 'rel skel:blendShapeTargets = [<Smile>]');
    expect(query.skinPointsInto(new Float32Array(6), new Float32Array(6))).toBe(false);
    expect(query.problems).toEqual(['skel:blendShapes names 2 shapes, skel:blendShapeTargets 1']);
  });

  test('a target that is no blend shape moves nothing, the others do', async () => {
    const query = await face('[1, 0, 1]', SMILE);
    expect(rounded(query.skinnedPoints())).toEqual([0, 0, 0, 0, 0, 1]);
    expect(query.problems).toEqual(['blend shape target </Root/Face/Wide> is no BlendShape']);
  });

  test('an in-between at the weight of the shape itself does not count', async () => {
    const query = await face('[0, 0, 1]', `${SMILE.replace('weight = 0.5', 'weight = 1')}${WIDE}`);
    expect(rounded(query.skinnedPoints())).toEqual([0, 0, 0, 0, 0, 1]);
    expect(query.problems).toHaveLength(1);
  });
});
