/**
 * Flattened layer stacks compose to the scene that they were made of: every stage of the corpus whose root has sublayers is opened,
 * its layer stack made one layer, and the stage of that layer flattened beside that of the original.
 */
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileResolver, flattenLayerStack, flattenStage, Layer, ROOT_PATH, Stage, writeUsda } from 'usd-wasm/node';
import { compareFlattened } from '../support/compare-flattened.ts';
import { CORPUS, CORPUS_NOTE, expectedFiles, hasCorpus } from '../support/corpus.ts';
import { parseText } from '../support/parse-text.ts';

/** Where a layer stack cannot be said as one layer, and why. */
const KNOWN_GAPS: Readonly<Record<string, string>> = {
  'usd/usd/testUsdValueClips/ordering/root.usda':
    'value clips of a stronger layer stand above samples of a weaker one; in one layer they stand below',
  'usd/usd/testUsdValueClips/template/layerOffsets/model.usda': 'clip sets by template have no field for an offset of stage time',
  'usdwg/test_assets/foundation/stage_configuration/timeCodesPerSecond/timeCodesPerSecond_0.usda': 'zero time codes per second map no time',
};

/** Runs only files whose path holds this. */
const filter = process.env['FLATTEN_FILES'] ?? '';

async function differences(file: string): Promise<string[] | undefined> {
  const path = resolve(CORPUS, file);
  const resolver = new FileResolver([dirname(path)]);
  const original = await Stage.open(path, { resolver }).catch(() => undefined);
  if (original === undefined) return undefined;
  if (original.cache.layerStack.layers.length < 3) return undefined;
  // written and read, so that the text carries all of it
  const data = parseText(writeUsda(flattenLayerStack(original).data));
  const identifier = `${dirname(path)}/flattened layer stack.usda`;
  const flat = await Stage.open(identifier, { resolver, layers: [new Layer(identifier, data, 'usda')] });
  return compareFlattened(flattenStage(original).data, flattenStage(flat).data, {
    assetPath: (asset) => asset,
    // as in OpenUSD, the metadata of sublayers come along
    isKnown: (specPath, _field, expected) => specPath === ROOT_PATH && expected === undefined,
  });
}

describe.skipIf(!hasCorpus)(`flattened layer stacks${CORPUS_NOTE}`, () => {
  test('compose to the same scene', async () => {
    const failed: string[] = [];
    let cases = 0;
    for (const { file, opened } of expectedFiles()) {
      if (!opened || !file.includes(filter)) continue;
      const found = await differences(file).catch((error: unknown) => [String(error).slice(0, 300)]);
      if (found === undefined) continue;
      cases++;
      if (found.length > 0 !== file in KNOWN_GAPS) failed.push(`${file}\n   ${found.slice(0, 4).join('\n   ')}`);
    }
    process.stdout.write(`flattened layer stacks: ${cases} cases run, ${cases - failed.length} as expected, ${failed.length} failed\n`);
    expect(failed, failed.join('\n')).toEqual([]);
    expect(cases).toBeGreaterThan(filter === '' ? 20 : 0);
  }, 600_000);
});
