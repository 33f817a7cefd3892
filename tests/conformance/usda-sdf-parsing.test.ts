/** OpenUSD's own cases of text layers: those that must not be read, and those that come out as a recorded text. */
import { describe, expect, test } from 'vitest';
import { STANDARD_FIELDS } from '../../packages/usd-wasm/src/sdf/schema.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import type { ValueType } from '../../packages/usd-wasm/src/vt/value.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { UsdaParseError } from '../../packages/usd-wasm/src/usda/usda-error.ts';
import { writeUsda } from '../../packages/usd-wasm/src/usda/writer.ts';
import { differences } from '../support/compare-layer-data.ts';
import { CORPUS_NOTE, corpusBytes, hasCorpus, usdCases } from '../support/corpus.ts';
import { sameInAnyOrder } from '../support/text-layers.ts';

/** What `plugInfo.json` beside the cases declares. */
const fields = STANDARD_FIELDS.with(
  (['intListOp', 'int64ListOp', 'uintListOp', 'uint64ListOp', 'stringListOp', 'tokenListOp'] satisfies ValueType[]).map((type) => ({
    name: `${type}Test`,
    type,
    metadataOf: ['layer', 'prim', 'attribute', 'relationship'] as const,
  })),
);

const cases = usdCases().flatMap((record) =>
  record.input !== undefined && /\.(sdf|usda)$/.test(record.input) ? [{ ...record, input: record.input }] : [],
);
const bad = cases.filter((record) => record.kind === 'parse-error');
const good = cases.flatMap((record) =>
  record.kind === 'layer-roundtrip' && record.baseline !== undefined ? [{ ...record, baseline: record.baseline }] : [],
);

/** `#usda 1.0`, or `#sdf 1.4.32` as the texts have that OpenUSD writes for these. */
const COOKIE = /^#\w+ [\d.]+/;

function parse(file: string): ReturnType<typeof parseUsda> {
  return parseUsda(file, corpusBytes(`usd/${file}`), new ProblemList(), { fields });
}

describe.skipIf(!hasCorpus)(`${bad.length} layers that are wrong on purpose${CORPUS_NOTE}`, () => {
  test.each(bad)('$id is refused', ({ input }) => {
    expect(() => parse(input)).toThrow(UsdaParseError);
  });
});

describe.skipIf(!hasCorpus)(`${good.length} layers with a recorded text${CORPUS_NOTE}`, () => {
  test.each(good)('$id means what its baseline means, and is the same when written and read again', ({ input, baseline }) => {
    const layer = parse(input);
    expect(differences(layer, parse(baseline), { equivalent: sameInAnyOrder })).toEqual([]);
    const text = writeUsda(layer, { fields });
    const again = parseUsda(`${input} (written)`, new TextEncoder().encode(text), new ProblemList(), { fields });
    expect(differences(layer, again, { equivalent: sameInAnyOrder })).toEqual([]);
  });

  test.each(good)('$id is written as its baseline, but for the name of the format', ({ input, baseline }) => {
    const expected = new TextDecoder().decode(corpusBytes(`usd/${baseline}`));
    expect(writeUsda(parse(input), { fields }).replace(COOKIE, '')).toBe(expected.replace(COOKIE, ''));
  });
});
