/** Text layers of the corpus, written as crates and read again: every value type and path form that text has. */
import { describe, expect, test } from 'vitest';
import { sniffFormat } from '../../packages/usd-wasm/src/sdf/file-format.ts';
import type { MemoryLayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { UsdaParseError } from '../../packages/usd-wasm/src/usda/usda-error.ts';
import { CrateLayerData } from '../../packages/usd-wasm/src/usdc/reader.ts';
import { writeUsdc } from '../../packages/usd-wasm/src/usdc/writer.ts';
import { differences } from '../support/compare-layer-data.ts';
import { CORPUS_NOTE, corpusBytes, expectedFiles, hasCorpus, usdCases } from '../support/corpus.ts';

const files = [
  ...new Set([
    ...expectedFiles().map((record) => record.file),
    ...usdCases()
      .filter((record) => record.kind === 'layer-roundtrip')
      .map((record) => `usd/${record.input as string}`),
  ]),
];
const texts = files.filter((file) => /\.(usd|usda|sdf)$/.test(file) && sniffFormat(corpusBytes(file)) === 'usda');

function parse(file: string): MemoryLayerData | undefined {
  try {
    return parseUsda(file, corpusBytes(file), new ProblemList());
  } catch (error) {
    if (error instanceof UsdaParseError) return undefined; // wrong on purpose
    throw error;
  }
}

describe.skipIf(!hasCorpus)(`text layers of the corpus as crates${CORPUS_NOTE}`, () => {
  test(`${texts.length} layers are the same when read again`, () => {
    const changed: string[] = [];
    const incomplete: string[] = [];
    let count = 0;
    for (const file of texts) {
      const text = parse(file);
      if (text === undefined) continue;
      count++;
      const problems = new ProblemList();
      const crate = new CrateLayerData(file, writeUsdc(text, problems));
      const left = new Set(problems.problems.map((problem) => problem.path));
      if (left.size > 0) incomplete.push(file);
      const found = differences(
        text,
        crate,
        {
          equivalent: (path, _field, before, after) =>
            left.has(path) && (before?.type === 'path' || before?.type === 'timeSamples') && after === undefined,
        },
        3,
      );
      if (found.length > 0) changed.push(`${file}: ${found.join('; ')}`);
    }
    expect(changed).toEqual([]);
    // Legacy relationship defaults are single paths, which OpenUSD cannot put into crates either.
    expect(incomplete).toHaveLength(5);
    expect(count).toBeGreaterThan(1000);
  }, 120_000);
});
