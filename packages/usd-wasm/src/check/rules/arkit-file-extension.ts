import { extensionOf, LAYER_EXTENSIONS, PACKAGE_IMAGE_EXTENSIONS } from '../extension.ts';
import type { Rule } from '../rule.ts';

export const arkitFileExtension: Rule = {
  name: 'ARKitFileExtensionChecker',
  description: 'Only layer files and textures are allowed in a package.',
  *checkPackage(archive, identifier) {
    for (const { name } of archive.entries) {
      const extension = extensionOf(name);
      if (!LAYER_EXTENSIONS.includes(extension) && !PACKAGE_IMAGE_EXTENSIONS.includes(extension))
        yield {
          message: `File '${name}' in package '${identifier}' has an unknown or unsupported extension '${extension}'.`,
          asset: identifier,
        };
    }
  },
};
