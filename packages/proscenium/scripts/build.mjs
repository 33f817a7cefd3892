/** Fills `dist/` of the package: what `npm run build:embed` made, without the scripts of the pages around it, and the types. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const built = at('../../dist/embed');
if (!existsSync(join(built, 'usd-view.js'))) throw new Error('dist/embed is not built: run "npm run build" first');

const isOfPages = (path) => /^(?:page-|load-guard)/.test(basename(path));
rmSync(at('dist'), { recursive: true, force: true });
cpSync(built, at('dist'), { recursive: true, filter: (path) => !isOfPages(path) });
execFileSync(process.execPath, [at('../../node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json')], { stdio: 'inherit' });
