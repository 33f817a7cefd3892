import { anchorAssetPath, splitPackagePath } from '../../ar/asset-path.ts';
import { assetExists } from '../../ar/resolver.ts';
import type { Finding, Rule } from '../rule.ts';

/**
 * Paths out of a package: to files that are not in it. What a path does not find in the package but beside it is meant
 * to lead out too, as resolvers that look beside the package would have it.
 */
export const arkitPackageEncapsulation: Rule = {
  name: 'ARKitPackageEncapsulationChecker',
  description:
    'If the root layer is a package, then the composed stage should not contain references to files outside the package. In other words, the package should be entirely self-contained.',
  async checkStage({ rootPackage, dependencies, resolver }) {
    if (rootPackage === undefined) return [];
    const findings = new Map<string, Finding>();
    for (const node of dependencies.nodes.values()) {
      for (const { kind, assetPath, identifier, files, specPath } of node.dependencies) {
        const beside = anchorAssetPath(assetPath, `${rootPackage.slice(0, rootPackage.lastIndexOf('/') + 1)}_`);
        const isInside = splitPackagePath(identifier)?.package === rootPackage;
        if (isInside && (files.length > 0 || !(await assetExists(resolver, beside)))) continue;
        const what = kind === 'asset' || kind === 'clipTemplate' ? 'asset reference' : 'loaded layer';
        const found = isInside ? beside : identifier;
        findings.set(found, {
          message: `Found ${what} '${found}' that does not belong to the package '${rootPackage}'.`,
          path: specPath,
          asset: node.identifier,
        });
      }
    }
    return findings.values();
  },
};
