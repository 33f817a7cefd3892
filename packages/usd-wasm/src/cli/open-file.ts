import { FileResolver, openStage, type Stage, type StageOptions } from '../node.ts';

/** Opens a file on disk as a stage, with everything it refers to. */
export async function openFile(file: string, options: Partial<StageOptions> = {}): Promise<Stage> {
  return openStage(file, { resolver: new FileResolver(), ...options });
}
