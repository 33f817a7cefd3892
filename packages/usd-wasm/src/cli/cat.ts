import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  FileResolver,
  flattenStage,
  isSearchPath,
  ProblemList,
  readLayer,
  splitPackagePath,
  writeUsda,
  writeUsdc,
  type AssetPath,
  type Layer,
} from '../node.ts';
import { openFile } from './open-file.ts';

/** A file's root layer, or its composed scene as one layer, as text or as a crate. */
export async function printLayer(file: string, isFlat: boolean, format: 'usda' | 'usdc'): Promise<string | Uint8Array> {
  const layer = isFlat ? flattenStage(await openFile(file), { assetPath: writtenAssetPath }) : await rootLayerOf(file);
  return format === 'usdc' ? writeUsdc(layer.data) : writeUsda(layer.data);
}

async function rootLayerOf(file: string): Promise<Layer> {
  const identifier = resolve(file);
  return readLayer(identifier, await new FileResolver().read(identifier), new ProblemList());
}

/** Absolute, except that a search path (`a/b.png`) to what does not exist stays as authored. */
function writtenAssetPath({ path, resolvedPath }: AssetPath): string {
  if (resolvedPath === undefined || resolvedPath === '') return path;
  if (!isSearchPath(path)) return resolvedPath;
  return existsSync(splitPackagePath(resolvedPath)?.package ?? resolvedPath) ? resolvedPath : path;
}
