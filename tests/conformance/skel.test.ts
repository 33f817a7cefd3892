/** Skinning against what OpenUSD bakes, and its own cases of bindings. */
import { describe, expect, test } from 'vitest';
import { CORPUS_NOTE, hasCorpus, usdCases } from '../support/corpus.ts';
import { runBakeSkinning, runSkelExtents } from './cases/skel.ts';

const baked = usdCases().filter((record) => record.kind === 'bake-skinning');
const extents = usdCases().filter((record) => record.kind === 'skel-extents');

describe.skipIf(!hasCorpus)(`baked skinning (${baked.length} cases)${CORPUS_NOTE}`, () => {
  test.each(baked)('$id', async (record) => {
    const { passed, reason } = await runBakeSkinning(record);
    expect(passed, reason).toBe(true);
  });
});

describe.skipIf(!hasCorpus)(`extents of SkelRoots (${extents.length} cases)${CORPUS_NOTE}`, () => {
  test.each(extents)('$id', async (record) => {
    const { passed, reason } = await runSkelExtents(record);
    expect(passed, reason).toBe(true);
  });
});
