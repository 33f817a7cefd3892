/** OpenUSD's own cases of text layers, by meaning. That they are written to the letter is a part of the conformance cases. */
import { describe, expect, test } from 'vitest';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { writeUsda } from '../../packages/usd-wasm/src/usda/writer.ts';
import { differences } from '../support/compare-layer-data.ts';
import { CORPUS_NOTE, corpusBytes, hasCorpus, usdCases } from '../support/corpus.ts';
import { sameInAnyOrder } from '../support/text-layers.ts';
import { PLUGIN_FIELDS } from './cases/layer-text.ts';

const cases = usdCases().flatMap((record) =>
  record.input !== undefined && /\.(sdf|usda)$/.test(record.input) ? [{ ...record, input: record.input }] : [],
);
const good = cases.flatMap((record) =>
  record.kind === 'layer-roundtrip' && record.baseline !== undefined ? [{ ...record, baseline: record.baseline }] : [],
);

function parse(file: string): ReturnType<typeof parseUsda> {
  return parseUsda(file, corpusBytes(`usd/${file}`), new ProblemList(), { fields: PLUGIN_FIELDS });
}

describe.skipIf(!hasCorpus)(`${good.length} layers with a recorded text${CORPUS_NOTE}`, () => {
  test.each(good)('$id means what its baseline means, and is the same when written and read again', ({ input, baseline }) => {
    const layer = parse(input);
    expect(differences(layer, parse(baseline), { equivalent: sameInAnyOrder })).toEqual([]);
    const text = writeUsda(layer, { fields: PLUGIN_FIELDS });
    const again = parseUsda(`${input} (written)`, new TextEncoder().encode(text), new ProblemList(), { fields: PLUGIN_FIELDS });
    expect(differences(layer, again, { equivalent: sameInAnyOrder })).toEqual([]);
  });
});
