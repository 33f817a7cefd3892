import type { LayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';

/** A layer from its text. */
export function parseText(text: string, asset = 'text.usda'): LayerData {
  return parseUsda(asset, new TextEncoder().encode(text), new ProblemList());
}
