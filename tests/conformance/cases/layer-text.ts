/** Cases of kinds `parse-error` and `layer-roundtrip`: text layers that must be refused, and those that are written as a recorded text. */
import { STANDARD_FIELDS } from '../../../packages/usd-wasm/src/sdf/schema.ts';
import { ProblemList } from '../../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../../packages/usd-wasm/src/usda/parser.ts';
import { UsdaParseError } from '../../../packages/usd-wasm/src/usda/usda-error.ts';
import { writeUsda } from '../../../packages/usd-wasm/src/usda/writer.ts';
import type { ValueType } from '../../../packages/usd-wasm/src/vt/value.ts';
import { corpusBytes, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** What `plugInfo.json` beside the cases declares. */
export const PLUGIN_FIELDS = STANDARD_FIELDS.with(
  (['intListOp', 'int64ListOp', 'uintListOp', 'uint64ListOp', 'stringListOp', 'tokenListOp'] satisfies ValueType[]).map((type) => ({
    name: `${type}Test`,
    type,
    metadataOf: ['layer', 'prim', 'attribute', 'relationship'] as const,
  })),
);

export async function runParseError({ input }: UsdCase): Promise<CaseResult> {
  if (input === undefined) return { passed: false, reason: 'the case names no input' };
  try {
    parseUsda(input, corpusBytes(`usd/${input}`), new ProblemList(), { fields: PLUGIN_FIELDS });
    return { passed: false, reason: 'the layer is read' };
  } catch (error) {
    return error instanceof UsdaParseError ? { passed: true, reason: error.message } : { passed: false, reason: String(error) };
  }
}

/** `#usda 1.0`, or `#sdf 1.4.32` as the texts have that OpenUSD writes for some. */
const COOKIE = /^#\w+ [\d.]+/;

/** The text must be that of the baseline, but for the name of the format. */
export async function runLayerRoundTrip({ input, baseline }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const layer = parseUsda(input, corpusBytes(`usd/${input}`), new ProblemList(), { fields: PLUGIN_FIELDS });
  const text = writeUsda(layer, { fields: PLUGIN_FIELDS });
  const expected = new TextDecoder().decode(corpusBytes(`usd/${baseline}`));
  if (text.replace(COOKIE, '') === expected.replace(COOKIE, '')) return { passed: true, reason: '' };
  return { passed: false, reason: `found\n${text}expected\n${expected}` };
}
