import { extensionOf, PACKAGE_IMAGE_EXTENSIONS } from '../extension.ts';
import type { Rule } from '../rule.ts';
import { earliestValue, inputsOf, isConnectable } from '../shading.ts';

/** What many applications can read, but not all. */
const UNPORTABLE: ReadonlySet<string> = new Set(['bmp', 'tga', 'hdr', 'tif', 'tx', 'zfile']);

export const texture: Rule = {
  name: 'TextureChecker',
  description: `Texture files should be readable by intended client 
(only .jpg, .jpeg or .png for consumer-level USDZ).`,
  *checkPrim(prim, { rootPackage, isArkit }) {
    if ((rootPackage === undefined && !isArkit) || !isConnectable(prim)) return;
    for (const input of inputsOf(prim)) {
      const { typeName, path } = input;
      if (typeName !== 'asset' && typeName !== 'asset[]') continue;
      const value = earliestValue(input);
      const assets = value?.type === 'asset' ? [value.value] : value?.type === 'asset[]' ? value.value : [];
      for (const asset of assets) {
        if (asset.path === '') continue;
        const extension = extensionOf(asset.path).toLowerCase();
        if (isArkit && UNPORTABLE.has(extension))
          yield { message: `Texture <${path}> with asset @${asset.path}@ has non-portable file format.`, path };
        else if (!PACKAGE_IMAGE_EXTENSIONS.includes(extension))
          yield { message: `Texture <${path}> with asset @${asset.path}@ has unknown file format.`, path };
      }
    }
  },
};
