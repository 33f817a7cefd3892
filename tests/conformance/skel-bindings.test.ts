/** What is bound to what, in the scenes of OpenUSD's testUsdSkelCache and testUsdSkelSkinningQuery. */
import { describe, expect, test } from 'vitest';
import { animationSource, FileResolver, SkelCache, skelBinding, Stage, type Path, type Prim, type SkinningQuery } from 'usd-wasm/node';
import { CORPUS, CORPUS_NOTE, hasCorpus } from '../support/corpus.ts';

function at(stage: Stage, path: string): Prim {
  const prim = stage.getPrimAtPath(path as Path);
  if (prim === undefined) throw new Error(`no prim <${path}>`);
  return prim;
}

async function open(file: string): Promise<Stage> {
  return Stage.open(`${CORPUS}/usd/usdSkel/${file}`, { resolver: new FileResolver() });
}

describe.skipIf(!hasCorpus)(`animation sources${CORPUS_NOTE}`, () => {
  test.each([
    ['/AnimBinding/Scope/Inherit', '/Anim1'],
    ['/AnimBinding/Scope/Override', '/Anim2'],
    ['/AnimBinding/Scope/Block', undefined],
    ['/AnimBinding/Unbound', undefined],
    ['/AnimBinding/BoundToInactiveAnim', undefined],
    ['/AnimBinding/Instance/Inherit', '/Anim1'],
  ])('of <%s> is <%s>', async (skeleton, animation) => {
    const stage = await open('testUsdSkelCache/populate.usda');
    expect(animationSource(at(stage, skeleton))?.path).toBe(animation);
  });

  test('inside an instance leads to the shared animation', async () => {
    const stage = await open('testUsdSkelCache/populate.usda');
    expect(animationSource(at(stage, '/AnimBinding/Instance/Override'))?.name).toBe('Anim');
  });
});

describe.skipIf(!hasCorpus)(`skeletons${CORPUS_NOTE}`, () => {
  test('move what inherits or overrides a binding, and nothing that takes it back or is bound to an inactive one', async () => {
    const stage = await open('testUsdSkelCache/populate.usda');
    const bindings = new SkelCache().bindings(at(stage, '/SkelBinding'));
    expect(bindings.map(({ skeleton, targets }) => [skeleton.prim.path, ...targets.map(({ prim }) => prim.path)])).toEqual([
      ['/Skel1', '/SkelBinding/Scope/Inherit'],
      ['/Skel2', '/SkelBinding/Scope/Override'],
    ]);
    expect(skelBinding(at(stage, '/SkelBinding/Scope/Block'))).toBeUndefined();
    expect(skelBinding(at(stage, '/SkelBinding/Unbound'))).toBeUndefined();
    expect(skelBinding(at(stage, '/SkelBinding/BoundToInactiveSkel'))?.skeleton).toBeUndefined();
  });

  test('hand joints and influences down, blend shapes not', async () => {
    const stage = await open('testUsdSkelCache/populate.usda');
    const [inherit, override] = new SkelCache().bindings(at(stage, '/SkelBinding')).map(({ targets }) => targets[0] as SkinningQuery);
    expect(inherit?.jointOrder).toEqual(['scope']);
    expect(inherit?.binding.jointIndices?.prim.path).toBe('/SkelBinding/Scope');
    expect(inherit?.binding.jointWeights?.prim.path).toBe('/SkelBinding/Scope');
    expect(inherit?.binding.blendShapes).toBeUndefined();
    expect(inherit?.binding.blendShapeTargets).toBeUndefined();
    expect(override?.jointOrder).toEqual(['override']);
    expect(override?.binding.blendShapes?.path).toBe('/SkelBinding/Scope/Override.skel:blendShapes');
    expect(override?.binding.blendShapeTargets?.path).toBe('/SkelBinding/Scope/Override.skel:blendShapeTargets');
  });

  test('reach into instances where asked to', async () => {
    const stage = await open('testUsdSkelCache/populate.usda');
    const bindings = new SkelCache().bindings(at(stage, '/SkelBinding'), { entersInstances: true });
    expect(bindings).toHaveLength(3);
    const inherit = bindings[0]?.targets[1];
    expect(inherit?.prim.path).toBe('/SkelBinding/Instance/Inherit');
    expect(inherit?.jointOrder).toEqual(['instance']);
    expect(inherit?.binding.blendShapes).toBeUndefined();
    const override = bindings[2]?.targets[0];
    expect(override?.prim.path).toBe('/SkelBinding/Instance/Override');
    expect(override?.jointOrder).toEqual(['override']);
  });
});

describe.skipIf(!hasCorpus)(`influences${CORPUS_NOTE}`, () => {
  async function query(path: string): Promise<SkinningQuery> {
    const stage = await open('testUsdSkelSkinningQuery/jointInfluences.usda');
    const found = new SkelCache().skinningQuery(at(stage, `/JointInfluences/${path}`));
    if (found === undefined) throw new Error(`${path} is not bound`);
    return found;
  }

  test.each([
    'MismatchedInterpolation',
    'InvalidInterpolation1',
    'InvalidInterpolation2',
    'MismatchedElementSize',
    'InvalidElementSize',
    'MismatchedArraySize',
    'InvalidArraySize1',
    'InvalidArraySize2',
  ])('%s gives none, and says why', async (name) => {
    const found = await query(`ErrorCases/${name}`);
    expect(found.jointInfluences()).toBeUndefined();
    expect(found.problems.length).toBeGreaterThan(0);
  });

  test('constant ones move the prim as a whole', async () => {
    const found = await query('RigidWeights');
    expect(found.isRigid).toBe(true);
    expect(found.jointInfluences()).toEqual({
      indices: Int32Array.of(1, 2, 3),
      weights: Float32Array.of(5, 6, 7),
      perPoint: 3,
      isConstant: true,
    });
  });

  test.each([
    ['NonRigidWeights', 'classicLinear'],
    ['NonRigidWeightsDQ', 'dualQuaternion'],
  ])('%s are given for each point, by %s', async (name, method) => {
    const found = await query(name);
    expect(found.isRigid).toBe(false);
    expect(found.method).toBe(method);
    expect(found.influencesPerPoint).toBe(2);
    expect(found.jointInfluences()?.indices).toEqual(Int32Array.of(1, 2, 3, 4));
  });
});
