/** Skinning of points, normals and whole prims (schemas.md 4.4, 4.5). */
import { describe, expect, test } from 'vitest';
import { SkelCache, type Path, type SkinningQuery } from 'usd-wasm';
import { openText } from '../support/open-text.ts';

/**
 * A tube of three rings around two bones. At time 10 the upper bone has turned by 90 degrees about Z, to the left:
 *
 *     y = 2   o   ring 2, moved by Upper           ring 2   o
 *     y = 1   +   ring 1, half by each      ->         `-- +   ring 1
 *     y = 0   o   ring 0, moved by Lower                   o   ring 0
 *
 * Each ring has a point to the right, front, left and back.
 */
const RING = (y: number): string => `(1, ${y}, 0), (0, ${y}, 1), (-1, ${y}, 0), (0, ${y}, -1)`;
const TUBE = `[${RING(0)}, ${RING(1)}, ${RING(2)}]`;
const MATRIX = (x: number, y: number, z: number): string => `((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (${x}, ${y}, ${z}, 1))`;
const INDICES =
  'int[] primvars:skel:jointIndices = [0,1, 0,1, 0,1, 0,1,  0,1, 0,1, 0,1, 0,1,  0,1, 0,1, 0,1, 0,1] (\nelementSize = 2\ninterpolation = "vertex"\n)';
const WEIGHTS =
  'float[] primvars:skel:jointWeights = [1,0, 1,0, 1,0, 1,0,  .5,.5, .5,.5, .5,.5, .5,.5,  0,1, 0,1, 0,1, 0,1] (\nelementSize = 2\ninterpolation = "vertex"\n)';
const SKELETON = (more = '', animation = ''): string => `
  def Skeleton "Skeleton" (prepend apiSchemas = ["SkelBindingAPI"]) {
    uniform token[] joints = ["Lower", "Lower/Upper"]
    uniform matrix4d[] bindTransforms = [${MATRIX(0, 0, 0)}, ${MATRIX(0, 1, 0)}]
    uniform matrix4d[] restTransforms = [${MATRIX(0, 0, 0)}, ${MATRIX(0, 1, 0)}]
    rel skel:animationSource = <Bend>
    ${more}
    def SkelAnimation "Bend" {
      uniform token[] joints = ["Lower/Upper"]
      float3[] translations = [(0, 1, 0)]
      quatf[] rotations.timeSamples = {
        0: [(1, 0, 0, 0)],
        10: [(0.70710678, 0, 0, 0.70710678)],
      }
      half3[] scales = [(1, 1, 1)]
      ${animation}
    }
  }`;
const MESH = (body: string): string => `
  def Mesh "Mesh" (prepend apiSchemas = ["SkelBindingAPI"]) {
    ${body}
  }`;

async function query(body: string, prim = '/Root/Mesh'): Promise<SkinningQuery> {
  const stage = await openText(
    `def SkelRoot "Root" (prepend apiSchemas = ["SkelBindingAPI"]) {\nrel skel:skeleton = </Root/Skeleton>\n${body}\n}`,
  );
  const mesh = stage.getPrimAtPath(prim as Path);
  const found = mesh === undefined ? undefined : new SkelCache().skinningQuery(mesh);
  if (found === undefined) throw new Error('nothing is bound');
  return found;
}

function close(actual: ArrayLike<number> | undefined, rows: readonly (readonly number[])[]): void {
  expect(actual).toBeDefined();
  const expected = rows.flat();
  expect(actual?.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual?.[i], `row ${Math.floor(i / 3)}, component ${i % 3}`).toBeCloseTo(value, 5));
}

const RING_0 = [
  [1, 0, 0],
  [0, 0, 1],
  [-1, 0, 0],
  [0, 0, -1],
];
const RING_2_TURNED = [
  [-1, 2, 0],
  [-1, 1, 1],
  [-1, 0, 0],
  [-1, 1, -1],
];
const BENT_LINEAR = [...RING_0, [0.5, 1.5, 0], [0, 1, 1], [-0.5, 0.5, 0], [0, 1, -1], ...RING_2_TURNED];
const S = Math.SQRT1_2;

