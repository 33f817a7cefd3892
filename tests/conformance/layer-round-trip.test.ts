/** Every layer file of the corpus, written in each format and read again. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CORPUS, CORPUS_NOTE, hasCorpus } from '../support/corpus.ts';
import { runLayerRoundTrip, type LayerRoundTrip } from './cases/layer-round-trip.ts';

/** Files that only cases of reading name are in no index, so the folders are listed. `expected/` has texts of its own test. */
const files = (hasCorpus ? ['museum', 'imaging', 'usd', 'usdwg'] : []).flatMap((folder) =>
  readdirSync(`${CORPUS}/${folder}`, { recursive: true })
    .map((name) => `${folder}/${String(name)}`)
    .filter((name) => /\.(usd|usda|usdc|usdz|sdf)$/.test(name))
    .sort(),
);

describe.skipIf(!hasCorpus)(`${files.length} layer files of the corpus${CORPUS_NOTE}`, () => {
  test('are the same when written as text, crate and package and read again', () => {
    const results: LayerRoundTrip[] = [];
    const failed: string[] = [];
    for (const file of files) {
      const result = runLayerRoundTrip(file);
      if (result === undefined) continue;
      results.push(result);
      if (!result.passed) failed.push(`${file}: ${result.reason}`);
    }
    const count = (format: string): number => results.filter((result) => result.format === format).length;
    const crates = results.filter((result) => result.format === 'usdc');
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const ratio = sum(crates.map(({ crateBytes }) => crateBytes)) / sum(crates.map(({ bytes }) => bytes));
    console.info(
      `${results.length} layers: ${count('usda')} texts, ${count('usdc')} crates, ${count('usdz')} packages; ${files.length - results.length} unreadable; crates take ${ratio.toFixed(3)} times what they took`,
    );
    expect(failed).toEqual([]);
    expect(results.length).toBeGreaterThan(1000);
    expect(ratio).toBeLessThan(1.02);
  }, 120_000);
});
