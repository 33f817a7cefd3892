import { folderOf, splitInnermost } from '../ar/asset-path.ts';

/** What follows the last dot of a file's name, in packages of the innermost one; `''` where there is none. */
export function extensionOf(path: string): string {
  const name = splitInnermost(path)?.inner ?? path;
  const base = name.slice(folderOf(name).length);
  const dot = base.lastIndexOf('.');
  return dot < 0 ? '' : base.slice(dot + 1);
}

export const LAYER_EXTENSIONS: readonly string[] = ['usd', 'usda', 'usdc', 'usdz'];
/** Images that a package may hold (usdz.md section 1). */
export const PACKAGE_IMAGE_EXTENSIONS: readonly string[] = ['exr', 'jpg', 'jpeg', 'png', 'avif'];
