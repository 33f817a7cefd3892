/**
 * `npm run docs`: the documentation site, `dist-docs/`, from docs/ with the element as it is built in `dist/embed`.
 * `npm run docs -- --dev` serves it while it is written.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eveningSky } from './evening-sky.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

if (!existsSync(at('dist/embed/usd-view.js'))) {
  console.error('dist/embed is not built: run "npm run build" first');
  process.exit(1);
}
const shown = at('docs/public');
for (const [from, to] of [
  ['dist/embed', 'embed'],
  // Laid as in `dist`, where the builder looks for them.
  ['dist/samples/sample.usdz', 'samples/sample.usdz'],
  ['docs/sample.jpg', 'samples/sample.jpg'],
  ['public/icons/proscenium.svg', 'icons/proscenium.svg'],
]) {
  rmSync(join(shown, to), { recursive: true, force: true });
  cpSync(at(from), join(shown, to), { recursive: true });
}
// What frames need lies beside the folder of the element.
for (const page of ['embed.html', 'builder.html']) cpSync(at(`dist/${page}`), join(shown, page));
mkdirSync(join(shown, 'models'), { recursive: true });
writeFileSync(join(shown, 'models/evening.hdr'), eveningSky(256, 128));

const require = createRequire(import.meta.url);
const vitepress = join(dirname(require.resolve('vitepress/package.json')), 'bin/vitepress.js');
const command = process.argv.includes('--dev') ? 'dev' : 'build';
const { status } = spawnSync(process.execPath, [vitepress, command, at('tools/docs-site')], { stdio: 'inherit' });
process.exitCode = status ?? 1;
