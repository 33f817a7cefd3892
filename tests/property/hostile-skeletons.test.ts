/** Skeletons whose arrays do not fit each other: nothing is thrown, nothing is read or written outside of arrays. */
import { expect, test } from 'vitest';
import { bakeSkinning, computeExtent, SkelCache, type Path } from 'usd-wasm';
import { openText } from '../support/open-text.ts';
import { makeRandom } from '../support/random.ts';

const SCENES = 150;

function scene(seed: number): string {
  const random = makeRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(...items: readonly T[]): T => items[below(items.length)] as T;
  const number = (): string => pick('0', '1', '-1', '0.5', '1e30', 'inf', 'nan', String(random() * 4 - 2));
  const list = (length: number, item: () => string): string => `[${Array.from({ length }, item).join(', ')}]`;
  const tuple = (width: number): (() => string) => {
    return () => `(${Array.from({ length: width }, number).join(', ')})`;
  };
  const matrix = (): string => `(${Array.from({ length: 4 }, tuple(4)).join(', ')})`;
  const joint = (): string => pick('"A"', '"A/B"', '"A/B/C"', '"C"', '""', '"/"', '"A//B"', '"B/A"');
  const samples = (value: () => string): string =>
    pick(` = ${value()}`, `.timeSamples = {\n0: ${value()},\n5: ${value()},\n10: ${value()},\n}`);
  const meta = (): string =>
    `(\nelementSize = ${pick(1, 2, 3, 0, -1)}\ninterpolation = "${pick('vertex', 'constant', 'vertex', 'faceVarying')}"\n)`;
  const shared = meta();
  const layout = (): string => pick(shared, shared, shared, meta());
  const joints = below(5);
  const order = (length: number): string =>
    below(5) === 0 ? list(length, joint) : `[${['"A"', '"A/B"', '"A/B/C"', '"C"'].slice(0, length).join(', ')}]`;
  // Some scenes are sound but for one array, in others nothing fits.
  const care = 1 - random() ** 2 / 2;
  const size = (usual: number): number => (random() < care ? usual : below(6));
  const vectors = (length: number): (() => string) => {
    return () => list(size(length), tuple(3));
  };
  const points = 1 + below(3);
  return `
    (\nstartTimeCode = ${pick(0, 5, -1e300)}\nendTimeCode = ${pick(10, 1e300)}\n)
    def SkelRoot "Root" (\nprepend apiSchemas = ["SkelBindingAPI"]\nkind = "component"\n) {
      float3[] extentsHint = [(0, 0, 0), (1, 1, 1)]
      rel skel:skeleton = ${below(8) === 0 ? pick('</Root/Mesh>', 'None') : '</Root/Skeleton>'}
      def Skeleton "Skeleton" (prepend apiSchemas = ["SkelBindingAPI"]) {
        uniform token[] joints = ${order(joints)}
        uniform matrix4d[] bindTransforms = ${list(size(joints), matrix)}
        uniform matrix4d[] restTransforms = ${list(size(joints), matrix)}
        rel skel:animationSource = <Anim>
        def SkelAnimation "Anim" {
          uniform token[] joints = ${order(size(joints))}
          float3[] translations${samples(vectors(joints))}
          quatf[] rotations${samples(() => list(size(joints), tuple(4)))}
          half3[] scales${samples(vectors(joints))}
          uniform token[] blendShapes = ["s", "t"]
          float[] blendShapeWeights${samples(() => list(below(4), number))}
        }
      }
      def Mesh "Mesh" (prepend apiSchemas = ["SkelBindingAPI"]) {
        point3f[] points${samples(vectors(points))}
        normal3f[] normals = ${vectors(points)()} (\ninterpolation = "${pick('vertex', 'faceVarying', 'constant')}"\n)
        int[] faceVertexIndices = ${list(size(points), () => String(below(5) - 1))}
        uniform token primvars:skel:skinningMethod = "${pick('classicLinear', 'dualQuaternion', 'other')}"
        ${pick('', `uniform token[] skel:joints = ${list(below(4), joint)}`)}
        matrix4d primvars:skel:geomBindTransform = ${matrix()}
        int[] primvars:skel:jointIndices = ${list(size(points * 2), () => String(below(8) === 0 ? below(6) - 1 : below(Math.max(1, joints))))} ${layout()}
        float[] primvars:skel:jointWeights = ${list(size(points * 2), number)} ${layout()}
        uniform token[] skel:blendShapes = ["s", "t"]
        rel skel:blendShapeTargets = ${pick('[<S>, <T>]', '[<S>]', '[<S>, </Root>]', '[]')}
        def BlendShape "S" {
          uniform vector3f[] offsets = ${vectors(points)()}
          uniform vector3f[] normalOffsets = ${vectors(points)()}
          uniform int[] pointIndices = ${list(below(4), () => String(below(5) - 1))}
          uniform vector3f[] inbetweens:i = ${vectors(points)()} (\nweight = ${pick('0.5', '0', '1', '-1', 'nan', 'inf')}\n)
        }
        def BlendShape "T" {\nuniform vector3f[] offsets = ${vectors(points)()}\n}
      }
    }`.replaceAll(/^ +\(/gm, '(');
}

test(`${SCENES} skeletons whose arrays do not fit`, async () => {
  let skinned = 0;
  for (let seed = 1; seed <= SCENES; seed++) {
    const stage = await openText(scene(seed));
    const mesh = stage.getPrimAtPath('/Root/Mesh' as Path);
    const root = stage.getPrimAtPath('/Root' as Path);
    if (mesh === undefined || root === undefined) throw new Error(`seed ${seed}: the scene is not read`);
    const query = new SkelCache().skinningQuery(mesh);
    for (const time of [undefined, 0, 2.5, 10]) {
      const points = mesh.getAttribute('points')?.getAs('float3[]', time);
      if (query !== undefined && points !== undefined) {
        const out = new Float32Array(points.length);
        if (query.skinPointsInto(out, points, time)) skinned++;
        query.skinNormalsInto(new Float32Array(points.length), points, 'faceVarying', time);
        query.skinnedTransform(time);
      }
      computeExtent(root, time);
    }
    const { layer } = bakeSkinning(stage);
    for (const path of layer.data.paths()) layer.field(path, 'timeSamples');
  }
  // Enough of the scenes are sound to some extent.
  expect(skinned).toBeGreaterThan(SCENES / 2);
});
