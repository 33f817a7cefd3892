/**
 * Cases of what usdcat writes: kinds `layer-roundtrip` with arguments, `layer-metadata`, `layerstack-flatten`, `stage-flatten` and
 * `stage-flatten-masked`. The texts are compared to the letter; where a flattened stage differs, see `reason`.
 */
import { readFileSync } from 'node:fs';
import { catLayer, type CatOptions } from '../../../packages/usd-wasm/src/cli/cat.ts';
import { writeUsda } from '../../../packages/usd-wasm/src/usda/writer.ts';
import { CORPUS, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

export async function runCat(record: UsdCase): Promise<CaseResult> {
  const { input, baseline } = record;
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const text = writeUsda((await catLayer(`${CORPUS}/usd/${input}`, optionsOf(record))).data);
  const expected = readFileSync(`${CORPUS}/usd/${baseline}`, 'utf8');
  return text === expected ? { passed: true, reason: '' } : { passed: false, reason: `found\n${text}expected\n${expected}` };
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
