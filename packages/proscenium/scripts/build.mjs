/** Fills `dist/` of the package: what `npm run build:embed` made, without the scripts of the pages around it, and the types. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const built = at('../../dist/embed');
if (!existsSync(join(built, 'usd-view.js'))) throw new Error('dist/embed is not built: run "npm run build" first');

const isOfPages = (path) => /^(?:page-|load-guard)/.test(basename(path));
rmSync(at('dist'), { recursive: true, force: true });
cpSync(built, at('dist'), { recursive: true, filter: (path) => !isOfPages(path) });
execFileSync(process.execPath, [at('../../node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json')], { stdio: 'inherit' });

// Types that no entry reaches are those of the parts inside.
const types = at('dist/types');
const reached = new Set();
for (const entry of ['embed/usd-view', 'embed-page/embed-client', 'embed-page/oembed', 'share/frames/index'])
  reach(join(types, `${entry}.d.ts`));
for (const name of readdirSync(types, { recursive: true })) {
  const path = join(types, name);
  if (path.endsWith('.d.ts') && !reached.has(path)) rmSync(path);
}

function reach(path) {
  if (reached.has(path)) return;
  reached.add(path);
  for (const { groups } of readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"](?<from>\.{1,2}\/[^'"]+)\.ts['"]/g))
    reach(resolve(dirname(path), `${groups.from}.d.ts`));
}
