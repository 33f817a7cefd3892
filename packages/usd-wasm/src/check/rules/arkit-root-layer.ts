import { extensionOf } from '../extension.ts';
import type { Rule } from '../rule.ts';

/** The first viewers of packages needed this. OpenUSD 22.11 no longer asks for it, so it is said as a warning. */
export const arkitRootLayer: Rule = {
  name: 'ARKitRootLayerChecker',
  description:
    'The root layer of the package must be a usdc file and must not include any external dependencies that participate in stage composition.',
  *checkStage({ stage, rootPackage }) {
    const { usedLayers, rootLayer } = stage;
    if (usedLayers.length > 1)
      yield {
        severity: 'warning',
        message: `The stage uses ${usedLayers.length} layers. It should contain a single usdc layer to be compatible with ARKit's implementation of usdz.`,
      };
    if (extensionOf(rootLayer.identifier) === 'usdc') return;
    yield {
      severity: 'warning',
      message:
        rootPackage === undefined
          ? `Root layer of the stage '${rootLayer.identifier}' does not have the '.usdc' extension.`
          : `First file (${rootLayer.identifier.slice(rootPackage.length + 1, -1)}) in usdz package '${rootPackage}' does not have the .usdc extension.`,
      asset: rootLayer.identifier,
    };
  },
};
