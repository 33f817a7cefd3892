/** Crates of the corpus against the text that OpenUSD makes of them, and against our own writer. */
import { describe, expect, test } from 'vitest';
import { readLayer, sniffFormat } from '../../packages/usd-wasm/src/sdf/file-format.ts';
import type { LayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import type { Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { CrateLayerData } from '../../packages/usd-wasm/src/usdc/reader.ts';
import { UsdcReadError } from '../../packages/usd-wasm/src/usdc/usdc-error.ts';
import { writeUsdc } from '../../packages/usd-wasm/src/usdc/writer.ts';
import type { Value } from '../../packages/usd-wasm/src/vt/value.ts';
import { differences } from '../support/compare-layer-data.ts';
import { CORPUS_NOTE, corpusBytes, expectedFiles, hasCorpus, usdCases } from '../support/corpus.ts';

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

/** Text lists properties by name; crates in the order of authoring. */
function meansTheSame(_path: Path, field: string, crate: Value | undefined, text: Value | undefined): boolean {
  if (field === 'properties') return JSON.stringify(sorted(crate)) === JSON.stringify(sorted(text));
  if (crate === undefined) return field in STATED && text?.value === STATED[field];
  return text?.type === 'unregistered' && FORGOTTEN_FIELDS.has(field);
}

function sorted(value: Value | undefined): string[] | undefined {
  return value?.type === 'tokenVector' ? [...value.value].sort() : undefined;
}

const withText = expectedFiles().filter((record) => record.trusted && typeof record.layer === 'string');
const crates = withText.filter((record) => sniffFormat(corpusBytes(record.file)) === 'usdc');
const corrupt = usdCases().filter((record) => record.kind === 'must-not-crash');

describe.skipIf(!hasCorpus)(`crates of the corpus${CORPUS_NOTE}`, () => {
  test('are as many as there were', () => {
    expect([crates.length, corrupt.length]).toEqual([48, 1]);
  });

  test.each(crates.map((record) => [record.file, record.layer as string]))('%s reads as OpenUSD reads it', (file, layer) => {
    const problems = new ProblemList();
    const crate = readLayer(file, corpusBytes(file), problems).data;
    const text = parseUsda(layer, corpusBytes(`expected/${layer}`), problems);
    expect(differences(crate, text, { equivalent: meansTheSame })).toEqual([]);
    expect(problems.problems).toEqual([]);
  });

  test.each(crates.map((record) => [record.file]))('%s is the same when written and read again', (file) => {
    const crate = new CrateLayerData(file, corpusBytes(file));
    expect(differences(crate, new CrateLayerData(file, writeUsdc(crate)))).toEqual([]);
  });

  test.each(corrupt.map((record) => [`usd/${record.input as string}`]))('%s gives a typed error', (file) => {
    expect(() => readEverything(new CrateLayerData(file, corpusBytes(file)))).toThrow(UsdcReadError);
  });

  test('a text and a crate of one scene read equal', () => {
    const folder = 'usd/usd/testUsdPrimRange';
    const crate = new CrateLayerData('crate', corpusBytes(`${folder}/testHasDefiningSpecifier.usdc`));
    const text = parseUsda('text', corpusBytes(`${folder}/testHasDefiningSpecifier.usda`), new ProblemList());
    expect(differences(crate, text, { equivalent: meansTheSame })).toEqual([]);
  });
});

function readEverything(data: LayerData): void {
  for (const path of data.paths()) for (const name of data.fieldNames(path)) data.field(path, name);
}