describe('points', () => {
  test('stand as authored in the bind pose', async () => {
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${INDICES}\n${WEIGHTS}`)}`);
    expect(found.skinnedPoints(0)).toEqual(found.prim.getAttribute('points')?.get());
    expect(found.deformationMightBeTimeVarying).toBe(true);
    expect(found.problems).toEqual([]);
  });

  test('linear: the half-way ring is squeezed', async () => {
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${INDICES}\n${WEIGHTS}`)}`);
    close(found.skinnedPoints(10), BENT_LINEAR);
  });

  test('dual quaternions: the half-way ring keeps its radius', async () => {
    const method = 'uniform token primvars:skel:skinningMethod = "dualQuaternion"';
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${method}\n${INDICES}\n${WEIGHTS}`)}`);
    close(found.skinnedPoints(10), [...RING_0, [S, 1 + S, 0], [0, 1, 1], [-S, 1 - S, 0], [0, 1, -1], ...RING_2_TURNED]);
  });

  test('an unknown method is reported and taken as linear', async () => {
    const method = 'uniform token primvars:skel:skinningMethod = "spline"';
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${method}\n${INDICES}\n${WEIGHTS}`)}`);
    close(found.skinnedPoints(10), BENT_LINEAR);
    expect(found.problems).toEqual(['skinning method "spline" is unknown; classicLinear is taken']);
  });

  test("a mesh's own transform does not move them: they stay with the skeleton", async () => {
    const place = 'double3 xformOp:translate = (5, 0, 0)\nuniform token[] xformOpOrder = ["xformOp:translate"]';
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${place}\n${INDICES}\n${WEIGHTS}`)}`);
    close(
      found.skinnedPoints(10),
      BENT_LINEAR.map(([x = 0, y = 0, z = 0]) => [x - 5, y, z]),
    );
  });

  test('the bind transform of the geometry comes first', async () => {
    const bind = `matrix4d primvars:skel:geomBindTransform = ${MATRIX(0, 0.5, 0)}`;
    const low = `[${RING(-0.5)}, ${RING(0.5)}, ${RING(1.5)}]`;
    for (const method of ['classicLinear', 'dualQuaternion']) {
      const choice = `uniform token primvars:skel:skinningMethod = "${method}"`;
      const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${low}\n${bind}\n${choice}\n${INDICES}\n${WEIGHTS}`)}`);
      close(found.skinnedPoints(10)?.slice(24), RING_2_TURNED);
    }
  });

  test("indices refer to the mesh's own joints where it lists some", async () => {
    const joints = 'uniform token[] skel:joints = ["Lower/Upper", "Elsewhere"]';
    const one = (name: string, values: string): string => `${name} = ${values} (\nelementSize = 1\ninterpolation = "vertex"\n)`;
    const found = await query(
      `${SKELETON()}${MESH(`point3f[] points = [(1, 2, 0), (1, 2, 0)]\n${joints}\n${one('int[] primvars:skel:jointIndices', '[0, 1]')}\n${one('float[] primvars:skel:jointWeights', '[1, 1]')}`)}`,
    );
    // The second joint is not the skeleton's: it stands still.
    close(found.skinnedPoints(10), [
      [-1, 2, 0],
      [1, 2, 0],
    ]);
  });

  test('scale of a joint', async () => {
    const still = SKELETON()
      .replace(/quatf\[\] rotations[^}]*\}/, 'quatf[] rotations = [(1, 0, 0, 0)]')
      .replace('(1, 1, 1)', '(2, 1, 1)');
    for (const method of ['classicLinear', 'dualQuaternion']) {
      const choice = `uniform token primvars:skel:skinningMethod = "${method}"`;
      const found = await query(`${still}${MESH(`point3f[] points = ${TUBE}\n${choice}\n${INDICES}\n${WEIGHTS}`)}`);
      expect(found.deformationMightBeTimeVarying).toBe(false);
      close(found.skinnedPoints(10)?.slice(12, 24), [
        [1.5, 1, 0],
        [0, 1, 1],
        [-1.5, 1, 0],
        [0, 1, -1],
      ]);
    }
  });

  test('an index that names no joint leaves the mesh as it is, with a reason', async () => {
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${INDICES.replace('0,1', '0,2')}\n${WEIGHTS}`)}`);
    expect(found.skinPointsInto(new Float32Array(36), new Float32Array(36), 10)).toBe(false);
    expect(found.problems).toEqual(['joint index 2 at 1 names none of the 2 joints']);
  });

  test('joints that the animation does not move stand at rest; without rest they have no pose', async () => {
    const found = await query(
      `${SKELETON().replace(/uniform matrix4d\[\] restTransforms.*/, '')}${MESH(`point3f[] points = ${TUBE}\n${INDICES}\n${WEIGHTS}`)}`,
    );
    expect(found.skinningTransforms(10)).toBeUndefined();
    expect(found.problems).toEqual(['restTransforms are not 2 matrices, one for each joint, and the animation does not move every joint']);
  });
});

