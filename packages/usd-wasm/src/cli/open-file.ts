import { dirname, resolve } from 'node:path';
import { FileResolver, initKernel, ProblemList, readLayer, Stage, type Layer, type Reporter, type StageOptions } from '../node.ts';

/** Opens a file on disk as a stage, with everything it refers to. Search paths (`a/b.usd`) are looked for beside the file too, as OpenUSD does. */
export async function openFile(file: string, options: Partial<StageOptions> = {}): Promise<Stage> {
  await initKernel();
  return Stage.open(file, { resolver: new FileResolver([dirname(file)]), ...options });
}

/** Reads a file on disk as a layer by itself: of a package, the root layer. */
export async function readFile(file: string, reporter: Reporter = new ProblemList()): Promise<Layer> {
  await initKernel();
  const identifier = resolve(file);
  return readLayer(identifier, await new FileResolver().read(identifier), reporter);
}
