/** Crates of the corpus against our own writer. */
import { describe, expect, test } from 'vitest';
import { sniffFormat } from '../../packages/usd-wasm/src/sdf/file-format.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { CrateLayerData } from '../../packages/usd-wasm/src/usdc/reader.ts';
import { writeUsdc } from '../../packages/usd-wasm/src/usdc/writer.ts';
import { differences } from '../support/compare-layer-data.ts';
import { CORPUS_NOTE, corpusBytes, expectedFiles, hasCorpus } from '../support/corpus.ts';
import { crateMeansText } from './cases/golden-layer.ts';

const withText = expectedFiles().filter((record) => record.trusted && typeof record.layer === 'string');
const crates = withText.filter((record) => sniffFormat(corpusBytes(record.file)) === 'usdc');

describe.skipIf(!hasCorpus)(`crates of the corpus${CORPUS_NOTE}`, () => {
  test.each(crates.map((record) => [record.file]))('%s is the same when written and read again', (file) => {
    const crate = new CrateLayerData(file, corpusBytes(file));
    expect(differences(crate, new CrateLayerData(file, writeUsdc(crate)))).toEqual([]);
  });

  test('a text and a crate of one scene read equal', () => {
    const folder = 'usd/usd/testUsdPrimRange';
    const crate = new CrateLayerData('crate', corpusBytes(`${folder}/testHasDefiningSpecifier.usdc`));
    const text = parseUsda('text', corpusBytes(`${folder}/testHasDefiningSpecifier.usda`), new ProblemList());
    expect(differences(crate, text, { equivalent: crateMeansText })).toEqual([]);
  });
});
