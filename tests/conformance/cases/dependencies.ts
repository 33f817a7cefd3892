/** Cases of kind `dependencies`: what a layer names, as OpenUSD's testUsdUtilsDependencyExtractor prints it. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { FileResolver } from '../../../packages/usd-wasm/src/ar/file-resolver.ts';
import { extractExternalReferences } from '../../../packages/usd-wasm/src/package/dependencies.ts';
import { externalReferencesText } from '../../../packages/usd-wasm/src/package/external-references-text.ts';
import { CORPUS, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

export async function runDependencies({ input, baseline }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const found = await extractExternalReferences(`${CORPUS}/usd/${input}`, { resolver: new FileResolver() });
  const text = externalReferencesText(basename(input), found);
  const expected = readFileSync(`${CORPUS}/usd/${baseline}`, 'utf8');
  return text.trim() === expected.trim() ? { passed: true, reason: '' } : { passed: false, reason: `found\n${text}expected\n${expected}` };
}
