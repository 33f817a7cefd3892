/** Packages made of scenes of the corpus. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FileResolver } from '../../packages/usd-wasm/src/ar/file-resolver.ts';
import { createNewARKitUsdzPackage, createNewUsdzPackage } from '../../packages/usd-wasm/src/package/create-usdz-package.ts';
import { RemappedLayerData } from '../../packages/usd-wasm/src/package/asset-paths.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { openArchive } from '../../packages/usd-wasm/src/usdz/archive.ts';
import { differences } from '../support/compare-layer-data.ts';
import { CORPUS, CORPUS_NOTE, corpusBytes, hasCorpus } from '../support/corpus.ts';
import { sameInAnyOrder } from '../support/text-layers.ts';

/** Packages of OpenUSD's testUsdUtilsCreateNewUsdzPackage: input, list of contents, name of the first layer, for ARKit. */
const PACKAGES: readonly (readonly [input: string, contents: string, first?: string | undefined, arkit?: true])[] = [
  ['root.usd', 'contents'],
  ['root.usd', 'contents_renamed', 'myLayer.usd'],
  ['root.usd', 'contents_arkit', undefined, true],
  ['root.usd', 'contents_arkit_renamed', 'myLayer.usd', true],
  ['flat.usda', 'contents_arkit_flat', undefined, true],
  ['nestedUsdz/combined.usda', 'contents_nested'],
  ['nestedUsdz/combined2.usda', 'contents_nested_2'],
  ['udim/root.usda', 'contents_udim'],
  ['remapClipsDir/root.usda', 'contents_remap_clips_dir'],
  ['filterMetadataKeys/filter_metadata_keys.usda', 'contents_filter_metadata_keys'],
  ['usdzContextDepAssets/usdzContextDepAssets.usda', 'contents_usdz_context_dep_assets'],
];

describe.skipIf(!hasCorpus)(`${PACKAGES.length} packages with the contents that OpenUSD gives them${CORPUS_NOTE}`, () => {
  const folder = `${CORPUS}/usd/usdUtils/testUsdUtilsCreateNewUsdzPackage`;
  const cases = PACKAGES.map(([input, contents, first, arkit]) => ({ input, contents, first, arkit }));
  test.each(cases)('$input has $contents', async ({ input, contents, first, arkit }) => {
    const create = arkit === true ? createNewARKitUsdzPackage : createNewUsdzPackage;
    const bytes = await create(`${folder}/${input}`, {
      resolver: new FileResolver(),
      ...(first === undefined ? {} : { firstLayerName: first }),
    });
    const names = openArchive(input, bytes).entries.map((entry) => entry.name);
    const expected = readFileSync(`${folder}/baseline/${contents}.txt`, 'utf8').trim().split('\n');
    expect(names[0]).toBe(expected[0]);
    expect([...names].sort()).toEqual([...expected].sort());
  });
});

describe.skipIf(!hasCorpus)(`asset paths that are modified${CORPUS_NOTE}`, () => {
  const folder = 'usd/usdUtils/testUsdUtilsModifyAssetPaths';
  const read = (name: string): ReturnType<typeof parseUsda> => parseUsda(name, corpusBytes(`${folder}/${name}`), new ProblemList());

  test('stand in every place that OpenUSD finds them in', () => {
    const modified = new RemappedLayerData(read('layer.usda'), (path) => `SUCCESS_${path}`);
    expect(differences(modified, read('baseline/modified.usda'), { equivalent: sameInAnyOrder })).toEqual([]);
  });
});
