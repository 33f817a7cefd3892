/** Cases of kind `tree`: the text of usdtree, to the letter. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { treeText, type TreeOptions } from '../../../packages/usd-wasm/src/cli/tree.ts';
import { CORPUS, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** Arguments of the cases that record none, by the name of the baseline; as upstream's test list has them. */
const ARGUMENTS: Readonly<Record<string, TreeOptions>> = {
  'output.txt': { flatten: true },
  'output_attributes.txt': { flatten: true, attributes: true, metadata: true },
  'output_fls.txt': { flattenLayerStack: true },
  'output_masked.txt': { flatten: true, attributes: true, metadata: true, mask: '/root/child1' },
  'output_notflattened.txt': { unloaded: true, attributes: true, metadata: true },
  'output_simple.txt': { simple: true },
  'output_unloaded.txt': { flatten: true, unloaded: true },
};

export async function runTree({ input, baseline, args }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const options = args === undefined ? ARGUMENTS[basename(baseline)] : optionsOf(args);
  if (options === undefined) return { passed: false, reason: `no arguments are known for ${basename(baseline)}` };
  const text = await treeText(`${CORPUS}/usd/${input}`, options);
  const expected = readFileSync(`${CORPUS}/usd/${baseline}`, 'utf8');
  return text === expected ? { passed: true, reason: '' } : { passed: false, reason: `found\n${text}expected\n${expected}` };
}

function optionsOf(args: string): TreeOptions {
  const words = args.split(/\s+/);
  const has = (long: string, short: string): boolean => words.includes(`--${long}`) || words.includes(`-${short}`);
  const mask = words[words.indexOf('--mask') + 1];
  return {
    unloaded: words.includes('--unloaded'),
    attributes: has('attributes', 'a'),
    metadata: has('metadata', 'm'),
    simple: has('simple', 's'),
    flatten: has('flatten', 'f'),
    flattenLayerStack: words.includes('--flattenLayerStack'),
    ...(words.includes('--mask') && mask !== undefined ? { mask } : {}),
  };
}
