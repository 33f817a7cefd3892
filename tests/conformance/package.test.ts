/** Packages of the corpus: written again, and paths into them. */
import { describe, expect, test } from 'vitest';
import { FileResolver } from '../../packages/usd-wasm/src/ar/file-resolver.ts';
import { PackageResolver } from '../../packages/usd-wasm/src/ar/package-resolver.ts';
import { readLayer, sniffFormat } from '../../packages/usd-wasm/src/sdf/file-format.ts';
import type { Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { openArchive } from '../../packages/usd-wasm/src/usdz/archive.ts';
import { UsdzError } from '../../packages/usd-wasm/src/usdz/usdz-error.ts';
import { writePackage } from '../../packages/usd-wasm/src/usdz/writer.ts';
import { CORPUS, CORPUS_NOTE, corpusBytes, expectedFiles, hasCorpus } from '../support/corpus.ts';

const opened = expectedFiles().filter(({ file, trusted, layer }) => file.endsWith('.usdz') && trusted && typeof layer === 'string');
/** What OpenUSD refuses because the first file is no USD layer. The second we read, with a word about it. */
const withoutLayer = [
  'usd/usd/testUsdZipFile/test_reader.usdz',
  'usd/usdMtlx/testUsdMtlxFileFormat/include/Include.usdz',
  'usd/usdMtlx/testUsdMtlxFileFormat/usd_preview_surface_gold.usdz',
];
const layerNotFirst = 'usd/usd/testUsdUsdzFileFormat/first_file_not_usd.usdz';

describe.skipIf(!hasCorpus)(`packages of the corpus${CORPUS_NOTE}`, () => {
  test.each(opened.map((record) => [record.file]))('%s has the same files when written and read again', (file) => {
    const archive = openArchive(file, corpusBytes(file));
    const files = archive.entries.map(({ name }) => ({ name, bytes: archive.read(name) }));
    const problems = new ProblemList();
    const again = openArchive(file, writePackage(files), problems);
    expect(problems.problems).toEqual([]);
    expect(again.entries.map((entry) => entry.name)).toEqual(files.map((entry) => entry.name));
    for (const { name, bytes } of files) expect(Buffer.compare(again.read(name), bytes)).toBe(0);
  });

  test.each(withoutLayer)('%s holds no layer, and says so', (file) => {
    expect(() => readLayer(file, corpusBytes(file), new ProblemList())).toThrow(UsdzError);
    expect(openArchive(file, corpusBytes(file)).entries.length).toBeGreaterThan(0);
  });

  test('a package whose first file is a picture opens its first layer, and says so', () => {
    const problems = new ProblemList();
    expect(readLayer(layerNotFirst, corpusBytes(layerNotFirst), problems).identifier).toBe(`${layerNotFirst}[test.usda]`);
    expect(problems.problems.map((problem) => problem.code)).toEqual(['usdz-first-entry']);
  });

  test('files in packages in packages are found by their identifiers', async () => {
    const resolver = new PackageResolver(new FileResolver());
    const outer = resolver.identify(`${CORPUS}/usd/usd/testUsdUsdzResolver/test.usdz`, undefined);
    const nested = resolver.identify('nested.usdz[subdir/file_3.usdc]', `${outer}[file_1.usdc]`);
    expect(nested).toBe(`${outer}[nested.usdz[subdir/file_3.usdc]]`);
    expect(sniffFormat(await resolver.read(nested))).toBe('usdc');
  });

  test.each(['search_refs.usdz', 'search_refs_sub.usdz', 'nested_search_refs.usdz', 'nested_search_refs_sub.usdz'])(
    '%s: search paths are looked for beside the layer, then from the root layer',
    async (name) => {
      const resolver = new PackageResolver(new FileResolver());
      const read = async (identifier: string): Promise<ReturnType<typeof readLayer>> =>
        readLayer(identifier, await resolver.read(identifier), new ProblemList());
      const root = await read(resolver.identify(`${CORPUS}/usd/usd/testUsdUsdzFileFormat/${name}`, undefined));
      const middle = await read(resolver.identify('./refs/ref.usd', root.identifier));
      const found = await Promise.all(
        ['sub/ref_in_subdir.usd', 'sub/ref_in_root.usd', 'sub/ref_in_both.usd'].map((path) =>
          read(resolver.identify(path, middle.identifier)),
        ),
      );
      const attributes = found.map((layer, i) => layer.childNames(`/Ref_${i + 1}` as Path, 'properties'));
      expect(attributes).toEqual([['attr_in_subdir'], ['attr_in_root'], ['attr_in_both']]);
    },
  );
});
