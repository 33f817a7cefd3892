/**
 * `node bench/usd/start-site.mjs`: puts what measuring start-up takes into `.cache/start-site`, for a machine that only serves a folder with
 * the two headers. There `pages/side.html?start=ours` and `?start=openusd`, each in a browser of its own, post their figures to `/done`.
 */
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FileResolver, Stage } from 'usd-wasm/node';
import { CORPUS } from './corpus.mjs';

const SITE = '.cache/start-site';
const ROOT = 'usdwg/test_assets/USDZ/BoxAnimated/BoxAnimated.usdz';

rmSync(SITE, { recursive: true, force: true });
cpSync('bench/usd/pages', `${SITE}/pages`, { recursive: true });
cpSync('node_modules/three-usdz-loader/external', `${SITE}/openusd`, { recursive: true });
mkdirSync(`${SITE}/ours`);
for (const name of ['index.js', 'stage.js', 'stage-arcs.js', 'stage-usda.js', 'kernel.wasm'])
  copyFileSync(`packages/usd-wasm/dist/${name}`, `${SITE}/ours/${name}`);
mkdirSync(`${SITE}/corpus/${dirname(ROOT)}`, { recursive: true });
copyFileSync(`${CORPUS}/${ROOT}`, `${SITE}/corpus/${ROOT}`);
const stage = await Stage.open(`${CORPUS}/${ROOT}`, { resolver: new FileResolver() });
const prims = Array.from(stage.traverse(), ({ path }) => path);
writeFileSync(`${SITE}/pages/start.json`, JSON.stringify({ root: ROOT, prims }));
console.log(`${SITE}: ${prims.length} prims`);
