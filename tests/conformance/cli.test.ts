/** OpenUSD's own cases of its command-line tools: usdcat, usdtree, usdresolve. */
import { describe, expect, test } from 'vitest';
import { CORPUS_NOTE, hasCorpus, usdCases, type UsdCase } from '../support/corpus.ts';
import { runCat } from './cases/cat.ts';
import type { CaseResult } from './cases/case-result.ts';
import { museumCases, runComposition, runMuseum } from './cases/composition.ts';
import { runResolve } from './cases/resolve.ts';
import { runTree } from './cases/tree.ts';

const RUNNERS: Readonly<Record<string, (record: UsdCase) => Promise<CaseResult>>> = {
  tree: runTree,
  resolve: runResolve,
  'composition-results': runComposition,
  'layer-metadata': runCat,
  'layerstack-flatten': runCat,
  'stage-flatten': runCat,
  'stage-flatten-masked': runCat,
};

const cases = usdCases().filter(({ id, kind }) => kind in RUNNERS || id.startsWith('cat/'));

describe.skipIf(!hasCorpus)(`command-line tools${CORPUS_NOTE}`, () => {
  test('print what OpenUSD prints', async () => {
    const failed: string[] = [];
    for (const record of cases) {
      const { passed, reason } = await (RUNNERS[record.kind] ?? runCat)(record);
      if (!passed) failed.push(`${record.id}: ${reason}`);
    }
    process.stdout.write(
      `command-line tools: ${cases.length} cases run, ${cases.length - failed.length} passed, ${failed.length} failed\n`,
    );
    expect(failed.join('\n')).toBe('');
    expect(cases.length).toBeGreaterThan(10);
  });

  test('compose prints the results and errors of the composition museum to the letter', async () => {
    const museum = museumCases().filter(({ registered }) => registered !== false);
    const failed: string[] = [];
    for (const record of museum) {
      const { passed, reason } = await runMuseum(record);
      if (!passed) failed.push(`${record.name}: ${reason}`);
    }
    process.stdout.write(`usd compose: ${museum.length} cases run, ${museum.length - failed.length} passed, ${failed.length} failed\n`);
    expect(failed.join('\n')).toBe('');
    expect(museum.length).toBeGreaterThan(80);
  });
});
