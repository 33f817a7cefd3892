import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
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
import { defineCommand, onlyFile } from './command.ts';
import { openFile } from './open-file.ts';

export const cat = defineCommand({
  name: 'cat',
  summary: 'print or convert layers and composed scenes',
  usage: `usd cat FILE [--flatten] [-o OUT.usda]

Prints the root layer as text, or the composed scene as one layer. OUT.usdc writes a crate.
`,
  options: { flatten: { type: 'boolean' }, out: { type: 'string', short: 'o' } },
  async run({ flatten, out }, names, output) {
    const result = await printLayer(onlyFile('cat', names), flatten === true, out?.endsWith('.usdc') === true ? 'usdc' : 'usda');
    await (out === undefined ? output.print(result) : writeFile(out, result));
    return 0;
  },
});

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