describe('normals', () => {
  const OUTWARD =
    '[(1, 0, 0), (0, 0, 1), (-1, 0, 0), (0, 0, -1), (1, 0, 0), (0, 0, 1), (-1, 0, 0), (0, 0, -1), (1, 0, 0), (0, 0, 1), (-1, 0, 0), (0, 0, -1)]';
  const TURNED = [
    [1, 0, 0],
    [0, 0, 1],
    [-1, 0, 0],
    [0, 0, -1],
    [S, S, 0],
    [0, 0, 1],
    [-S, -S, 0],
    [0, 0, -1],
    [0, 1, 0],
    [0, 0, 1],
    [0, -1, 0],
    [0, 0, -1],
  ];

  test.each(['classicLinear', 'dualQuaternion'])('turn with their points: %s', async (method) => {
    const choice = `uniform token primvars:skel:skinningMethod = "${method}"`;
    const found = await query(
      `${SKELETON()}${MESH(`point3f[] points = ${TUBE}\nnormal3f[] normals = ${OUTWARD}\n${choice}\n${INDICES}\n${WEIGHTS}`)}`,
    );
    const normals = found.prim.getAttribute('normals')?.getAs('float3[]') as Float32Array;
    const out = new Float32Array(normals.length);
    expect(found.skinNormalsInto(out, normals, 'vertex', 10)).toBe(true);
    close(out, TURNED);
  });

  test('of corners turn with the point of the corner', async () => {
    const face = 'int[] faceVertexCounts = [3]\nint[] faceVertexIndices = [4, 8, 0]';
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${face}\n${INDICES}\n${WEIGHTS}`)}`);
    const out = new Float32Array(9);
    expect(found.skinNormalsInto(out, Float32Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0), 'faceVarying', 10)).toBe(true);
    close(out, [
      [S, S, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  test('of faces are left alone', async () => {
    const found = await query(`${SKELETON()}${MESH(`point3f[] points = ${TUBE}\n${INDICES}\n${WEIGHTS}`)}`);
    expect(found.skinNormalsInto(new Float32Array(3), Float32Array.of(0, 0, 1), 'uniform', 10)).toBe(false);
  });
});

describe('a rigid prim', () => {
  const BOUND = (indices: string, weights: string, more = ''): string => `
    def Cube "Cube" (prepend apiSchemas = ["SkelBindingAPI"]) {
      matrix4d primvars:skel:geomBindTransform = ${MATRIX(0, 2, 0)}
      int[] primvars:skel:jointIndices = [${indices}] (\nelementSize = ${indices.split(',').length}\n)
      float[] primvars:skel:jointWeights = [${weights}] (\nelementSize = ${indices.split(',').length}\n)
      ${more}
    }`;

  test('goes where its joint goes', async () => {
    const found = await query(`${SKELETON()}${BOUND('1', '1')}`, '/Root/Cube');
    expect(found.isRigid).toBe(true);
    expect(found.transformMightBeTimeVarying).toBe(true);
    const matrix = found.skinnedTransform(10);
    close(matrix?.slice(12, 15), [[-1, 1, 0]]);
    close(matrix?.slice(0, 3), [[0, 1, 0]]);
  });

  test.each([
    ['classicLinear', [-0.5, 1.5, 0], [0.5, 0.5, 0]],
    ['dualQuaternion', [-S, 1 + S, 0], [S, S, 0]],
  ])('between two joints: %s', async (method, origin, xAxis) => {
    const choice = `uniform token primvars:skel:skinningMethod = "${method}"`;
    const found = await query(`${SKELETON()}${BOUND('0, 1', '0.5, 0.5', choice)}`, '/Root/Cube');
    const matrix = found.skinnedTransform(10);
    close(matrix?.slice(12, 15), [origin]);
    close(matrix?.slice(0, 3), [xAxis]);
  });

  test('is placed below its parent, whose transform it takes back', async () => {
    const text = `${SKELETON()}
      def Xform "Group" {
        double3 xformOp:translate = (7, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
        ${BOUND('1', '1')}
      }`;
    const found = await query(text, '/Root/Group/Cube');
    close(found.skinnedTransform(10)?.slice(12, 15), [[-8, 1, 0]]);
  });
});

describe('what is bound', () => {
  const bound = MESH(`point3f[] points = ${TUBE}\n${INDICES}\n${WEIGHTS}`);

  test('a mesh below another skinnable prim is not', async () => {
    await expect(query(`${SKELETON()}\ndef Sphere "Ball" {\n${bound}\n}`, '/Root/Ball/Mesh')).rejects.toThrow('nothing is bound');
  });

  test('properties count only where the API schema is applied', async () => {
    const found = await query(`${SKELETON()}${bound.replace('(prepend apiSchemas = ["SkelBindingAPI"])', '')}`);
    expect(found.hasJointInfluences).toBe(false);
    close(found.skinnedPoints(10)?.slice(0, 12), RING_0);
  });
});
