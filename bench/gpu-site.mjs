/**
 * `node bench/gpu-site.mjs`: puts everything the page `gpu.html` needs into `.cache/gpu-site` (benchmark pages, the built
 * app, input files), for a machine that only serves a folder. Needs `dist/`.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { generatedFiles } from './generate.mjs';
import { serveBenchPages } from './pages.mjs';

const site = '.cache/gpu-site';
const corpus = `${process.env['USD_CORPUS'] ?? '../shared/corpus'}/usdwg/test_assets`;
const names = ['AnimatedCube', 'AnimatedTriangle', 'BoxAnimated', 'CesiumMan', 'InterpolationTest', 'RiggedFigure', 'RiggedSimple'];
const [, crate] = generatedFiles();
const files = [...names.map((name) => `${corpus}/USDZ/${name}/${name}.usdz`), `${corpus}/RoughnessTest/RoughnessTest.usdz`, crate];

const server = await serveBenchPages(['gpu', 'ours-frame', 'three-frame', 'three-open', 'share', 'share-window', 'views']);
await server.close();
rmSync(site, { recursive: true, force: true });
cpSync('.cache/bench-pages', site, { recursive: true });
cpSync('dist', `${site}/app`, { recursive: true });
mkdirSync(`${site}/files`);
const present = files.filter((file) => existsSync(file));
for (const file of present) copyFileSync(file, `${site}/files/${basename(file)}`);
writeFileSync(`${site}/files/list.json`, JSON.stringify(present.map((file) => basename(file))));
console.log(`${site}: ${present.length} input files`);
