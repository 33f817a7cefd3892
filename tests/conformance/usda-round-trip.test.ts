/**
 * Texts that OpenUSD 22 wrote (flattened stages, layers of crates): they are read, written, and read again, and come out byte
 * for byte.
 */
import { describe, expect, test } from 'vitest';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { UsdaParseError } from '../../packages/usd-wasm/src/usda/usda-error.ts';
import { writeUsda } from '../../packages/usd-wasm/src/usda/writer.ts';
import { differences } from '../support/compare-layer-data.ts';
import { CORPUS_NOTE, corpusBytes, expectedFiles, hasCorpus } from '../support/corpus.ts';
import { sameInAnyOrder } from '../support/text-layers.ts';

const SCHEMA_TESTS = 'usdwg/test_assets/schemaTests/usdGeom/meshes';

/** Flattened stages in which an attribute's type and its value come from different layers; OpenUSD cannot read them back either. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'imaging/testUsdImagingGLShadeMaterial/coloredCubes.usda.flat.usda',
  'imaging/testUsdImagingGLShadeMaterial_Delegate/coloredCubes.usda.flat.usda',
  `${SCHEMA_TESTS}/normals_types/normalsTypes.usda.flat.usda`,
  `${SCHEMA_TESTS}/points_types/pointsTypes.usda.flat.usda`,
]);

const files = [
  ...new Set(expectedFiles().flatMap((record) => [record.flat, record.layer].filter((file): file is string => typeof file === 'string'))),
];

describe.skipIf(!hasCorpus)(`${files.length} texts of OpenUSD${CORPUS_NOTE}`, () => {
  test('are read, and are the same when written and read again', () => {
    const refused: string[] = [];
    const changed: string[] = [];
    const otherText: string[] = [];
    for (const file of files) {
      const bytes = corpusBytes(`expected/${file}`);
      let layer: ReturnType<typeof parseUsda>;
      try {
        layer = parseUsda(file, bytes, new ProblemList());
      } catch (error) {
        if (!(error instanceof UsdaParseError)) throw error;
        refused.push(file);
        continue;
      }
      const text = writeUsda(layer);
      const again = parseUsda(`${file} (written)`, new TextEncoder().encode(text), new ProblemList());
      const found = differences(layer, again, { equivalent: sameInAnyOrder }, 3);
      if (found.length > 0) changed.push(`${file}: ${found.join('; ')}`);
      if (text !== new TextDecoder().decode(bytes)) otherText.push(file);
    }
    expect(new Set(refused)).toEqual(UNREADABLE);
    expect(changed).toEqual([]);
    expect(otherText).toEqual([]);
    const written = files.length - refused.length;
    process.stdout.write(`texts of OpenUSD: ${files.length} files, ${written} written byte for byte, ${refused.length} not readable\n`);
    expect(written).toBeGreaterThan(1000);
  });
});
