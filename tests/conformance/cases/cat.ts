/**
 * Cases of what usdcat writes: kinds `layer-roundtrip` with arguments, `layer-metadata`, `layerstack-flatten`, `stage-flatten` and
 * `stage-flatten-masked`. Texts are compared to the letter, those of flattened stages that differ in meaning: baselines of these are older
 * than `prepend` and number prototypes in another order.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { catLayer, type CatOptions } from '../../../packages/usd-wasm/src/cli/cat.ts';
import type { LayerData } from '../../../packages/usd-wasm/src/sdf/layer-data.ts';
import { ProblemList } from '../../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../../packages/usd-wasm/src/usda/parser.ts';
import { writeUsda } from '../../../packages/usd-wasm/src/usda/writer.ts';
import { compareFlattened, renumberPrototypes } from '../../support/compare-flattened.ts';
import { CORPUS, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

export async function runCat(record: UsdCase): Promise<CaseResult> {
  const { input, baseline } = record;
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const text = writeUsda((await catLayer(`${CORPUS}/usd/${input}`, optionsOf(record))).data);
  const expected = readFileSync(`${CORPUS}/usd/${baseline}`, 'utf8');
  if (text === expected) return { passed: true, reason: '' };
  if (!record.kind.startsWith('stage-flatten')) return { passed: false, reason: `found\n${text}expected\n${expected}` };
  const actual = parse(text);
  const differences = compareFlattened(parse(renumberPrototypes(expected, parse(expected), actual)), actual, { assetPath: strip });
  return differences.length === 0 ? { passed: true, reason: 'equal in meaning' } : { passed: false, reason: differences.join('\n') };
}

function parse(text: string): LayerData {
  return parseUsda('flattened.usda', new TextEncoder().encode(text), new ProblemList());
}

/** Paths as the corpus has them. */
function strip(path: string): string {
  return path.replace(/^\/corpus\//, '').replace(`${resolve(CORPUS)}/`, '');
}

function optionsOf({ kind, args }: UsdCase): CatOptions {
  const words = args?.split(/\s+/) ?? [];
  const mask = words[words.indexOf('--mask') + 1];
  return {
    flatten: kind.startsWith('stage-flatten'),
    flattenLayerStack: kind === 'layerstack-flatten',
    layerMetadata: kind === 'layer-metadata',
    // baselines without recorded arguments come from programs that export without the comment
    skipSourceFileComment: args === undefined || words.includes('--skipSourceFileComment'),
    ...(words.includes('--mask') && mask !== undefined ? { mask } : {}),
  };
}
