/** Cases of kind `resolve`: what usdresolve prints, without the folders of the machine. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { resolveAssetPath } from '../../../packages/usd-wasm/src/cli/resolve.ts';
import { CORPUS, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** Upstream runs in the folder of the input: a path anchored to the input stands for that. */
export async function runResolve({ input, baseline }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const resolved = await resolveAssetPath(basename(input), `${CORPUS}/usd/${input}`);
  const text = (resolved ?? '').replaceAll(/(?:[A-Za-z]:)?\/.*\//g, '');
  const expected = readFileSync(`${CORPUS}/usd/${baseline}`, 'utf8');
  return text === expected.trim() ? { passed: true, reason: '' } : { passed: false, reason: `found ${text}, expected ${expected}` };
}
