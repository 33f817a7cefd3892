/** Blend shapes against the shapes that they were made of. */
import { describe, expect, test } from 'vitest';
import { FileResolver, SkelCache, Stage, type Path } from 'usd-wasm/node';
import { CORPUS, CORPUS_NOTE, hasCorpus } from '../support/corpus.ts';

describe.skipIf(!hasCorpus)(`blend shapes${CORPUS_NOTE}`, () => {
  test('make the shapes that the program they come from made', async () => {
    const file = `${CORPUS}/usd/usdSkel/testUsdSkelBakeSkinning/blendshapes.usda`;
    const stage = await Stage.open(file, { resolver: new FileResolver() });
    const mesh = stage.getPrimAtPath('/TestPlane/Mesh' as Path);
    const query = mesh === undefined ? undefined : new SkelCache().skinningQuery(mesh);
    const truth = stage.getPrimAtPath('/GroundTruth/Mesh' as Path)?.getAttribute('points');
    const times = truth?.getTimeSamples() ?? new Float64Array(0);
    expect(times).toHaveLength(113);
    for (const time of times) {
      const expected = truth?.getAs('float3[]', time) ?? new Float32Array(0);
      const actual = query?.skinnedPoints(time);
      expect(actual?.length).toBe(expected.length);
      // Points reach 44 units far, through weights that it rounded otherwise.
      expect(Math.max(...expected.map((value, i) => Math.abs(value - (actual?.[i] ?? NaN)))), `at ${time}`).toBeLessThan(5e-4);
    }
  });
});
