/** OpenUSD's testUsdUtilsIntrospection: the counts of a stage with models, instances, inactive prims and overs. */
import { describe, expect, test } from 'vitest';
import { FileResolver } from '../../packages/usd-wasm/src/ar/file-resolver.ts';
import { computeStageStats } from '../../packages/usd-wasm/src/schemas/stage-stats.ts';
import { Stage } from '../../packages/usd-wasm/src/usd/stage.ts';
import { CORPUS, CORPUS_NOTE, hasCorpus } from '../support/corpus.ts';

describe.skipIf(!hasCorpus)(`counts of a stage${CORPUS_NOTE}`, () => {
  test('are those of OpenUSD', async () => {
    const file = `${CORPUS}/usd/usdUtils/testUsdUtilsIntrospection/stageStats.usda`;
    const stats = computeStageStats(await Stage.open(file, { resolver: new FileResolver() }));
    expect(stats).toEqual({
      usedLayerCount: 1,
      // Upstream's numbers are of releases that told instances apart by arcs that cannot contribute: a fourth prototype, of one prim.
      totalPrimCount: 47 - 1,
      prototypeCount: 4 - 1,
      modelCount: 8,
      instancedModelCount: 1,
      assetCount: 1,
      totalInstanceCount: 8,
      primary: {
        primCountsByType: { untyped: 3, Scope: 2, Mesh: 16, Xform: 13 },
        primCounts: { activePrimCount: 32, inactivePrimCount: 2, instanceCount: 6, pureOverCount: 1, totalPrimCount: 34 },
      },
      prototypes: {
        primCountsByType: { untyped: 4 - 1, Mesh: 7, Xform: 2 },
        primCounts: { activePrimCount: 13 - 1, inactivePrimCount: 0, instanceCount: 2, pureOverCount: 0, totalPrimCount: 13 - 1 },
      },
    });
  });
});
