/**
 * Flattened layer stacks compose to the scene that they were made of: a stage is opened, its layer stack made one layer, and the stage
 * of that layer flattened beside that of the original.
 */
import { dirname, resolve } from 'node:path';
import { FileResolver, flattenLayerStack, flattenStage, Layer, ROOT_PATH, Stage, writeUsda } from 'usd-wasm/node';
import { compareFlattened } from '../../support/compare-flattened.ts';
import { CORPUS } from '../../support/corpus.ts';
import { parseText } from '../../support/parse-text.ts';
import type { CaseResult } from './case-result.ts';

/** @returns undefined where the stage does not open or its root has no sublayers */
export async function runFlattenedLayerStack(file: string): Promise<CaseResult | undefined> {
  const path = resolve(CORPUS, file);
  const resolver = new FileResolver([dirname(path)]);
  const original = await Stage.open(path, { resolver }).catch(() => undefined);
  if (original === undefined || original.cache.layerStack.layers.length < 3) return undefined;
  // written and read, so that the text carries all of it
  const data = parseText(writeUsda(flattenLayerStack(original).data));
  const identifier = `${dirname(path)}/flattened layer stack.usda`;
  const flat = await Stage.open(identifier, { resolver, layers: [new Layer(identifier, data, 'usda')] });
  const found = compareFlattened(flattenStage(original).data, flattenStage(flat).data, {
    assetPath: (asset) => asset,
    // as in OpenUSD, the metadata of sublayers come along
    isKnown: (specPath, _field, expected) => specPath === ROOT_PATH && expected === undefined,
  });
  return { passed: found.length === 0, reason: found.slice(0, 4).join('\n') };
}
