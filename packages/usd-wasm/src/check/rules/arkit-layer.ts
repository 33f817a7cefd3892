import { extensionOf, LAYER_EXTENSIONS } from '../extension.ts';
import type { Rule } from '../rule.ts';

export const arkitLayer: Rule = {
  name: 'ARKitLayerChecker',
  description: 'All included layers that participate in composition should have one of the core supported file formats.',
  *checkLayer(identifier) {
    const format = extensionOf(identifier);
    if (!LAYER_EXTENSIONS.includes(format))
      yield { message: `Layer '${identifier}' has unsupported formatId '${format}'.`, asset: identifier };
  },
};
