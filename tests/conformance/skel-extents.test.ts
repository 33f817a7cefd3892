/** Extents of Skeletons and SkelRoots. */
import { describe, expect, test } from 'vitest';
import { computeExtent, worldBounds, type Path, type Prim } from 'usd-wasm';
import { openText } from '../support/open-text.ts';

const AT = (x: number, y: number): string => `((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (${x}, ${y}, 0, 1))`;
/** A leg of two joints, hip over knee, that walks along x: 0 at time 0, 10 at time 1. The mesh is one wider than the joints. */
const LEG = `
  def SkelRoot "Root" (prepend apiSchemas = ["SkelBindingAPI"]) {
    rel skel:skeleton = </Root/Skeleton>
    def Skeleton "Skeleton" (prepend apiSchemas = ["SkelBindingAPI"]) {
      uniform token[] joints = ["Hip", "Hip/Knee"]
      uniform matrix4d[] bindTransforms = [${AT(0, 4)}, ${AT(0, 2)}]
      uniform matrix4d[] restTransforms = [${AT(0, 4)}, ${AT(0, -2)}]
      double3 xformOp:translate = (100, 0, 0)
      uniform token[] xformOpOrder = ["xformOp:translate"]
      rel skel:animationSource = <Walk>
      def SkelAnimation "Walk" {
        uniform token[] joints = ["Hip"]
        float3[] translations.timeSamples = {\n0: [(0, 4, 0)],\n1: [(10, 4, 0)],\n}
        quatf[] rotations = [(1, 0, 0, 0)]
        half3[] scales = [(1, 1, 1)]
      }
    }
    def Mesh "Mesh" (prepend apiSchemas = ["SkelBindingAPI"]) {
      point3f[] points = [(-1, 2, 0), (1, 4, 0)]
      float3[] extent = [(-1, 2, 0), (1, 4, 0)]
      int[] primvars:skel:jointIndices = [1, 0] (\ninterpolation = "vertex"\n)
      float[] primvars:skel:jointWeights = [1, 1] (\ninterpolation = "vertex"\n)
    }
  }`;

async function at(path: string, text = LEG): Promise<Prim> {
  const prim = (await openText(text)).getPrimAtPath(path as Path);
  if (prim === undefined) throw new Error(`no prim <${path}>`);
  return prim;
}

describe('extent', () => {
  test('of a Skeleton is the box of its joints', async () => {
    const skeleton = await at('/Root/Skeleton');
    expect(computeExtent(skeleton, 0)).toEqual({ min: [0, 2, 0], max: [0, 4, 0] });
    expect(computeExtent(skeleton, 1)).toEqual({ min: [10, 2, 0], max: [10, 4, 0] });
  });

  test('of a SkelRoot has room for what the skin adds, in its own space', async () => {
    const root = await at('/Root');
    expect(computeExtent(root, 1)).toEqual({ min: [109, 1, -1], max: [111, 5, 1] });
  });

  test('that is authored is taken as it is', async () => {
    const root = await at('/Root', LEG.replace('def Skeleton', 'float3[] extent = [(1, 2, 3), (4, 5, 6)]\ndef Skeleton'));
    expect(computeExtent(root, 1)).toEqual({ min: [1, 2, 3], max: [4, 5, 6] });
  });

  test('of a SkelRoot where nothing is bound is none', async () => {
    const root = await at('/Root', LEG.replace('rel skel:skeleton = </Root/Skeleton>', ''));
    expect(computeExtent(root, 1)).toBeUndefined();
  });
});

test('bounds of a SkelRoot are where its skin is, not where its meshes say', async () => {
  expect(worldBounds(await at('/Root'), { time: 0 })).toEqual({ min: [99, 1, -1], max: [101, 5, 1] });
});
