import { existsSync } from 'node:fs';
import { isSearchPath, splitPackagePath, type AssetPath } from '../node.ts';

/** What flattening writes for an asset path: absolute, except that a search path (`a/b.png`) to what does not exist stays as authored. */
export function writtenAssetPath({ path, resolvedPath }: AssetPath): string {
  if (resolvedPath === undefined || resolvedPath === '') return path;
  if (!isSearchPath(path)) return resolvedPath;
  return existsSync(splitPackagePath(resolvedPath)?.package ?? resolvedPath) ? resolvedPath : path;
}
