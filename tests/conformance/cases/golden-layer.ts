/** Crates and root layers of packages against the text that OpenUSD makes of them, and a corrupt crate. */
import { readLayer } from '../../../packages/usd-wasm/src/sdf/file-format.ts';
import type { LayerData } from '../../../packages/usd-wasm/src/sdf/layer-data.ts';
import type { Path } from '../../../packages/usd-wasm/src/sdf/path.ts';
import { ProblemList } from '../../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../../packages/usd-wasm/src/usda/parser.ts';
import { UsdcReadError } from '../../../packages/usd-wasm/src/usdc/usdc-error.ts';
import type { Value } from '../../../packages/usd-wasm/src/vt/value.ts';
import { differences } from '../../support/compare-layer-data.ts';
import { corpusBytes, type ExpectedFile, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** Fields that text always states, with what a crate without them means. */
const STATED: Readonly<Record<string, unknown>> = { custom: false, variability: 'varying', specifier: 'over' };

/** Metadata of an old release that OpenUSD no longer knows: a crate keeps its type, text keeps its text. */
const FORGOTTEN_FIELDS: ReadonlySet<string> = new Set([
  'clipActive',
  'clipAssetPaths',
  'clipManifestAssetPath',
  'clipPrimPath',
  'clipTimes',
]);

/** Packages with compressed or unaligned entries on purpose, and the words about them. */
const EXPECTED_PROBLEMS: Readonly<Record<string, readonly string[]>> = {
  'usd/bin/testUsdChecker/bad/badUsdz.usdz': ['usdz-compressed', 'usdz-unaligned'],
};

/** For `differences`: text lists properties by name, crates in the order of authoring. */
export function crateMeansText(_path: Path, field: string, crate: Value | undefined, text: Value | undefined): boolean {
  if (field === 'properties') return JSON.stringify(sorted(crate)) === JSON.stringify(sorted(text));
  if (crate === undefined) return field in STATED && text?.value === STATED[field];
  return text?.type === 'unregistered' && FORGOTTEN_FIELDS.has(field);
}

function sorted(value: Value | undefined): string[] | undefined {
  return value?.type === 'tokenVector' ? [...value.value].sort() : undefined;
}

/** The layer of a crate, or the root layer of a package, says what the recorded text says, and nothing is reported about it. */
export async function runGoldenLayer({ file, layer }: ExpectedFile): Promise<CaseResult> {
  if (typeof layer !== 'string') return { passed: false, reason: 'the record names no text' };
  const problems = new ProblemList();
  const { data, identifier } = readLayer(file, corpusBytes(file), problems);
  const found = differences(data, parseUsda(layer, corpusBytes(`expected/${layer}`), problems), { equivalent: crateMeansText });
  if (file.endsWith('.usdz') && !identifier.startsWith(`${file}[`)) found.push(`the layer is named ${identifier}`);
  const codes = problems.problems.map(({ code }) => code).join(' ');
  const expected = (EXPECTED_PROBLEMS[file] ?? []).join(' ');
  if (codes !== expected) found.push(`reported: ${codes}`);
  return { passed: found.length === 0, reason: found.join('\n') };
}

/** Kind `must-not-crash`: reading all of it ends with a typed error. */
export async function runMustNotCrash({ input }: UsdCase): Promise<CaseResult> {
  if (input === undefined) return { passed: false, reason: 'the case names no input' };
  try {
    readEverything(readLayer(input, corpusBytes(`usd/${input}`), new ProblemList()).data);
  } catch (error) {
    return { passed: error instanceof UsdcReadError, reason: String(error) };
  }
  return { passed: false, reason: 'the layer is read' };
}

function readEverything(data: LayerData): void {
  for (const path of data.paths()) for (const name of data.fieldNames(path)) data.field(path, name);
}
