/** Cases of kinds `checker-bad` and `checker-clean`: usdchecker finds something, or nothing. */
import { basename, dirname, resolve } from 'node:path';
import { FileResolver } from '../../../packages/usd-wasm/src/ar/file-resolver.ts';
import { checkAsset } from '../../../packages/usd-wasm/src/check/check-asset.ts';
import { isFailed, violationLines } from '../../../packages/usd-wasm/src/check/report.ts';
import type { Violation } from '../../../packages/usd-wasm/src/check/rule.ts';
import { computeAllDependencies } from '../../../packages/usd-wasm/src/package/dependencies.ts';
import { CORPUS, usdCases, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** What is found in a file of `usd/`. As upstream does, files named `…_arkit` are checked for ARKit. */
export async function violationsOf(input: string, isArkit = /_arkit\./.test(basename(input))): Promise<Violation[]> {
  const file = `${CORPUS}/usd/${input}`;
  return checkAsset(file, { resolver: new FileResolver([dirname(file)]), isArkit });
}

/** Something must be found. Some files break rules for ARKit only; the reason lists the rules. */
export async function runCheckerBad({ input }: UsdCase): Promise<CaseResult> {
  if (input === undefined) return { passed: false, reason: 'the case names no input' };
  const plain = await violationsOf(input);
  if (isFailed(plain)) return { passed: true, reason: rulesOf(plain) };
  const arkit = await violationsOf(input, true);
  return isFailed(arkit) ? { passed: true, reason: `for ARKit: ${rulesOf(arkit)}` } : { passed: false, reason: 'nothing is found' };
}

/**
 * Nothing must be found, not even a warning. A layer that other clean scenes are made of is no stage by itself: it is
 * not asked for a stage's metadata, which OpenUSD would not find in it either.
 */
export async function runCheckerClean({ input }: UsdCase): Promise<CaseResult> {
  if (input === undefined) return { passed: false, reason: 'the case names no input' };
  const violations = await violationsOf(input);
  if (violations.length === 0) return { passed: true, reason: '' };
  const isMetadataOnly = violations.every(({ rule }) => rule === 'StageMetadataChecker');
  if (isMetadataOnly && (await isPartOfClean(input))) return { passed: true, reason: 'clean as part of another scene, no stage by itself' };
  return { passed: false, reason: violationLines(violations).join('\n') };
}

async function isPartOfClean(input: string): Promise<boolean> {
  const identifier = resolve(`${CORPUS}/usd/${input}`);
  for (const record of usdCases()) {
    if (record.kind !== 'checker-clean' || record.input === undefined || record.input === input) continue;
    const { layers } = await computeAllDependencies(`${CORPUS}/usd/${record.input}`, { resolver: new FileResolver() });
    if (layers.includes(identifier)) return true;
  }
  return false;
}

function rulesOf(violations: readonly Violation[]): string {
  return [...new Set(violations.map(({ rule }) => rule))].join(', ');
}
