/** Crates of the corpus, written again: they are not larger than they were. */
import { describe, expect, test } from 'vitest';
import { sniffFormat } from '../../packages/usd-wasm/src/sdf/file-format.ts';
import { CORPUS_NOTE, corpusBytes, corpusLayerFiles, hasCorpus } from '../support/corpus.ts';
import { runLayerRoundTrip } from './cases/layer-round-trip.ts';

const crates = corpusLayerFiles().filter((file) => sniffFormat(corpusBytes(file)) === 'usdc');

describe.skipIf(!hasCorpus)(`${crates.length} crates of the corpus${CORPUS_NOTE}`, () => {
  test('take no more bytes when written again', async () => {
    const results = await Promise.all(crates.map(async (file) => runLayerRoundTrip(file)));
    const sum = (key: 'bytes' | 'crateBytes'): number => results.reduce((total, result) => total + (result?.[key] ?? 0), 0);
    expect(sum('bytes')).toBeGreaterThan(0);
    expect(sum('crateBytes') / sum('bytes')).toBeLessThan(1.02);
  });
});
