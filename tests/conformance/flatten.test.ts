/** Flattened stages against what OpenUSD makes of the same files (values.md section 10). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { treeText } from '../../packages/usd-wasm/src/cli/tree.ts';
import { CORPUS, CORPUS_NOTE, expectedFiles, hasCorpus, usdCases } from '../support/corpus.ts';
import { isFlattenRecord, runFlattenRecord, runStageFlatten } from './cases/flatten.ts';

/** Runs only files whose path holds this. */
const filter = process.env['FLATTEN_FILES'] ?? '';

describe.skipIf(!hasCorpus)(`flattened stages${CORPUS_NOTE}`, () => {
  test('agree with OpenUSD, but for the fields that are named', async () => {
    const records = expectedFiles().filter((record) => isFlattenRecord(record) && record.file.includes(filter));
    const failed: string[] = [];
    const partly: string[] = [];
    for (const record of records) {
      const { passed, reason } = await runFlattenRecord(record);
      if (!passed) failed.push(`${record.file}\n   ${reason}`);
      else if (reason !== '') partly.push(`${record.file}: ${reason}`);
    }
    console.log(
      `flattened stages: ${records.length} records, ${records.length - failed.length} passed (${partly.length} of them but for named fields), ${failed.length} failed`,
    );
    expect(failed, failed.join('\n')).toEqual([]);
    expect(records.length).toBeGreaterThan(filter === '' ? 900 : 0);
  }, 600_000);

  test("agree with the baselines of OpenUSD's own flattening tests", async () => {
    const cases = usdCases().filter(({ kind }) => kind === 'stage-flatten');
    expect(cases.length).toBeGreaterThan(0);
    for (const usdCase of cases) expect(await runStageFlatten(usdCase), usdCase.id).toEqual({ passed: true, reason: '' });
  });

  test('the tree of a file is drawn as usdtree does', async () => {
    expect(await treeText(`${CORPUS}/usd/bin/testUsdTree/input.usda`, { flatten: true })).toBe(
      readFileSync(`${CORPUS}/usd/bin/testUsdTree/baseline/output.txt`, 'utf8'),
    );
  });
});
