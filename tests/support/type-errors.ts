import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** How a program may look for the types of a package, with the kind of modules it then has. */
export const MODULE_RESOLUTIONS = [
  ['bundler', 'esnext'],
  ['nodenext', 'nodenext'],
] as const;

/** What the compiler says of `use.ts` in a project folder, with the packages installed there. */
export function typeErrors(project: string, moduleResolution: string, module: string): string {
  const config = join(project, `tsconfig.${moduleResolution}.json`);
  const compilerOptions = { strict: true, noEmit: true, target: 'es2023', lib: ['es2023', 'dom'], types: [], module, moduleResolution };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  return stdout + stderr;
}
