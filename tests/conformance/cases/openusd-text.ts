/** Texts that OpenUSD 22 wrote (flattened stages, layers of crates): read, written, and read again, they come out byte for byte. */
import { ProblemList } from '../../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../../packages/usd-wasm/src/usda/parser.ts';
import { UsdaParseError } from '../../../packages/usd-wasm/src/usda/usda-error.ts';
import { writeUsda } from '../../../packages/usd-wasm/src/usda/writer.ts';
import { differences } from '../../support/compare-layer-data.ts';
import { corpusBytes, expectedFiles } from '../../support/corpus.ts';
import { sameInAnyOrder } from '../../support/text-layers.ts';
import type { CaseResult } from './case-result.ts';

const SCHEMA_TESTS = 'usdwg/test_assets/schemaTests/usdGeom/meshes';

/** Flattened stages in which an attribute's type and its value come from different layers; OpenUSD cannot read them back either. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'imaging/testUsdImagingGLShadeMaterial/coloredCubes.usda.flat.usda',
  'imaging/testUsdImagingGLShadeMaterial_Delegate/coloredCubes.usda.flat.usda',
  `${SCHEMA_TESTS}/normals_types/normalsTypes.usda.flat.usda`,
  `${SCHEMA_TESTS}/points_types/pointsTypes.usda.flat.usda`,
]);

/** All texts in `expected/`, below it. */
export function openUsdTexts(): string[] {
  const files = expectedFiles().flatMap((record) => [record.flat, record.layer].filter((file): file is string => typeof file === 'string'));
  return [...new Set(files)];
}

/** A text that no reader takes back must be refused. */
export async function runOpenUsdText(file: string): Promise<CaseResult> {
  const bytes = corpusBytes(`expected/${file}`);
  let layer: ReturnType<typeof parseUsda>;
  try {
    layer = parseUsda(file, bytes, new ProblemList());
  } catch (error) {
    if (!(error instanceof UsdaParseError)) throw error;
    return UNREADABLE.has(file) ? { passed: true, reason: 'refused: no reader takes it back' } : { passed: false, reason: error.message };
  }
  if (UNREADABLE.has(file)) return { passed: false, reason: 'is read, though no reader should' };
  const text = writeUsda(layer);
  const again = parseUsda(`${file} (written)`, new TextEncoder().encode(text), new ProblemList());
  const found = differences(layer, again, { equivalent: sameInAnyOrder }, 3);
  if (text !== new TextDecoder().decode(bytes)) found.push('another text is written');
  return { passed: found.length === 0, reason: found.join('; ') };
}
