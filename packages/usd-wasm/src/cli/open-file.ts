import { dirname } from 'node:path';
import { FileResolver, initKernel, Stage, type StageOptions } from '../node.ts';

/** Opens a file on disk as a stage, with everything it refers to. Search paths (`a/b.usd`) are looked for beside the file too, as OpenUSD does. */
export async function openFile(file: string, options: Partial<StageOptions> = {}): Promise<Stage> {
  await initKernel();
  return Stage.open(file, { resolver: new FileResolver([dirname(file)]), ...options });
}
